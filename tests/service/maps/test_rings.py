"""Rings picked out of flat arrays are those of the geometries."""

from __future__ import annotations

import numpy as np
import shapely

from service.maps.rings import rings_of

HOLED = shapely.box(0, 0, 9, 9).difference(shapely.box(3, 3, 6, 6))
PAIR = shapely.MultiPolygon([shapely.box(20, 0, 21, 1), shapely.box(30, 0, 31, 1)])
MIXED = shapely.GeometryCollection([shapely.Point(1, 1), shapely.box(40, 0, 41, 1)])
GEOMS = np.array([HOLED, None, PAIR, shapely.Point(0, 0), MIXED], dtype=object)


def test_a_row_has_all_its_rings() -> None:
    xy, starts = rings_of(GEOMS).of(np.array([2, 0]))
    assert starts.tolist() == [0, 5, 10, 15]
    assert xy[0].tolist() in [[20, 0], [21, 0], [20, 1], [21, 1]]


def test_shells_and_holes_turn_opposite_ways() -> None:
    xy, starts = rings_of(GEOMS).of(np.array([0]))
    shell, hole = np.split(xy, starts[1:])
    assert shapely.LinearRing(shell).is_ccw and not shapely.LinearRing(hole).is_ccw


def test_what_is_no_area_has_no_rings() -> None:
    xy, starts = rings_of(GEOMS).of(np.array([1, 3]))
    assert (len(xy), len(starts)) == (0, 0)


def test_areas_of_collections_count() -> None:
    xy, starts = rings_of(GEOMS).of(np.array([4]))
    assert (len(starts), xy[:, 0].min()) == (1, 40.0)
