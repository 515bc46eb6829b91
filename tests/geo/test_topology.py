"""Overlaps, gaps, slivers and spikes, in metres at Liwan."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import topology

ORIGIN = shapely.box(113.24, 23.09, 113.25, 23.1)
PLANE = topology.LocalPlane(np.array([ORIGIN]))


def found(*shapes: shapely.Geometry) -> tuple[list, list]:
    geoms = np.array(shapes)
    rows = topology.suspects(geoms)
    return topology.overlaps(PLANE, geoms, rows), topology.gaps(PLANE, geoms, rows)


def test_neighbours_that_share_an_edge_are_clean() -> None:
    assert found(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10)) == ([], [])


def test_an_overlap_has_its_area() -> None:
    (overlap,), _ = found(shapely.box(0, 0, 10, 10), shapely.box(9, 0, 20, 10))
    assert (overlap.a, overlap.b) == (0, 1)
    assert overlap.area_m2 == pytest.approx(10)


def test_a_parcel_inside_another_overlaps_it() -> None:
    (overlap,), _ = found(shapely.box(0, 0, 10, 10), shapely.box(2, 2, 4, 4))
    assert overlap.area_m2 == pytest.approx(4)


def test_a_parcel_in_a_hole_does_not_overlap() -> None:
    inner = shapely.box(2, 2, 4, 4)
    ring = shapely.difference(shapely.box(0, 0, 10, 10), inner)
    assert found(ring, inner) == ([], [])


def test_a_narrow_gap_is_found_and_a_street_is_not() -> None:
    _, (gap,) = found(shapely.box(0, 0, 10, 10), shapely.box(10.2, 0, 20, 10))
    assert gap.value == pytest.approx(2, rel=0.01)
    assert found(shapely.box(0, 0, 10, 10), shapely.box(16, 0, 26, 10)) == ([], [])


def test_a_strip_is_a_sliver() -> None:
    strip = np.array([shapely.box(0, 0, 100, 0.2), shapely.box(0, 0, 10, 10)])
    (sliver,) = topology.slivers(PLANE, strip)
    assert (sliver.row, sliver.value) == (0, pytest.approx(0.2, rel=0.01))


def test_a_spike_is_found_at_its_tip() -> None:
    spiked = shapely.Polygon([(0, 0), (10, 0), (10, 5), (30, 5.01), (10, 5.02), (0, 9)])
    (spike,) = topology.spikes(PLANE, np.array([spiked]))
    assert spike.place == pytest.approx(PLANE.lonlat(np.array([[30, 5.01]]))[0])


def test_right_angles_are_no_spikes() -> None:
    assert topology.spikes(PLANE, np.array([shapely.box(0, 0, 1, 1)])) == []


def test_the_plane_is_metres() -> None:
    (shape,) = PLANE.to_plane(np.array([ORIGIN]))
    assert shapely.area(shape) == pytest.approx(1024.3 * 1107.5, rel=2e-3)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_overlaps_are_all_that_an_exhaustive_search_finds(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corner, size = rng.uniform(0, 60, (30, 2)), rng.uniform(1, 20, (30, 2))
    geoms = shapely.box(*corner.T, *(corner + size).T)
    rows = topology.suspects(geoms)
    pairs = {(o.a, o.b) for o in topology.overlaps(PLANE, geoms, rows)}
    i, j = np.triu_indices(30, 1)
    areas = shapely.area(shapely.intersection(geoms[i], geoms[j]))
    real = areas >= topology.MIN_OVERLAP_M2
    assert pairs == set(zip(i[real].tolist(), j[real].tolist(), strict=True))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0, 1]))
def test_two_sides_overlap_where_an_exhaustive_search_says_so(
    seed: int, decimals: int
) -> None:
    rng = np.random.default_rng(seed)
    corner, size = rng.uniform(0, 40, (2, 20, 2)), rng.uniform(1, 20, (2, 20, 2))
    corners, ends = corner.round(decimals), (corner + size).round(decimals)
    ours, theirs = shapely.box(
        corners[..., 0], corners[..., 1], ends[..., 0], ends[..., 1]
    )
    found = topology.overlaps_between(PLANE, ours, theirs)
    areas = shapely.area(shapely.intersection(ours[:, None], theirs[None]))
    real = areas >= topology.MIN_OVERLAP_M2
    real &= ~shapely.equals(ours[:, None], theirs[None])
    a, b = np.nonzero(real)
    assert [(one.a, one.b) for one in found] == list(
        zip(a.tolist(), b.tolist(), strict=True)
    )
    assert [one.area_m2 for one in found] == pytest.approx(areas[a, b].tolist())


def test_long_outlines_of_either_side_are_compared_in_pieces() -> None:
    long = shapely.Point(0, 0).buffer(100, quad_segs=200)
    (overlap,) = topology.overlaps_between(
        PLANE, np.array([shapely.box(-200, -50, 200, 50)]), np.array([long])
    )
    expected = shapely.area(shapely.intersection(long, shapely.box(-200, -50, 200, 50)))
    assert overlap.area_m2 == pytest.approx(expected)


def test_a_long_outline_is_compared_only_where_something_is_near() -> None:
    lake = shapely.Point(0, 0).buffer(1000, quad_segs=500)
    far = shapely.box(5000, 0, 5010, 10)
    near = shapely.box(1000.2, 0, 1010, 10)
    assert topology.suspects(np.array([lake, far])).tolist() == []
    assert 0 in topology.suspects(np.array([lake, far, near]))


def test_a_long_outline_alone_has_no_overlaps_and_no_gaps() -> None:
    overlaps, gaps = found(shapely.Point(113.2, 23.1).buffer(0.01, quad_segs=500))
    assert (overlaps, gaps) == ([], [])
