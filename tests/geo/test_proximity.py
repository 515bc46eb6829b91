import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geo import proximity
from geo.area import area_m2
from geo.proximity import bands, catchments, dissolved, nearest
from tests.geo.shapes import geoms, on_plane, square

GEOD = Geod(ellps="GRS80")
HERE = shapely.Point(113.2442, 23.1259)


def _distances(point, polygon):
    xy = shapely.get_coordinates(polygon)
    count = len(xy)
    return GEOD.inv([point.x] * count, [point.y] * count, xy[:, 0], xy[:, 1])[2]


@pytest.mark.parametrize("radius", [50, 800, 5000])
def test_the_edge_of_a_catchment_lies_at_its_distance(radius: float) -> None:
    (circle,) = catchments(geoms(HERE), radius)
    assert _distances(HERE, circle) == pytest.approx(radius, rel=1e-4)


def test_a_circle_has_a_circles_area() -> None:
    area = area_m2(catchments(geoms(HERE), 800))[0]
    assert area == pytest.approx(np.pi * 800**2, rel=2e-6)


def test_the_distance_holds_far_from_the_meridian_of_the_plane() -> None:
    there = shapely.Point(115.4, 23.1259)
    circles = catchments(geoms(HERE, there), 800)
    assert _distances(there, circles[1]) == pytest.approx(800, rel=1e-4)


def test_a_line_has_a_catchment_of_even_width() -> None:
    line = on_plane(shapely.LineString([(0, 0), (2000, 0)]))
    area = area_m2(catchments(line, 100))[0]
    assert area == pytest.approx(2000 * 200 + np.pi * 100**2, rel=5e-4)


def test_missing_and_empty_have_no_catchment() -> None:
    assert catchments(geoms(None, shapely.Point()), 100).tolist() == [None, None]


def test_overlapping_catchments_dissolve() -> None:
    near = catchments(on_plane(shapely.Point(0, 0), shapely.Point(100, 0)), 100)
    parts = dissolved(near)
    assert len(parts) == 1
    assert area_m2(parts).sum() < area_m2(near).sum()


def test_bands_sum_to_the_whole_reach() -> None:
    points = on_plane(shapely.Point(0, 0), shapely.Point(900, 0))
    rings = bands(points, [0, 500, 800, 1500])
    reach = area_m2(dissolved(catchments(points, 1500))).sum()
    assert len(rings) == 3
    assert sum(area_m2(r).sum() for r in rings) == pytest.approx(reach, rel=1e-6)


def test_the_nearest_is_found_with_its_geodesic_distance() -> None:
    stations = on_plane(shapely.Point(500, 0), shapely.Point(5000, 0))
    found = nearest(on_plane(square(100), shapely.Point(4900, 0)), stations)
    assert found.row.tolist() == [0, 1]
    assert found.distance_m == pytest.approx([400, 100], rel=2e-4)


def test_inside_is_no_distance() -> None:
    found = nearest(on_plane(square(100)), on_plane(shapely.Point(50, 50)))
    assert found.distance_m == pytest.approx([0], abs=1e-6)


def test_without_candidates_there_is_no_nearest() -> None:
    found = nearest(on_plane(square(100)), geoms(None))
    assert found.row.tolist() == [-1]
    assert np.isnan(found.distance_m).all()


def _scattered(seed: int, count: int):
    rng = np.random.default_rng(seed)
    spots = rng.uniform(0, 3000, (count, 2))
    kinds = rng.integers(0, 3, count)
    make = (
        lambda x, y: shapely.Point(x, y),
        lambda x, y: shapely.LineString([(x, y), (x + 700, y + 40)]),
        lambda x, y: shapely.box(x, y, x + 300, y + 20),
    )
    return [make[k](x, y) for k, (x, y) in zip(kinds, spots, strict=True)]


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_nearest_is_the_one_with_the_least_distance(seed: int) -> None:
    shapes, others = _scattered(seed, 12), _scattered(seed + 1, 9)
    found = nearest(on_plane(*shapes), on_plane(*others))
    apart = np.array([[one.distance(other) for other in others] for one in shapes])
    chosen = apart[np.arange(len(shapes)), found.row]
    assert chosen == pytest.approx(apart.min(axis=1), abs=0.01)
    assert found.distance_m == pytest.approx(apart.min(axis=1), rel=3e-4, abs=0.01)


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_few_and_many_are_gone_through_with_the_same_result(seed: int) -> None:
    shapes, others = on_plane(*_scattered(seed, 12)), on_plane(*_scattered(seed + 1, 9))
    few = nearest(shapes, others)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(proximity, "_FEW", 0)
        many = nearest(shapes, others)
    assert few.row.tolist() == many.row.tolist()
    assert few.distance_m.tolist() == many.distance_m.tolist()


def test_of_several_as_near_the_first_is_told() -> None:
    stations = on_plane(shapely.Point(500, 0), shapely.Point(500, 0))
    assert nearest(on_plane(shapely.Point(0, 0)), stations).row.tolist() == [0]
