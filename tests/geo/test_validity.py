"""Faults with their place, repairs that keep the dimension."""

from __future__ import annotations

import numpy as np
import shapely

from geo.validity import check_geometries, repair

BOWTIE = shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
SQUARE = shapely.box(0, 0, 1, 1)


def array(*shapes: shapely.Geometry | None) -> np.ndarray:
    result = np.empty(len(shapes), dtype=object)
    result[:] = shapes
    return result


def test_a_sound_geometry_has_no_fault() -> None:
    assert check_geometries(array(SQUARE, shapely.Point(1, 1))) == []


def test_an_invalid_ring_is_told_with_reason_and_place() -> None:
    (fault,) = check_geometries(array(SQUARE, BOWTIE))
    assert (fault.row, fault.kind, fault.reason) == (1, "invalid", "Self-intersection")
    assert fault.place == (1.0, 1.0)


def test_missing_empty_and_endless_geometries_are_faults() -> None:
    endless = shapely.Point(np.inf, 0)
    faults = check_geometries(array(None, shapely.Polygon(), endless))
    assert [fault.kind for fault in faults] == ["missing", "empty", "not_finite"]


def test_nothing_has_no_faults() -> None:
    assert check_geometries(array()) == []


def test_a_repair_keeps_areas_areas_and_tells_what_changed() -> None:
    mended, changes = repair(array(BOWTIE, SQUARE))
    assert shapely.is_valid(mended).all()
    assert shapely.get_dimensions(mended[0]) == 2
    assert [(c.row, c.parts) for c in changes] == [(0, (1, 2))]


def test_a_repair_leaves_sound_geometries_alone() -> None:
    given = array(SQUARE, None)
    mended, changes = repair(given)
    assert mended[0] is given[0] and mended[1] is None
    assert changes == []


def test_what_collapses_is_not_repaired() -> None:
    flat = shapely.Polygon([(0, 0), (1, 1), (2, 2), (0, 0)])
    mended, changes = repair(array(flat))
    assert mended[0] is flat
    assert changes == []
