"""Far views: fewer vertices, no cracks, nothing missing."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from bench.plots import plots
from geo.generalise import dissolve, pixel_deg, simplify


def geoms(*items) -> np.ndarray:
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def test_neighbours_still_meet_when_they_are_simplified() -> None:
    wavy = plots(6, 5, inner=20)
    simple = simplify(wavy, 50.0)
    before, after = (shapely.get_num_coordinates(g).sum() for g in (wavy, simple))
    assert after < before / 2
    assert shapely.coverage_is_valid(simple)
    gaps = shapely.union_all(wavy).area - shapely.union_all(simple).area
    assert abs(gaps) < 0.01 * shapely.union_all(wavy).area


def test_lines_points_and_missing_geometries_are_left_as_they_are() -> None:
    line = shapely.LineString([(0, 0), (1, 0.01), (2, 0)])
    kept = simplify(geoms(line, None, shapely.Point(1, 1), shapely.Polygon()), 1.0)
    assert kept[0] is line
    assert kept[1] is None


def test_dissolving_keeps_the_area_of_every_group() -> None:
    parcels = plots(8, 8)
    group = np.arange(64) % 3
    joined = dissolve(parcels, group, 3)
    expected = np.bincount(group, shapely.area(parcels))
    assert shapely.area(joined) == pytest.approx(expected)


def test_polygons_that_overlap_are_joined_in_full() -> None:
    pair = geoms(shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3))
    (joined,) = dissolve(pair, np.array([0, 0]), 1)
    assert joined.area == pytest.approx(7)


def test_what_is_not_a_polygon_stays_in_its_group() -> None:
    mixed = geoms(shapely.box(0, 0, 1, 1), shapely.Point(5, 5), None)
    (joined,) = dissolve(mixed, np.array([0, 0, 0]), 1)
    assert {part.geom_type for part in joined.geoms} == {"Polygon", "Point"}


def test_a_pixel_halves_with_every_zoom() -> None:
    assert pixel_deg(0) == 360 / 256
    assert pixel_deg(13) == 2 * pixel_deg(14)
