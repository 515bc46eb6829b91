"""Every fault of an invalid area, each at its place."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.faults import faults_of
from geo.ringfaults import MOST
from geo.validity import check_geometries

SHELL = [(0, 0), (4, 0), (4, 4), (0, 4)]


def array(*shapes: shapely.Geometry) -> np.ndarray:
    result = np.empty(len(shapes), dtype=object)
    result[:] = shapes
    return result


def faults(*rings: list[tuple[float, float]]) -> list[tuple[str, tuple[float, float]]]:
    return faults_of(array(shapely.Polygon(rings[0], rings[1:])))[0]


def reasons(shape: shapely.Geometry) -> list[str]:
    return sorted(reason for reason, _ in faults_of(array(shape))[0])


def test_each_crossing_of_a_ring_is_told_once_at_its_place() -> None:
    zigzag = [(0, 0), (3, 3), (6, 0), (6, 3), (3, 0), (0, 3)]
    assert sorted(place for _, place in faults(zigzag)) == [(1.5, 1.5), (4.5, 1.5)]
    assert {reason for reason, _ in faults(zigzag)} == {"Self-intersection"}


def test_a_ring_that_touches_itself_is_told_as_touching() -> None:
    notched = [(0, 0), (4, 0), (4, 4), (2, 0), (0, 4)]
    assert faults(notched) == [("Ring Self-intersection", (2.0, 0.0))]


def test_a_spike_is_told_at_its_tip_and_not_at_its_foot_too() -> None:
    spiked = [(0, 0), (4, 0), (4, 4), (2, 4), (2, 6), (2, 4), (0, 4)]
    assert faults(spiked) == [("Spike", (2.0, 6.0))]


def test_an_edge_drawn_twice_is_told_by_its_middle() -> None:
    bridged = [(0, 0), (2, 0), (2, 1), (4, 1), (4, 0), (6, 0), (6, 3), (4, 3), (4, 1),
               (2, 1), (2, 3), (0, 3)]  # fmt: skip
    assert faults(bridged) == [("Edges overlap", (3.0, 1.0))]


def test_points_said_twice_are_no_fault_by_themselves() -> None:
    assert faults([(0, 0), (4, 0), (4, 0), (4, 4), (4, 4), (0, 4)]) == []


def test_a_ring_without_area_is_told_where_it_begins() -> None:
    flat = shapely.from_wkt("POLYGON ((1 2, 3 2, 1 2, 1 2))")
    (found,) = faults_of(array(flat))
    assert found == [("Too few points in geometry component", (1.0, 2.0))]


def test_each_hole_is_held_against_its_shell() -> None:
    outside = [(5, 5), (6, 5), (6, 6)]
    crossing = [(3, 1), (6, 1), (6, 2), (3, 2)]
    sound = [(1, 1), (1, 2), (2, 2)]
    found = faults(SHELL, outside, crossing, sound)
    assert sorted(found) == [
        ("Hole lies outside shell", (5.75, 5.5)),
        ("Self-intersection", (4.0, 1.0)),
        ("Self-intersection", (4.0, 2.0)),
    ]


def test_holes_are_held_against_each_other() -> None:
    big, within = shapely.box(1, 1, 3, 3), shapely.box(1.5, 1.5, 2, 2)
    holes = [list(shape.exterior.coords) for shape in (big, big, within)]
    found = shapely.Polygon(SHELL, holes)
    assert reasons(found) == ["Duplicate Rings", "Holes are nested", "Holes are nested"]


def test_a_hole_that_touches_its_shell_twice_cuts_the_area() -> None:
    cut = [(2, 0), (3, 2), (2, 4), (1, 2)]
    assert [reason for reason, _ in faults(SHELL, cut)] == ["Interior is disconnected"]


def test_a_hole_that_touches_its_shell_once_is_sound() -> None:
    assert faults(SHELL, [(2, 0), (3, 2), (1, 2)]) == []


def test_parts_are_held_against_each_other() -> None:
    parts = [shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3), shapely.box(2, 0, 4, 1)]
    parts.append(shapely.box(0.2, 0.2, 0.5, 0.5))
    assert reasons(shapely.MultiPolygon(parts)) == [
        "Edges overlap", "Edges overlap", "Nested shells", "Self-intersection",
        "Self-intersection",
    ]  # fmt: skip


def test_a_scribble_is_told_up_to_a_bound() -> None:
    scribble = shapely.Polygon(np.random.default_rng(1).random((3000, 2)))
    assert MOST / 2 < len(faults_of(array(scribble))[0]) <= MOST


def test_a_row_has_its_own_faults_and_nobody_elses() -> None:
    bow = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
    found = check_geometries(array(bow, shapely.box(0, 0, 1, 1), bow))
    assert [(fault.row, fault.place) for fault in found] == [
        (0, (1.0, 1.0)),
        (2, (1.0, 1.0)),
    ]


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=3))
def test_a_ring_has_faults_exactly_if_geos_calls_it_invalid(
    points: list[tuple[int, int]],
) -> None:
    shape = shapely.Polygon(points)
    assert bool(faults_of(array(shape))[0]) == (not shapely.is_valid(shape))


@given(st.lists(st.tuples(*[st.integers(0, 5)] * 4), min_size=2, max_size=4))
def test_whatever_geos_calls_invalid_has_a_fault_with_a_place(
    boxes: list[tuple[int, int, int, int]],
) -> None:
    rings = [
        [(x, y), (x + a + 1, y), (x + a + 1, y + b + 1), (x, y + b + 1)]
        for x, y, a, b in boxes
    ]
    shape = shapely.Polygon(rings[0], rings[1:])
    found = check_geometries(array(shape))
    assert bool(found) == (not shapely.is_valid(shape))
    assert all(fault.place for fault in found)


@pytest.mark.parametrize(
    "shape", [shapely.Point(0, 0), shapely.LineString([(0, 0)] * 2)]
)
def test_what_is_no_area_is_left_to_geos(shape: shapely.Geometry) -> None:
    assert faults_of(array(shape)) == [[]]
