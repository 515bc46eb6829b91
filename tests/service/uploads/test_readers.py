"""Readers and mapping, one behaviour at a time, without a service around them."""

from __future__ import annotations

import struct
from datetime import date
from pathlib import Path
from typing import Any

import ezdxf
import numpy as np
import openpyxl
import pytest
import xlsxwriter

from service.errors import TooLarge, Unprocessable, UnsupportedMedia
from service.uploads.drivers import pyogrio
from service.uploads.encoding import codec_name, decode, detect
from service.uploads.mapping import map_columns
from service.uploads.table import SourceTable, object_array
from tests.service.uploads.bench_folder import (
    CATALOGUE,
    about,
    codes,
    diagnosed,
    written,
)
from tests.service.uploads.files import feature, geojson, square, zipped

PARCELS = CATALOGUE.get("parcels")
WKT = "POLYGON((113.235 23.09,113.236 23.09,113.236 23.091,113.235 23.09))"
E, N = 38_422_583.0, 2_558_680.0


# -- encodings -----------------------------------------------------------------
@pytest.mark.parametrize(
    ("label", "name"),
    [("GBK", "gb18030"), ("ANSI 936", "gb18030"), ("UTF-8", "utf-8"),
     ("936", "gb18030"), ("Big-5", "big5"), ("1252", "cp1252"),
     ("88591", "iso8859-1"), ("nonsense", None), ("x\0y", None)],
)  # fmt: skip
def test_encoding_labels_are_understood(label: str, name: str | None) -> None:
    assert codec_name(label) == name


def test_a_cpg_that_lies_is_not_believed() -> None:
    encoding = detect(["规划用地".encode("gbk")], cpg="UTF-8")
    assert (encoding.name, encoding.source) == ("gb18030", "detected")


def test_a_guess_shows_both_readings() -> None:
    previews = detect(["规划用地".encode("gbk")]).previews
    assert previews["gb18030"] == ["规划用地"]
    assert previews["utf-8"] != ["规划用地"]


def test_a_character_cut_off_by_a_fixed_width_is_dropped() -> None:
    assert decode("规划用地".encode()[:-1], "utf-8") == ("规划用", True)


# -- mapping -------------------------------------------------------------------
def mapped(columns: dict[str, list[Any]], **requested: Any) -> Any:
    arrays = {name: object_array(values) for name, values in columns.items()}
    count = len(next(iter(columns.values())))
    nowhere = np.full(count, None, dtype=object)
    return map_columns(SourceTable("csv", "a", nowhere, arrays), PARCELS, requested)


@pytest.mark.parametrize(
    "name", ["YDDM", "DLBM", "用地代码", "landuse_code", "地类编码"]
)
def test_the_land_use_code_is_found_by_any_name(name: str) -> None:
    assert mapped({name: ["0701"]}).columns["landuse_code"].tolist() == ["0701"]


@pytest.mark.parametrize(
    ("name", "field"),
    [("DKMC", "name_zh"), ("XMMC", "name_zh"), ("DKBM", "parcel_code"),
     ("TBBH", "parcel_code"), ("ZDDM", "parcel_code"), ("YDDM", "landuse_code"),
     ("DLMC", "landuse_name"), ("YDYHFLMC", "landuse_name"), ("QSDWMC", "owner_unit"),
     ("ZLDWMC", "location"), ("TBMJ", "area_declared_m2"),
     ("用地面积（㎡）", "area_declared_m2")],
)  # fmt: skip
def test_names_of_the_national_standards_are_known(name: str, field: str) -> None:
    assert mapped({name: ["1"]}).sources == {field: name}


@pytest.mark.parametrize("name", ["QSDWDM", "QLRMC", "用地面积（亩）", "XZQMC"])
def test_what_is_another_thing_is_not_mapped(name: str) -> None:
    assert mapped({name: ["1"]}).sources == {}


def test_unmapped_columns_are_kept() -> None:
    assert mapped({"容积率": [2.5]}).columns["容积率"].tolist() == [2.5]


def test_a_mapping_is_understood_either_way_round() -> None:
    for requested in ({"name_zh": "甲"}, {"甲": "name_zh"}):
        assert mapped({"甲": ["乙"]}, **requested).sources == {"name_zh": "甲"}


def test_a_value_of_the_wrong_type_is_told_with_its_row() -> None:
    (problem,) = mapped({"申报面积": ["100", "约一百"]}).problems
    assert (problem.code, problem.row) == ("malformed_value", 1)


@pytest.mark.parametrize("text", ["2024-05-06", "2024/5/6", "20240506", "2024年5月6日"])
def test_dates_are_read_in_every_writing(text: str) -> None:
    assert mapped({"生效日期": [text]}).columns["valid_from"].tolist() == ["2024-05-06"]


def test_computed_measures_of_a_file_are_not_believed() -> None:
    result = mapped({"area_m2": [1.0]})
    assert "area_m2" not in result.columns
    assert [p.code for p in result.problems] == ["computed_field_ignored"]


# -- tables --------------------------------------------------------------------
def test_csv_codes_keep_their_zeros(tmp_path: Path) -> None:
    text = f'id,用地代码,wkt\nA,0701,"{WKT}"\n'
    upload = diagnosed(tmp_path, [written(tmp_path, "a.csv", text.encode("gbk"))])
    assert upload.read_frame().columns["landuse_code"].tolist() == ["0701"]
    assert upload.read_frame().columns["landuse_scheme"].tolist() == ["mnr2023"]


def test_a_lost_zero_is_proposed_not_put(tmp_path: Path) -> None:
    text = f'id;用地代码;wkt\nA;701;"{WKT}"\n'
    upload = diagnosed(tmp_path, [written(tmp_path, "a.csv", text)])
    (found,) = [
        p for p in upload.read_json("problems.json") if p["code"] == "unknown_code"
    ]
    assert "0701" in found["message_zh"]
    assert upload.read_frame().columns["landuse_code"].tolist() == ["701"]


def test_a_workbook_is_read_and_its_sheets_are_asked_for(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for sheet in (book.active, book.create_sheet("第二页")):
        sheet.append(["id", "经度", "纬度"])
        sheet.append(["A", 113.235, 23.09])
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert "several_layers" in codes(diagnosed(tmp_path, [path]))
    (tmp_path / "b").mkdir()
    upload = diagnosed(tmp_path / "b", [path], source_layer="第二页")
    assert upload.read_frame().ids.tolist() == ["A"]


def test_a_table_without_geometry_updates_attributes(tmp_path: Path) -> None:
    upload = diagnosed(tmp_path, [written(tmp_path, "a.csv", "id,名称\nA,甲\n")])
    assert codes(upload) == {"no_geometry"}


# -- drawings ------------------------------------------------------------------
@pytest.mark.parametrize(
    ("version", "encoding"), [("R2010", "utf-8"), ("R2000", "gbk")]
)
def test_a_drawing_gives_parcels_with_the_texts_inside(
    tmp_path: Path, version: str, encoding: str
) -> None:
    drawing = ezdxf.new(version)
    drawing.encoding = encoding
    space = drawing.modelspace()
    corners = [(E, N), (E + 200, N), (E + 200, N + 200), (E, N + 200)]
    space.add_lwpolyline(corners, close=True, dxfattribs={"layer": "地块"})
    space.add_circle((E + 500, N), 30, dxfattribs={"layer": "地块"})
    space.add_text("甲-01").set_placement((E + 100, N + 100))
    space.add_line((E, N), (E + 900, N))
    path = tmp_path / "a.dxf"
    drawing.saveas(path)
    upload = diagnosed(tmp_path, [path], PARCELS)
    assert upload.read_frame().columns["注记"].tolist() == ["甲-01", None]
    assert about(upload)["crs"] == "EPSG:4526"
    assert "ignored_entities" in codes(upload)


# -- hostile -------------------------------------------------------------------
ENTITY = '<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("name", ["a.kml", "a.gml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_reaches_out_is_refused(
    tmp_path: Path, name: str, encoding: str
) -> None:
    content = f"{ENTITY}<kml>&x;</kml>".encode(encoding)
    with pytest.raises(Unprocessable):
        diagnosed(tmp_path, [written(tmp_path, name, content)])


def test_a_kmz_is_unpacked_as_carefully_as_a_zip(tmp_path: Path) -> None:
    path = written(tmp_path, "a.kmz", zipped({"../doc.kml": b"<kml/>"}))
    with pytest.raises(Unprocessable, match="outside"):
        diagnosed(tmp_path, [path])


def test_a_dwg_is_explained(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedMedia, match="DXF"):
        diagnosed(tmp_path, [written(tmp_path, "a.dwg", b"AC1032")])


def test_too_many_vertices_are_refused(
    tmp_path: Path,
) -> None:
    content = geojson(feature(square(113.2, 23.1)))
    path = written(tmp_path, "a.geojson", content)
    with pytest.raises(TooLarge):
        diagnosed(tmp_path, [path], limits={"vertices": 4})


@pytest.mark.parametrize("suffix", ["geojson", "csv", "gpkg"])
def test_open_rings_are_closed_and_told_by_their_number_and_place(
    tmp_path: Path, suffix: str
) -> None:
    upload = diagnosed(tmp_path, [open_ring(tmp_path, suffix)])
    assert codes(upload) >= {"unclosed_ring"}
    (found,) = (
        p for p in upload.read_json("problems.json") if p["code"] == "unclosed_ring"
    )
    assert (found["severity"], found["place"]) == ("warning", [113.236, 23.091])
    assert "2" in found["message"] and upload.read_frame().geometry[0].is_valid


def open_ring(folder: Path, suffix: str) -> Path:
    """A square whose hole ends before it comes back."""
    shape = square(113.235, 23.09, 0.004)
    hole = [[113.236, 23.091], [113.236, 23.092], [113.237, 23.092]]
    shape["coordinates"].append(hole)
    rings = shape["coordinates"]
    if suffix == "geojson":
        return written(folder, "a.geojson", geojson(feature(shape)))
    if suffix == "csv":
        texts = [", ".join(f"{x} {y}" for x, y in ring) for ring in rings]
        wkt = "), (".join(texts)
        return written(folder, "a.csv", f'wkt,name\n"POLYGON (({wkt}))",a\n')
    wkb = struct.pack("<BII", 1, 3, 2) + b"".join(
        struct.pack("<I", len(ring)) + np.array(ring).tobytes() for ring in rings
    )
    path = folder / "a.gpkg"
    pyogrio.raw.write(
        path,
        np.array([wkb], dtype=object),
        [np.array(["a"], dtype=object)],
        ["name"],
        geometry_type="Polygon",
        crs="EPSG:4326",
        driver="GPKG",
    )
    return path


def test_a_ring_of_two_points_is_told_with_its_place(tmp_path: Path) -> None:
    shape = {"type": "Polygon", "coordinates": [[[113.235, 23.09], [113.236, 23.09]]]}
    content = geojson(feature(shape, id="A"))
    upload = diagnosed(tmp_path, [written(tmp_path, "a.geojson", content)])
    errors = [
        p for p in upload.read_json("problems.json") if p["code"] == "invalid_geometry"
    ]
    assert [p["place"] for p in errors] == [[113.235, 23.09]]
    assert "Too few points" in errors[0]["message"]


def test_coordinates_beyond_all_measure_are_told(tmp_path: Path) -> None:
    content = geojson(feature(square(1e300, 1e300), id="A"))
    upload = diagnosed(tmp_path, [written(tmp_path, "a.geojson", content)])
    assert upload.read_json("diagnosis.json")["errors"]


def test_duplicate_ids_are_told_each(tmp_path: Path) -> None:
    content = geojson(*(feature(square(113.2, 23.1), id="A") for _ in range(2)))
    upload = diagnosed(tmp_path, [written(tmp_path, "a.geojson", content)])
    assert {"duplicate_id", "duplicate_geometry"} <= codes(upload)


def test_a_point_is_no_parcel(tmp_path: Path) -> None:
    point = {"type": "Point", "coordinates": [113.2, 23.1]}
    path = written(tmp_path, "a.geojson", geojson(feature(point, id="A")))
    assert "wrong_geometry_type" in codes(diagnosed(tmp_path, [path], PARCELS))


def test_a_sheet_with_one_cell_at_the_end_of_the_world_is_refused(
    tmp_path: Path,
) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet().write(1_048_575, 16_383, 1)
    with pytest.raises(TooLarge, match="row 1,048,576 and column 16,384"):
        diagnosed(tmp_path, [tmp_path / "a.xlsx"])


def test_codes_that_a_workbook_holds_as_numbers_stay_whole(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "lon", "lat", "空", "日期"])
        sheet.write_row(1, 0, [701, 113.235, 23.09, None, date(2026, 11, 22)])
    upload = diagnosed(tmp_path, [tmp_path / "a.xlsx"])
    frame = upload.read_frame()
    assert (frame.ids[0], frame.columns["空"][0]) == ("701", None)


def test_a_workbook_of_several_sheets_asks_which(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        for name in ("甲", "乙"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["id"])
            sheet.write_row(1, 0, [name])
        book.add_worksheet("空")
    assert codes(diagnosed(tmp_path, [tmp_path / "a.xlsx"])) == {"several_layers"}
