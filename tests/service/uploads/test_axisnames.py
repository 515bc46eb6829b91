"""Names of coordinate columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.uploads.axisnames import axis_of
from tests.service.uploads.bench_folder import ANY, about, diagnosed, written


@pytest.mark.parametrize(
    ("name", "axis"),
    [("纵坐标X(m)", "north"), ("横坐标（Y）", "east"), ("X坐标（米）", "x"),
     ("界址点Y坐标", "y"), ("大地经度", "lon"), ("纬度(度分秒)", "lat"), ("L", "l"),
     ("CGCS2000_X", "x"), ("东坐标", "east"), ("POINT_Y", "y"), ("经度L", "lon")],
)  # fmt: skip
def test_a_column_is_known_by_what_surveyors_call_it(name: str, axis: str) -> None:
    assert axis_of(name) == axis


@pytest.mark.parametrize("name", ["东", "北", "东至", "长度", "经办人", "名称", "编号"])
def test_a_side_or_a_word_is_no_coordinate(name: str) -> None:
    assert axis_of(name) is None


def test_l_and_b_are_longitude_and_latitude_in_degrees_of_china(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "编号,B,L\n1,23.12,113.23\n")
    assert about(diagnosed(tmp_path, [path], ANY))["crs"] == "OGC:CRS84"


def test_l_and_b_are_sizes_otherwise(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "编号,B,L\n1,230,40\n")
    assert about(diagnosed(tmp_path, [path], ANY))["located_count"] == 0
