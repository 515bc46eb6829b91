"""Path data says what the geometry is, in hundredths of a millimetre."""

from __future__ import annotations

import re

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import parse_crs
from service.maps.page import Rect
from service.maps.paths import area_outline, disc_text, line_outline, path_text
from service.maps.view import View

VIEW = View(parse_crs("EPSG:4547"), Rect(0, 0, 100, 100), (50.0, 50.0), 1000.0)


def polygons(path: str) -> list[shapely.Polygon]:
    """The closed rings of a path, in millimetres."""
    rings = []
    for ring in path.split("M")[1:]:
        numbers = np.array(re.findall(r"-?\d+", ring), dtype=float).reshape(-1, 2)
        rings.append(shapely.Polygon(np.cumsum(numbers, axis=0) / 100))
    return rings


def area_path(geoms: NDArray[np.object_]) -> str:
    return path_text(area_outline(geoms, VIEW))


def line_path(geoms: NDArray[np.object_]) -> str:
    return path_text(line_outline(geoms, VIEW))


def test_a_square_keeps_its_area() -> None:
    path = area_path(np.array([shapely.box(10, 10, 40, 30)]))
    assert polygons(path)[0].area == 600.0


def test_shells_and_holes_turn_opposite_ways() -> None:
    shell, hole = shapely.box(0, 0, 9, 9).exterior, shapely.box(3, 3, 6, 6).exterior
    same_way = shapely.Polygon(shell.coords, [hole.coords])
    rings = polygons(area_path(np.array([same_way])))
    assert rings[0].exterior.is_ccw != rings[1].exterior.is_ccw


def test_a_shape_smaller_than_a_hair_leaves_a_dot() -> None:
    path = area_path(np.array([shapely.box(5, 5, 5.001, 5.001)]))
    assert re.fullmatch(r"M500 9500 l1 0z", path)


def test_nothing_gives_an_empty_path() -> None:
    assert area_path(np.array([None, shapely.Point(1, 1)])) == ""


def test_parts_of_collections_are_drawn_too() -> None:
    line = shapely.LineString([(0, 0), (10, 0)])
    mixed = shapely.GeometryCollection([shapely.Point(1, 1), line])
    assert line_path(np.array([mixed])) == "M0 10000 l1000 0"


def test_steps_of_nothing_are_left_out() -> None:
    line = shapely.LineString([(0, 0), (0.001, 0), (0.002, 0), (10, 0)])
    assert line_path(np.array([line])) == "M0 10000 l1000 0"


def test_a_disc_is_two_half_circles() -> None:
    assert disc_text(np.array([[1.0, 2.0]]), 0.5).startswith(
        "M50 200a50 50 0 1 0 100 0"
    )
