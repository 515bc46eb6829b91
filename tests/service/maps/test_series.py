"""Books of dossiers: a page per feature, and files that can be checked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from service.atlas import Atlas
from service.errors import BadRequest, Unprocessable
from service.maps.query import parse_map
from service.maps.rendering import Maps
from service.maps.series import parse_series
from service.maps.verifying import verify


@pytest.fixture(scope="module")
def maps(atlas: Atlas) -> Maps:
    return Maps(atlas.store, atlas.snapshots, atlas.catalogue)


@pytest.fixture(scope="module")
def villages(maps: Maps, atlas: Atlas) -> bytes:
    visible = list(atlas.catalogue)
    query = parse_series({}, "old-villages", maps.comparable(visible))
    return maps.series(maps.plan(query, visible, kind="series"))


def text_of(pdf: bytes, tmp_path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = tmp_path / "series.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return run.stdout.decode()


def test_every_village_has_a_page_after_the_index(
    villages: bytes, tmp_path: Path
) -> None:
    pages = text_of(villages, tmp_path).split("\f")[:-1]
    assert len(pages) == 21
    for word in ("概况", "面积", "出处", "依据与精度", "叠加", "周边"):
        assert all(word in page for page in pages[1:])


def test_a_page_tells_areas_on_both_bases_and_the_nearest_stations(
    villages: bytes, tmp_path: Path
) -> None:
    page = text_of(villages, tmp_path).split("\f")[1]
    assert "椭球" in page and "平面 4547" in page and "亩" in page
    assert "轨道站点 · 坦尾站" in page


def test_a_book_tells_how_far_it_is(maps: Maps, atlas: Atlas) -> None:
    visible = list(atlas.catalogue)
    query = parse_series({"lang": "en"}, "old-villages", maps.comparable(visible))
    told: list[tuple[int, int]] = []
    plan = maps.plan(query, visible, kind="series")
    maps.series(plan, lambda done, total: told.append((done, total)))
    assert told[-1] == (21, 21)


def test_a_book_is_verified_by_making_it_again(
    villages: bytes, maps: Maps, atlas: Atlas
) -> None:
    found = verify(villages, maps, list(atlas.catalogue))
    assert found.identical and found.current


@pytest.mark.parametrize("f", ["png", "svg", "pdf"])
def test_a_map_is_verified_by_drawing_it_again(
    f: str, maps: Maps, atlas: Atlas
) -> None:
    visible = list(atlas.catalogue)
    given = {"width": "400", "height": "300", "f": f, "title": "荔湾"}
    content = maps.draw(maps.plan(parse_map(given, ["district"]), visible))
    assert verify(content, maps, visible).identical


def test_a_file_changed_by_hand_is_not_identical(maps: Maps, atlas: Atlas) -> None:
    visible = list(atlas.catalogue)
    query = parse_map({"f": "svg", "title": "荔湾"}, ["district"])
    content = maps.draw(maps.plan(query, visible)).replace(b"6,280", b"6,290")
    assert not verify(content, maps, visible).identical


def test_a_foreign_file_cannot_be_verified(maps: Maps, atlas: Atlas) -> None:
    with pytest.raises(Unprocessable):
        verify(b"%PDF-1.7 someone else's", maps, list(atlas.catalogue))


def test_an_empty_layer_makes_no_book(maps: Maps, atlas: Atlas) -> None:
    visible = list(atlas.catalogue)
    query = parse_series({}, "parcels", ["metro-stations"])
    with pytest.raises(BadRequest):
        maps.series(maps.plan(query, visible, kind="series"))


def test_one_feature_has_a_page_of_its_own(
    maps: Maps, atlas: Atlas, tmp_path: Path
) -> None:
    visible = list(atlas.catalogue)
    given = {"id": "vil-01-xijiao", "lang": "zh"}
    query = parse_series(given, "old-villages", maps.comparable(visible))
    made = maps.series(maps.plan(query, visible, kind="series"))
    pages = text_of(made, tmp_path).split("\f")[:-1]
    assert len(pages) == 1
    assert "西郊村" in pages[0]


def test_a_filter_narrows_the_book_and_not_what_it_is_compared_with(
    maps: Maps, atlas: Atlas, tmp_path: Path
) -> None:
    visible = list(atlas.catalogue)
    given = {"filter": "name_zh = '西郊村'"}
    query = parse_series(given, "old-villages", maps.comparable(visible))
    made = maps.series(maps.plan(query, visible, kind="series"))
    pages = text_of(made, tmp_path).split("\f")[:-1]
    assert len(pages) == 2
    assert "大坦沙健康医疗组团" in pages[1]


def test_the_classification_stands_on_every_page(
    maps: Maps, atlas: Atlas, tmp_path: Path
) -> None:
    visible = list(atlas.catalogue)
    given = {"filter": "name_zh = '西郊村'", "classification": "内部资料"}
    query = parse_series(given, "old-villages", maps.comparable(visible))
    made = maps.series(maps.plan(query, visible, kind="series"))
    pages = text_of(made, tmp_path).split("\f")[:-1]
    assert [page.count("内部资料") for page in pages] == [1, 1]


def test_long_texts_go_on_to_a_page_of_their_own(
    maps: Maps, atlas: Atlas, tmp_path: Path
) -> None:
    visible = list(atlas.catalogue)
    query = parse_series({"lang": "en"}, "strategic-zones", maps.comparable(visible))
    book = maps.series(maps.plan(query, visible, kind="series"))
    pages = text_of(book, tmp_path).split("\f")[:-1]
    assert pages[0].split()[-1].endswith(f"/{len(pages)}")
    assert len(pages) > 4
    assert "(continued)" in pages[2]
    assert sum("Around (straight line)" in page for page in pages) == 3
    assert "dist-liwan" not in "".join(pages)  # called by its name
