"""What the header of a boundary point file says, against what its numbers say."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.frame import FloatArray
from service.uploads.boundary_crs import crs_of
from tests.service.uploads.bench_folder import CATALOGUE, codes, diagnosed, written
from tests.service.uploads.test_boundary_points import (
    HEADER,
    OUTER,
    PARCEL,
    closed,
    lines,
)

GRID = {"坐标系": "2000国家大地坐标系", "几度分带": "3", "带号": "38"}
BARE = np.array(OUTER)


def prefixed(zone: int) -> FloatArray:
    return BARE + np.array([0, zone * 1e6])


@pytest.mark.parametrize(
    ("header", "zone", "crs", "doubts"),
    [
        (GRID, 38, "EPSG:4526", []),
        (GRID, 0, "EPSG:4547", ["missing_zone_prefix"]),
        ({**GRID, "带号": "37"}, 38, "EPSG:4526", ["zone_differs"]),
        (GRID, 19, "EPSG:4497", ["zone_differs"]),
        ({**GRID, "几度分带": "6", "带号": "19"}, 19, "EPSG:4497", []),
        ({**GRID, "带号": "114"}, 0, "EPSG:4547", ["missing_zone_prefix"]),
        (
            {"坐标系": "CGCS2000", "中央子午线": "114°E"},
            0,
            "EPSG:4547",
            ["missing_zone_prefix"],
        ),
        ({"坐标系": "广州2000坐标系"}, 38, None, ["header_crs_unread"]),
        ({"坐标系": "WGS84"}, 38, None, ["header_crs_unread"]),
        ({}, 38, None, []),
    ],
)
def test_header_and_numbers_together_name_the_grid(
    header: dict[str, str], zone: int, crs: str | None, doubts: list[str]
) -> None:
    found, problems = crs_of(header, prefixed(zone))
    assert (found, [p.code for p in problems]) == (crs, doubts)


def test_degrees_are_no_grid() -> None:
    degrees = np.array([[23.1259, 113.2442], [23.1277, 113.2442]])
    assert crs_of({**GRID, "计量单位": "度"}, degrees)[0] == "EPSG:4490"
    assert crs_of(GRID, degrees)[0] is None


def test_degrees_minutes_and_seconds_are_read(tmp_path: Path) -> None:
    points = [("23°07′33.24″", "113°14′39.12″"), ("23°07′39.64″", "113°14′39.08″"),
              ("23°07′39.64″", "113°14′46.00″")]  # fmt: skip
    rows = "".join(f"J{i},1,{n},{e}\n" for i, (n, e) in enumerate(points, start=1))
    path = written(tmp_path, "a.txt", HEADER + PARCEL + rows)
    upload = diagnosed(tmp_path, [path], CATALOGUE.get("parcels"))
    assert upload.read_frame().geometry[0].bounds[0] == pytest.approx(
        113.24419, abs=1e-5
    )


def test_zones_that_differ_within_a_file_stand_in_the_way(tmp_path: Path) -> None:
    other = PARCEL.replace("001", "002") + lines(closed(OUTER), 1, prefix=37e6)
    text = HEADER + PARCEL + lines(closed(OUTER), 1) + other
    assert "mixed_zones" in codes(
        diagnosed(tmp_path, [written(tmp_path, "a.txt", text)])
    )


def test_a_point_at_nought_is_named(tmp_path: Path) -> None:
    text = HEADER + PARCEL + lines(OUTER, 1) + "J5,1,0,0\n"
    path = written(tmp_path, "a.txt", text)
    upload = diagnosed(tmp_path, [path], CATALOGUE.get("parcels"))
    (found,) = (
        p
        for p in upload.read_json("problems.json")
        if p["code"] == "invalid_coordinate"
    )
    assert "（0, 0）" in found["message_zh"]


def test_an_area_in_another_unit_is_explained(tmp_path: Path) -> None:
    text = HEADER + PARCEL.replace("3.7466", "57.99") + lines(closed(OUTER), 1)
    path = written(tmp_path, "a.txt", text)
    upload = diagnosed(tmp_path, [path], CATALOGUE.get("parcels"))
    told = [p["message_zh"] for p in upload.read_json("problems.json")]
    assert any("若单位是亩" in message for message in told)


def test_eastings_with_and_without_a_zone_are_never_read_in_between() -> None:
    mixed = np.array([[2558680.9, 38422583.9]] * 4 + [[2558680.9, 422583.9]] * 4)
    header = {"坐标系": "2000国家大地坐标系", "几度分带": "3", "带号": "38"}
    assert crs_of(header, mixed) == ("EPSG:4526", [])
    crs, told = crs_of(header, mixed[3:])
    assert (crs, [p.code for p in told]) == ("EPSG:4547", ["missing_zone_prefix"])
