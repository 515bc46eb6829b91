"""Spreadsheets with a row for each boundary point."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import shapely

from service.uploads.staging import Folder
from tests.service.uploads.bench_folder import (
    CATALOGUE,
    about,
    codes,
    diagnosed,
    written,
)
from tests.service.uploads.test_headings import workbook

PARCELS = CATALOGUE.get("parcels")
NORTH, EAST = 2_558_680.0, 38_422_583.0
HEADING = ["地块编号", "点号", "X", "Y"]


def square(north: float, size: float = 100.0) -> list[tuple[float, float]]:
    """North, east of four corners."""
    top, right = north + size, EAST + size
    return [(north, EAST), (north, right), (top, right), (top, EAST)]


def rows(code: Any, points: list[tuple[float, float]]) -> list[list[Any]]:
    return [[code, f"J{n}", *point] for n, point in enumerate(points, start=1)]


def read(folder: Path, *lines: list[Any], merged: str = "") -> Folder:
    path = written(folder, "a.xlsx", workbook(*lines, merged=merged))
    return diagnosed(folder, [path], PARCELS)


def areas(upload: Folder) -> list[int]:
    """In the file's own square metres, nearly."""
    shapes = upload.read_frame().geometry
    return [round(area / 8.81e-11 / 1000) for area in shapely.area(shapes)]


def test_points_of_parcels_become_parcels_and_are_told(tmp_path: Path) -> None:
    lines = [*rows("A", square(NORTH)), *rows("B", square(NORTH - 200))]
    upload = read(tmp_path, HEADING, *lines)
    assert codes(upload) == {"points_joined", "crs_inferred", "north_in_x"}
    assert about(upload)["crs"] == "EPSG:4526"
    assert upload.read_frame().columns["parcel_code"].tolist() == ["A", "B"]
    assert areas(upload) == [10, 10]


def test_a_number_in_merged_cells_is_that_of_all_its_points(tmp_path: Path) -> None:
    first, *others = rows("A", square(NORTH))
    lines = [first, *([None, *row[1:]] for row in others)]
    upload = read(tmp_path, HEADING, *lines, merged="A2:A5")
    assert upload.read_frame().columns["parcel_code"].tolist() == ["A"]


def test_a_blank_number_repeats_the_one_above(tmp_path: Path) -> None:
    lines = [*rows("A", square(NORTH)), *rows("B", square(NORTH - 200))]
    blank = [[row[0] if row[1] == "J1" else None, *row[1:]] for row in lines]
    upload = read(tmp_path, HEADING, *blank)
    assert areas(upload) == [10, 10]


def test_a_ring_after_a_closed_one_is_a_hole(tmp_path: Path) -> None:
    outer, inner = square(NORTH), square(NORTH + 10, 50)
    lines = [*rows("A", [*outer, outer[0]]), *rows("A", [*inner, inner[0]])]
    assert areas(read(tmp_path, HEADING, *lines)) == [8]


def test_numbers_that_begin_again_begin_another_parcel(tmp_path: Path) -> None:
    lines = [*rows(None, square(NORTH)), *rows(None, square(NORTH - 200))]
    upload = read(tmp_path, HEADING[1:], *(row[1:] for row in lines))
    assert areas(upload) == [10, 10]


def test_a_hole_finds_its_parcel_without_a_number(tmp_path: Path) -> None:
    rings = square(NORTH), square(NORTH - 200), square(NORTH + 10, 50)
    lines = [row for ring in rings for row in rows(None, [*ring, ring[0]])]
    upload = read(tmp_path, HEADING[1:], *(row[1:] for row in lines))
    assert areas(upload) == [8, 10]


def test_a_table_for_each_parcel_in_one_sheet(tmp_path: Path) -> None:
    one, two = rows("", square(NORTH)), rows("", square(NORTH - 200))
    upload = read(
        tmp_path,
        ["地块编号：A"],
        HEADING[1:],
        *(row[1:] for row in one),
        ["地块编号：B"],
        HEADING[1:],
        *(row[1:] for row in two),
    )
    assert upload.read_frame().columns["parcel_code"].tolist() == ["A", "B"]
    assert areas(upload) == [10, 10]


def test_points_without_place_and_parcels_without_points_are_errors(
    tmp_path: Path,
) -> None:
    lines = [*rows("A", square(NORTH)), ["A", "J5", None, None]]
    lines += rows("B", square(NORTH - 200)[:2])
    upload = read(tmp_path, HEADING, *lines)
    assert {"point_without_place", "too_few_points"} <= codes(upload)


def test_what_is_said_of_parcels_is_kept_and_of_points_is_not(tmp_path: Path) -> None:
    lines = [[*row, "商业", 100.0] for row in rows("A", square(NORTH))]
    upload = read(tmp_path, [*HEADING, "用途", "边长"], *lines)
    columns = upload.read_frame().columns
    assert columns["用途"].tolist() == ["商业"]
    assert "边长" not in columns and "点号" not in columns


def test_points_stay_points_where_the_layer_takes_points(tmp_path: Path) -> None:
    path = written(tmp_path, "a.xlsx", workbook(HEADING, *rows("A", square(NORTH))))
    upload = diagnosed(tmp_path, [path], CATALOGUE.get("metro-stations"))
    assert about(upload)["feature_count"] == 4
