"""Degrees, minutes and seconds in a column each."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.uploads.anglecolumns import joined
from service.uploads.table import Columns, object_array
from tests.service.uploads.bench_folder import ANY, codes, diagnosed, written
from tests.service.uploads.test_axes import read

ROW = "1,113,14,20.5,23,7,30"


@pytest.mark.parametrize(
    "heading",
    [
        "经度度,经度分,经度秒,纬度度,纬度分,纬度秒",
        "东经°,东经′,东经″,北纬°,北纬′,北纬″",
        "经度（度）,经度（分）,经度（秒）,纬度（度）,纬度（分）,纬度（秒）",
        "lon_deg,lon_min,lon_sec,lat_deg,lat_min,lat_sec",
        "LON_D,LON_M,LON_S,LAT_D,LAT_M,LAT_S",
        "L度,L分,L秒,B度,B分,B秒",
    ],
)
def test_they_are_read_as_one_angle(tmp_path: Path, heading: str) -> None:
    found, points = read(tmp_path, f"点号,{heading}\n{ROW}\n")
    assert found == set()
    assert points[0] == pytest.approx((113.2390278, 23.125), abs=1e-7)


def test_a_heading_of_two_rows_names_axis_and_part(tmp_path: Path) -> None:
    heading = "点号,经度,,,纬度,,\n,度,分,秒,度,分,秒\n"
    _, points = read(tmp_path, heading + ROW + "\n" + ROW.replace("1,", "2,", 1) + "\n")
    assert points[0] == pytest.approx((113.2390278, 23.125), abs=1e-7)


def test_minutes_beyond_sixty_are_named(tmp_path: Path) -> None:
    text = f"id,lon_deg,lon_min,lat_deg,lat_min\n{'1,113,74.5,23,7.5'}\n"
    upload = diagnosed(tmp_path, [written(tmp_path, "a.csv", text)], ANY)
    assert "unread_coordinate" in codes(upload)


@pytest.mark.parametrize(
    "names",
    [
        ("lon", "lon_min", "lon_max", "lat", "lat_min", "lat_max"),
        ("x(m)", "y(m)"),
        ("经度", "纬度"),
        ("经度分", "纬度分"),
        ("lon_deg", "lon_min", "lat"),
    ],
)
def test_other_columns_are_left_as_they_are(names: tuple[str, ...]) -> None:
    columns: Columns = {name: object_array(["1"]) for name in names}
    assert list(joined(columns)) == list(names)


def test_parts_that_a_workbook_keeps_as_numbers_are_joined_as_written() -> None:
    cells = (113, 14.0, 20.51234, "２３", None, None)
    names = ("lon_d", "lon_m", "lon_s", "lat_d", "lat_m", "lat_s")
    columns: Columns = {
        name: object_array([cell]) for name, cell in zip(names, cells, strict=True)
    }
    result = joined(columns)
    assert (result["lon"][0], result["lat"][0]) == ("113°14′20.51234″", "23")
