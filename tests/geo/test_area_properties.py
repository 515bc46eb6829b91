"""What must hold of the area of any polygon, whatever its shape."""

from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from geo.area import area_m2
from tests.geo.shapes import geoms, on_plane

WITHIN = 1e-9  # relative


@st.composite
def stars(draw):
    """A star-shaped plane polygon around the origin: never self-crossing."""
    count = draw(st.integers(3, 24))
    spokes = st.lists(st.floats(0.3, 1), min_size=count, max_size=count)
    radii = np.array(draw(spokes)) * draw(st.floats(5, 3000))
    angles = np.linspace(0, 2 * np.pi, count, endpoint=False)
    return shapely.Polygon(np.c_[radii * np.cos(angles), radii * np.sin(angles)])


def _area(shape) -> float:
    return float(area_m2(geoms(shape))[0])


def _crs84(shape):
    return on_plane(shape)[0]


@given(stars(), st.integers(0, 23))
@settings(deadline=None)
def test_a_ring_may_start_anywhere(star, start: int) -> None:
    shape = _crs84(star)
    ring = shape.exterior.coords[:-1]
    start %= len(ring)
    rotated = shapely.Polygon(ring[start:] + ring[:start])
    assert _area(rotated) == pytest.approx(_area(shape), rel=WITHIN)


@given(stars())
@settings(deadline=None)
def test_a_ring_may_run_either_way(star) -> None:
    shape = _crs84(star)
    assert _area(shape.reverse()) == pytest.approx(_area(shape), rel=WITHIN)


@given(stars())
@settings(deadline=None)
def test_the_triangles_of_a_fan_sum_to_the_polygon(star) -> None:
    ring = _crs84(star).exterior.coords
    (centre,) = on_plane(shapely.Point(0, 0))
    fan = [shapely.Polygon([centre, a, b]) for a, b in pairwise(ring)]
    whole = _area(shapely.Polygon(ring))
    assert area_m2(geoms(*fan)).sum() == pytest.approx(whole, rel=WITHIN, abs=1e-7)


@given(stars())
@settings(deadline=None)
def test_a_hole_is_subtracted(star) -> None:
    shape = _crs84(star)
    hole = affinity.scale(shape, 0.2, 0.2, origin=shape.representative_point())
    holed = shapely.Polygon(shape.exterior, [hole.exterior])
    assert _area(holed) == pytest.approx(_area(shape) - _area(hole), rel=WITHIN)


@given(stars(), st.floats(-3, 3))
@settings(deadline=None)
def test_moving_along_the_parallel_keeps_the_area(star, degrees: float) -> None:
    shape = _crs84(star)
    there = affinity.translate(shape, degrees, 0)
    back = affinity.translate(there, -degrees, 0)
    assert _area(there) == pytest.approx(_area(shape), rel=1e-6, abs=1e-3)
    assert _area(back) == pytest.approx(_area(shape), rel=1e-6, abs=1e-3)


@given(st.lists(stars(), min_size=1, max_size=5))
@settings(max_examples=30, deadline=None)
def test_a_multipolygon_is_the_sum_of_its_parts(stars) -> None:
    apart = [affinity.translate(s, 7000 * i, 0) for i, s in enumerate(stars)]
    parts = on_plane(*apart)
    whole = geoms(shapely.MultiPolygon(list(parts)))
    assert area_m2(whole)[0] == pytest.approx(area_m2(parts).sum(), rel=1e-12)


@given(stars())
@settings(deadline=None)
def test_mirroring_north_and_south_keeps_the_area(star) -> None:
    shape = _crs84(star)
    south = affinity.scale(shape, 1, -1, origin=(113.2442, 0))
    assert _area(south) == pytest.approx(_area(shape), rel=WITHIN)
