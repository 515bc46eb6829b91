"""Batch files: read whole before anything is written, and repeatable."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.atlas import Atlas
from service.errors import BadRequest
from service.maps.exporting import Exporter, read_batch
from service.maps.rendering import Maps

REPORT = """
defaults: {width: 400, height: 300, lang: zh}
exhibits:
  - file: 图1-组团.png
    collections: [district, functional-groups]
    title: 功能组团
  - file: 图2-旧村.svg
    collections: old-villages
    legend: false
  - file: 园区.pdf
    dossiers: industrial-parks
    width: 400
"""
GOOD = REPORT.replace("    width: 400\n", "").replace(
    "{width: 400, height: 300, lang: zh}", "{lang: zh}"
)


@pytest.fixture(scope="module")
def exporter(atlas: Atlas) -> Exporter:
    maps = Maps(atlas.store, atlas.snapshots, atlas.catalogue)
    return Exporter(maps, list(atlas.catalogue))


def test_a_report_is_made_in_one_go_and_the_same_twice(
    exporter: Exporter, tmp_path: Path
) -> None:
    first = exporter.batch(GOOD, tmp_path / "a")
    again = exporter.batch(GOOD, tmp_path / "b")
    assert [path.name for path in first] == ["图1-组团.png", "图2-旧村.svg", "园区.pdf"]
    assert [p.read_bytes() for p in first] == [p.read_bytes() for p in again]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "exhibits: []",
        "exhibits: [1]",
        "exhibits: [{file: ../a.png, collections: district}]",
        "exhibits: [{file: a.docx, collections: district}]",
        "exhibits: [{file: a.png, colour: red}]",
        "exhibits: [{file: a.png}, {file: a.png}]",
        "exhibits: [: :",
        "exhibits: [!!python/object/apply:os.system [id]]",
        REPORT,
    ],
)
def test_a_bad_batch_file_is_refused_before_anything_is_written(text: str) -> None:
    with pytest.raises(BadRequest):
        read_batch(text)


def test_progress_is_told_by_file(exporter: Exporter, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    text = "exhibits: [{file: a.png, collections: district, width: 200, height: 150}]"
    exporter.batch(text, tmp_path, lambda *news: told.append(news))
    assert told == [("a.png", 1, 1)]


def test_what_defaults_say_of_maps_leaves_books_alone() -> None:
    text = """
    defaults: {scale: 40000, classification: 内部资料}
    exhibits:
      - {file: a.png, collections: district}
      - {file: b.docx, dossiers: old-villages}
    """
    drawn, book = read_batch(text)
    assert drawn.given["scale"] == "40000"
    assert dict(book.given) == {"classification": "内部资料"}
