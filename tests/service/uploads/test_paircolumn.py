"""Both coordinates in one cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.uploads.paircolumn import parted
from service.uploads.table import object_array
from tests.service.uploads.bench_folder import ANY, about, codes, diagnosed, written
from tests.service.uploads.test_axes import read


@pytest.mark.parametrize(
    "cell", ["113.24,23.12", "113.24，23.12", "(113.24 23.12)", "23.12, 113.24"]
)
def test_a_pair_in_one_cell_is_a_position(tmp_path: Path, cell: str) -> None:
    found, points = read(tmp_path, f'名称,坐标\n甲,"{cell}"\n')
    assert found == {"pair_parted", "crs_inferred"}
    assert points[0] == pytest.approx((113.24, 23.12))


@pytest.mark.parametrize(
    "cells", [["2024,2025"], ["113.24,23.12", "see note"], ["1.5,2.5"], [None]]
)
def test_what_is_no_position_stays_one_column(cells: list[str | None]) -> None:
    assert parted({"坐标": object_array(cells)}) is None


def test_a_shifted_system_that_the_name_says_is_not_lost() -> None:
    found = parted({"高德坐标": object_array(["113.24,23.12"])})
    assert found is not None and list(found[0]) == ["高德经度", "高德纬度"]


KML = """<?xml version="1.0" encoding="UTF-8"?>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>{app}</name><Placemark>
<name>甲</name><Point><coordinates>113.24,23.12</coordinates></Point></Placemark>
</Document></kml>"""


@pytest.mark.parametrize(
    ("name", "app", "told"),
    [
        ("a.kml", "我的地块", False),
        ("a.kml", "高德地图收藏", True),
        ("a.ovkml", "a", True),
    ],
)
def test_kml_of_a_map_app_is_read_as_it_stands_and_suspected(
    tmp_path: Path, name: str, app: str, told: bool
) -> None:
    path = written(tmp_path, name, KML.format(app=app))
    upload = diagnosed(tmp_path, [path], layer=ANY)
    assert ("map_app_positions" in codes(upload)) is told
    assert about(upload)["feature_count"] == 1
