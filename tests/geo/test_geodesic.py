"""Long edges follow their geodesics."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo.area import area_m2
from geo.geodesic import LONGEST_M, bent
from geo.surface import surface

GEOD = Geod(ellps="GRS80")
NEAR = (113.24, 23.1)


def one(shape: shapely.Geometry) -> np.ndarray:
    return np.array([shape], dtype=object)


def strip(length: float, angle: float, width: float, teeth: int) -> shapely.Polygon:
    """A thin strip with one straight bank, the other in many edges: what strays along
    one is not taken back along the other."""
    lon, lat = NEAR
    along = np.linspace(0, length, teeth)
    far = GEOD.fwd(
        np.full(teeth, lon), np.full(teeth, lat), np.full(teeth, angle), along
    )
    bank = np.column_stack(far[:2])
    side = GEOD.fwd(lon, lat, angle + 90, width)[:2]
    end = GEOD.fwd(*bank[-1], angle + 90, width)[:2]
    return shapely.Polygon([*bank.tolist(), end, side])


@settings(max_examples=40, deadline=None)
@given(
    st.floats(500, 20_000), st.floats(0, 180), st.floats(20, 500), st.integers(50, 200)
)
def test_thin_strips_have_the_area_of_their_geodesics(
    length: float, angle: float, width: float, teeth: int
) -> None:
    shape = strip(length, angle, width, teeth)
    expected = abs(GEOD.geometry_area_perimeter(shape)[0])
    assert area_m2(one(shape))[0] == pytest.approx(expected, rel=1e-7, abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(st.floats(500, 20_000), st.floats(0, 180))
def test_what_is_laid_has_the_stored_area(length: float, angle: float) -> None:
    shape = one(strip(length, angle, 100, 60))
    on = surface("ellipsoidal", NEAR)
    stored = area_m2(shape)[0]
    assert on.area(on.lay(shape))[0] == pytest.approx(stored, rel=1e-10, abs=1e-6)


def test_an_edge_has_the_same_points_from_either_end() -> None:
    line = shapely.LineString([(113.2, 23.1), (113.23, 23.12), (113.2, 23.14)])
    forth, back = bent(one(line))[0], bent(one(line.reverse()))[0]
    assert forth.reverse().equals(back)
    assert shapely.get_num_coordinates(forth) > 20


def test_short_edges_stay_as_they_are() -> None:
    short = one(shapely.box(113.2, 23.1, 113.202, 23.102))
    assert bent(short) is short
    assert LONGEST_M > 220


@pytest.mark.parametrize(
    "wkt",
    [
        "LINESTRING (113.2 23.1, 113.3 23.1)",
        "POLYGON ((113 23, 114 23, 114 24, 113 23), (113.5 23.2, 113.6 23.2, 113.6"
        " 23.3, 113.5 23.2))",
        "MULTIPOLYGON (((113 23, 114 23, 114 24, 113 23)), ((115 23, 116 23, 116 24,"
        " 115 23)))",
        "MULTILINESTRING ((113 23, 114 23), (113 24, 113.0001 24))",
        "GEOMETRYCOLLECTION (POINT (113 23), LINESTRING (113 23, 114 23))",
        "POINT (113 23)",
        "POLYGON EMPTY",
    ],
)
def test_shapes_keep_their_kind_parts_and_corners(wkt: str) -> None:
    shape = shapely.from_wkt(wkt)
    (found,) = bent(one(shape))
    assert found.geom_type == shape.geom_type
    assert shapely.get_num_geometries(found) == shapely.get_num_geometries(shape)
    corners = set(map(tuple, shapely.get_coordinates(shape).tolist()))
    assert corners <= set(map(tuple, shapely.get_coordinates(found).tolist()))


def test_missing_ones_stay_missing() -> None:
    shapes = np.array([None, shapely.box(113, 23, 114, 24)], dtype=object)
    assert bent(shapes)[0] is None


def test_what_has_very_many_long_edges_is_no_map() -> None:
    xy = np.random.default_rng(1).uniform(-60, 60, (400_000, 2))
    assert shapely.get_num_coordinates(bent(one(shapely.LineString(xy)))[0]) == 400_000
