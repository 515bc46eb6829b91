"""Parcels side by side: borders once, nothing between them, lines where they end."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from service.maps.canvas import Lines
from service.maps.marks import Outline
from service.maps.mosaic import labels, runs, sides_of, well_inside
from service.maps.paths import joined
from service.maps.rings import rings_of

BOX = (0, 0, 40, 30)


def outline(*shapes: shapely.Geometry) -> Outline:
    """Shapes on the page, y down: mirrored, they turn as on the ground."""
    mirrored = shapely.transform(np.array(shapes), lambda xy: xy * (1, -1))
    rings = rings_of(mirrored)
    cells = np.rint(rings.xy * (1, -1)).astype(np.int64)
    return Outline(cells, rings.starts[:-1], True)


def labelled(*shapes: shapely.Geometry) -> NDArray[np.uint8] | None:
    outlines = [outline(shape) for shape in shapes]
    whole = joined(outlines)
    owner = np.repeat(np.arange(1, len(shapes) + 1), [len(o.cells) for o in outlines])
    return labels(whole.cells.astype(float), sides_of(whole), owner, BOX)


def test_a_side_of_two_areas_is_shared() -> None:
    left = outline(shapely.box(0, 0, 10, 10))
    right = outline(shapely.box(10, 0, 20, 10))
    sides = sides_of(joined([left, right]))
    assert [part.sum() for part in np.split(sides.shared, 2)] == [1, 1]
    assert [part.sum() for part in np.split(sides.alone, 2)] == [3, 3]


def test_sides_within_one_class_are_shared_too() -> None:
    pair = outline(shapely.box(0, 0, 10, 10), shapely.box(10, 0, 20, 10))
    sides = sides_of(pair)
    assert (sides.shared.sum(), sides.alone.sum()) == (2, 6)


@given(st.integers(1, 19), st.integers(1, 14), st.integers(20, 39), st.integers(15, 29))
def test_every_pixel_belongs_to_the_area_its_middle_lies_in(
    west: int, south: int, east: int, north: int
) -> None:
    whole = shapely.Polygon(
        [(west, south), (east, south + 1), (east, north), (0, north)]
    )
    hole = shapely.box(20, 15, 24, 18)
    parts = [whole.difference(hole), whole.intersection(hole)]
    parts = [p for p in parts if p.geom_type == "Polygon" and not p.is_empty]
    parts = [shapely.set_precision(p, 1.0) for p in parts]
    if any(p.is_empty or p.geom_type != "Polygon" for p in parts):
        return
    found = labelled(*parts)
    if found is None:  # rounding has laid one over the other
        return
    x, y = np.meshgrid(np.arange(40) + 0.5, np.arange(30) + 0.5)
    middles = shapely.points(x, y)
    for n, part in enumerate(parts, start=1):
        clear = shapely.distance(middles, part.boundary) > 0.02
        inside = shapely.contains(part, middles)
        assert ((found == n) == inside)[clear].all()


def test_areas_that_overlap_are_no_mosaic() -> None:
    assert labelled(shapely.box(0, 0, 10, 10), shapely.box(5, 5, 15, 15)) is None


def test_areas_whose_diagonals_cross_do_not_share_them() -> None:
    falling = outline(shapely.Polygon([(0, 0), (10, 10), (10, 0)]))
    rising = outline(shapely.Polygon([(0, 10), (10, 0), (10, 10)]))
    assert not sides_of(joined([falling, rising])).shared[[0, 4]].all()
    assert labelled(shapely.box(0, 0, 10, 10), shapely.box(0, 0, 10, 10)) is None


def test_areas_that_leave_the_picture_are_cut_at_its_edge() -> None:
    found = labelled(shapely.box(-100, -100, 20, 200), shapely.box(20, -100, 300, 200))
    assert found is not None
    assert (found[:, :20] == 1).all() and (found[:, 20:] == 2).all()


def test_the_rim_of_everything_is_left_to_the_line() -> None:
    found = labelled(shapely.box(5, 5, 15, 15), shapely.box(15, 5, 25, 15))
    assert found is not None
    assert (found > 0).sum() == 200
    assert well_inside(found).sum() == 18 * 8


def test_chosen_sides_become_open_lines() -> None:
    xy = np.array([(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)], dtype=float)
    lines = Lines(xy, np.array([0]), True)
    made = runs(lines, np.array([True, False, True, True, False]))
    assert made.starts.tolist() == [0, 2]
    assert made.xy.tolist() == [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
