"""Coordinates in two columns of a table."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from service.uploads.axes import value_of
from tests.service.uploads.bench_folder import ANY, about, codes, diagnosed, written


def read(folder: Path, text: str) -> tuple[set[str], list[tuple[float, float] | None]]:
    upload = diagnosed(folder, [written(folder, "a.csv", text)], ANY)
    points = upload.read_frame().geometry
    return codes(upload), [None if p is None else (p.x, p.y) for p in points]


@pytest.mark.parametrize(
    "heading",
    ["lon,lat", "LNG,LAT", "经度,纬度", "经度(°),纬度(°)", "东经,北纬",
     "Longitude,Latitude",
     "中心经度,中心纬度", "lng_wgs84,lat_wgs84"],
)  # fmt: skip
def test_degrees_are_known_by_many_names(tmp_path: Path, heading: str) -> None:
    found, points = read(tmp_path, f"id,{heading}\n1,113.24,23.12\n")
    assert (found, points) == (set(), [(113.24, 23.12)])


@pytest.mark.parametrize(
    "heading", ["东坐标,北坐标", "POINT_X,POINT_Y", "x_coord,y_coord", "坐标X,坐标Y"]
)
def test_grid_columns_are_known_by_many_names(tmp_path: Path, heading: str) -> None:
    found, points = read(tmp_path, f"id,{heading}\n1,422583.954,2558680.910\n")
    assert found == {"crs_inferred"}
    assert points[0] == pytest.approx((113.2442, 23.1259), abs=1e-6)


@pytest.mark.parametrize(
    ("text", "value"),
    [("113,24", 113.24), ("2,558,680.9", 2558680.9), ("422,583.9", 422583.9),
     ("113°14′24″", 113.24), (113.24, 113.24), ("１１３．２４", 113.24)],
)  # fmt: skip
def test_a_cell_is_read_as_it_can_only_be_meant(text: object, value: float) -> None:
    assert value_of(text) == pytest.approx(value)


@pytest.mark.parametrize("text", ["422,583", "abc", "nan", "inf", True, None, "1 2 3"])
def test_what_could_mean_two_things_is_no_coordinate(text: object) -> None:
    assert math.isnan(value_of(text))


def test_a_cell_that_is_no_coordinate_is_named(tmp_path: Path) -> None:
    found, points = read(tmp_path, "id,lon,lat\n1,113.24,23.12\n2,abc,23.1\n3,,\n")
    assert found == {"unread_coordinate", "null_geometry"}
    assert points == [(113.24, 23.12), None, None]


def test_latitudes_under_the_name_of_longitudes_stand_in_the_way(
    tmp_path: Path,
) -> None:
    found, _ = read(tmp_path, "id,lon,lat\n1,23.12,113.24\n")
    assert found == {"swapped_axes"}


def test_columns_named_after_a_web_maps_offset_stand_in_the_way(tmp_path: Path) -> None:
    found, _ = read(tmp_path, "id,gcj02_lng,gcj02_lat\n1,113.24,23.12\n")
    assert "named_offset" in found


def test_named_degrees_need_no_inference(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "id,lon,lat\n1,0,0\n2,113.24,23.12\n3,0,0\n")
    assert about(diagnosed(tmp_path, [path], ANY))["crs"] == "OGC:CRS84"


@pytest.mark.parametrize(
    "pair",
    ["E113-14-20.5,N23-07-30", "113:14:20.5,23:07:30", "113 14 20.5E,23 07 30N",
     "东经113.14.20.5,北纬23.07.30", "113˚14´20.5´´,23˚7´30´´",
     "１１３－１４－２０．５,２３－０７－３０", "113°14’20.5’’,23°07‘30”",
     "113—14—20.5,23—07—30"],
)  # fmt: skip
def test_an_angle_is_read_in_every_usual_writing(tmp_path: Path, pair: str) -> None:
    _, points = read(tmp_path, f"id,经度,纬度\n1,{pair}\n")
    assert points[0] == pytest.approx((113.2390278, 23.125), abs=1e-7)


def test_angles_packed_into_one_number_are_asked_about(tmp_path: Path) -> None:
    found, points = read(tmp_path, "id,经度,纬度\n1,1131420.5,230730.0\n")
    assert ("packed_degrees" in found, points) == (True, [None])
