import numpy as np
import pytest
import shapely
from pyproj import Geod

from geo.length import geodesic_m, length_m, plane_length_m
from tests.geo.shapes import geoms, on_plane, square

GEOD = Geod(ellps="GRS80")
LINE = shapely.LineString([(0, 0), (300, 400), (300, 1400)])


def test_lengths_agree_with_the_geodesic_reference() -> None:
    line = on_plane(LINE)
    assert length_m(line)[0] == pytest.approx(GEOD.geometry_length(line[0]), abs=1e-9)


def test_plane_lengths_are_those_drawn() -> None:
    assert plane_length_m(on_plane(LINE))[0] == pytest.approx(1500, abs=1e-6)


def test_parts_add_up() -> None:
    both = shapely.MultiLineString([LINE, shapely.affinity.translate(LINE, 99, 0)])
    collection = shapely.GeometryCollection([both, square(10)])
    assert plane_length_m(on_plane(collection))[0] == pytest.approx(3000, abs=1e-6)


def test_a_perimeter_is_not_a_length() -> None:
    assert length_m(on_plane(square(100), shapely.Point(0, 0))).tolist() == [0, 0]


def test_missing_lines_are_not_a_number() -> None:
    assert np.isnan(length_m(geoms(None, shapely.LineString()))).tolist() == [
        True,
        False,
    ]


def test_no_positions_have_no_distances() -> None:
    assert len(geodesic_m(np.zeros((0, 2)), np.zeros((0, 2)))) == 0
