"""Rings that run the wrong way, and numbers beyond all reason."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from service.errors import TooLarge
from service.uploads.directions import directed
from service.uploads.limits import Limits
from service.uploads.table import object_array
from tests.service.uploads.bench_folder import codes, diagnosed, written
from tests.service.uploads.files import feature, geojson, square

OUTER = [(0, 0), (4, 0), (4, 4), (0, 4)]
HOLE = [(1, 1), (2, 1), (2, 2), (1, 2)]


def test_a_hole_that_runs_like_its_shell_is_turned_and_named() -> None:
    shape = shapely.Polygon(OUTER, [HOLE])
    result, (problem,) = directed(object_array([shape]), "dxf", lambda row: "P-1")
    assert result[0].interiors[0].is_ccw is False and result[0].equals(shape)
    assert problem.values == {"count": 1, "names": "P-1"}


def test_a_clockwise_shell_is_wrong_in_geojson_only() -> None:
    shapes = object_array([shapely.Polygon(OUTER[::-1]), None])
    assert directed(shapes, "shapefile", str) == (shapes, [])
    assert directed(shapes, "geojson", str)[0][0].exterior.is_ccw


def test_a_turned_ring_is_told(tmp_path: Path) -> None:
    shape = square(113.235, 23.09)
    shape["coordinates"][0].reverse()
    path = written(tmp_path, "a.geojson", geojson(feature(shape, id="P-1")))
    assert "ring_direction" in codes(diagnosed(tmp_path, [path]))


def test_a_gigantic_coordinate_is_named(tmp_path: Path) -> None:
    broken = square(113.235, 23.09)
    broken["coordinates"][0][2][0] = 1e200
    sound = [feature(square(113.236, 23.09), id=str(n)) for n in range(3)]
    content = geojson(feature(broken, id="P-1"), *sound)
    upload = diagnosed(tmp_path, [written(tmp_path, "a.geojson", content)])
    (found,) = (
        p
        for p in upload.read_json("problems.json")
        if p["code"] == "invalid_coordinate"
    )
    assert "1e+200" in found["message"] and "1e+200" in found["message_zh"]


def test_too_many_vertices_are_refused_with_both_numbers() -> None:
    with pytest.raises(TooLarge, match=r"10,000,001 vertices.*10,000,000"):
        Limits().check(1, 10_000_001)
