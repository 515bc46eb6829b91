"""界址点 TXT in its dialects."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from geo.area import area_m2
from service.errors import Unprocessable
from service.uploads.boundary_points import read_boundary_points
from service.uploads.gauss_krueger import epsg_of
from service.uploads.table import ReadOptions, SourceTable
from tests.service.uploads.bench_folder import (
    CATALOGUE,
    about,
    codes,
    diagnosed,
    written,
)

HEADER = """[属性描述]
格式版本号=1.01
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=38
精度=0.001
转换参数=,,,,,,
[地块坐标]
"""
OUTER = [(2558680.91, 422583.954), (2558877.548, 422583.954),
         (2558877.548, 422780.592), (2558680.91, 422780.592)]  # fmt: skip
HOLE = [(2558750.0, 422650.0), (2558750.0, 422699.0), (2558799.0, 422699.0)]


def lines(points: list[tuple[float, float]], ring: int, prefix: float = 38e6) -> str:
    return "".join(f"J{i},{ring},{n:.3f},{e + prefix:.3f}\n" for i, (n, e) in
                   enumerate(points, start=1))  # fmt: skip


def closed(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    return [*points, points[0]]


PARCEL = "9,3.7466,LW-EX-001,示例产业园区,面,,工业用地,1001,@\n"
STANDARD = HEADER + PARCEL + lines(closed(OUTER), 1) + lines(closed(HOLE), 2)


def read(folder: Path, text: str, encoding: str = "gb18030") -> SourceTable:
    path = written(folder, "a.txt", text.encode(encoding))
    return read_boundary_points(path, ReadOptions())


def test_the_standard_form_is_read(tmp_path: Path) -> None:
    table = read(tmp_path, STANDARD)
    assert table.crs == "EPSG:4526"
    assert len(table.geometry[0].interiors) == 1
    assert table.columns["地块名称"][0] == "示例产业园区"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_every_encoding_gives_the_same_names(tmp_path: Path, encoding: str) -> None:
    assert read(tmp_path, STANDARD, encoding).columns["地块名称"][0] == "示例产业园区"


@pytest.mark.parametrize(
    "text",
    [
        STANDARD.replace("\n", "\r\n"),
        STANDARD.replace(",1,", ", 1 , "),
        STANDARD.replace("[", "［").replace("]", "］").replace("=", "＝"),
        STANDARD.replace("@", "＠"),
        STANDARD.replace(",@", ",TBLX,DL,,备注,@"),
        HEADER + PARCEL + lines(OUTER, 1) + lines(HOLE, 2),
        HEADER + PARCEL + lines(closed(OUTER), 1) + lines(closed(HOLE), 1),
        HEADER + PARCEL + lines(closed(HOLE), 2) + lines(closed(OUTER), 1),
    ],
    ids=["crlf", "spaces", "wide brackets", "wide mark", "long line", "unclosed",
         "one ring number", "hole first"],
)  # fmt: skip
def test_a_dialect_gives_the_same_shape(tmp_path: Path, text: str) -> None:
    standard = read(tmp_path, STANDARD).geometry[0]
    assert read(tmp_path, text).geometry[0].equals(standard)


def test_points_without_a_ring_number_are_one_ring(tmp_path: Path) -> None:
    text = STANDARD[: STANDARD.index("J1,2")].replace(",1,2", ",2")
    assert read(tmp_path, text).geometry[0].area == pytest.approx(38_666, rel=1e-4)


def test_without_the_zone_number_the_meridian_is_meant(tmp_path: Path) -> None:
    table = read(tmp_path, HEADER + PARCEL + lines(closed(OUTER), 1, prefix=0))
    assert table.crs == "EPSG:4547"
    assert [p.code for p in table.problems] == [
        "point_count_differs",
        "missing_zone_prefix",
    ]


def test_unclosed_rings_are_told(tmp_path: Path) -> None:
    table = read(tmp_path, HEADER + PARCEL + lines(OUTER, 1))
    assert "unclosed_ring" in {p.code for p in table.problems}


def test_two_rings_of_one_parcel_side_by_side_are_two_parts(tmp_path: Path) -> None:
    beside = [(north, east + 500) for north, east in OUTER]
    text = HEADER + PARCEL + lines(closed(OUTER), 1) + lines(closed(beside), 2)
    assert read(tmp_path, text).geometry[0].geom_type == "MultiPolygon"


def test_a_file_without_points_is_explained(tmp_path: Path) -> None:
    with pytest.raises(Unprocessable, match="no boundary points"):
        read(tmp_path, HEADER)


def test_two_points_make_no_parcel(tmp_path: Path) -> None:
    path = written(tmp_path, "a.txt", HEADER + PARCEL + lines(OUTER[:2], 1))
    upload = diagnosed(tmp_path, [path], CATALOGUE.get("parcels"))
    (found,) = (
        p for p in upload.read_json("problems.json") if p["severity"] == "error"
    )
    assert (found["code"], "Too few points" in found["message"]) == (
        "invalid_geometry",
        True,
    )
    assert found["place"] == pytest.approx([113.2442, 23.1259], abs=1e-3)


def test_the_surveyed_example_has_its_area(shared: Path, tmp_path: Path) -> None:
    name = "testdata/cn_txt/hangzhou_pengbu_BR14_cgcs2000_zone40_GBK_CRLF.txt"
    upload = diagnosed(tmp_path, [shared / name], CATALOGUE.get("parcels"))
    frame = upload.read_frame()
    assert about(upload)["crs"] == "EPSG:4528"
    assert area_m2(frame.geometry)[0] == pytest.approx(57_089.5, rel=2e-3)
    first = shapely.get_coordinates(frame.geometry[0])[0]
    assert first == pytest.approx((120.21816, 30.29820), abs=2e-5)
    assert frame.columns["area_declared_m2"][0] == 57_089


def test_exchanged_axes_stand_in_the_way(tmp_path: Path) -> None:
    swapped = [(east, north) for north, east in closed(OUTER)]
    rows = "".join(f"J{i},1,{a + 38e6},{b}\n" for i, (a, b) in enumerate(swapped))
    path = written(tmp_path, "a.txt", HEADER + PARCEL + rows)
    assert "swapped_axes" in codes(diagnosed(tmp_path, [path]))


def test_zones_are_those_of_the_registry() -> None:
    assert epsg_of("cgcs2000", 6, 19, prefixed=True) == 4497
    assert epsg_of("xian80", 3, 38, prefixed=False) == 2383
    assert epsg_of("beijing54", 3, 38, prefixed=False) == 2435
    assert epsg_of("cgcs2000", 3, 99, prefixed=True) is None
