"""Rings in any order make the polygons they outline."""

from __future__ import annotations

import numpy as np
import shapely

from geo.rings import assemble


def ring(x0: float, y0: float, x1: float, y1: float) -> np.ndarray:
    return shapely.get_coordinates(shapely.box(x0, y0, x1, y1))


OUTER, HOLE, ISLAND = ring(0, 0, 10, 10), ring(2, 2, 8, 8), ring(4, 4, 6, 6)


def test_a_ring_inside_is_a_hole() -> None:
    assert assemble([OUTER, HOLE]).area == 100 - 36


def test_order_does_not_matter() -> None:
    assert assemble([HOLE, OUTER]).equals(assemble([OUTER, HOLE]))


def test_a_ring_in_a_hole_is_a_part_again() -> None:
    shape = assemble([OUTER, HOLE, ISLAND])
    assert (shape.geom_type, shape.area) == ("MultiPolygon", 100 - 36 + 4)


def test_rings_side_by_side_are_parts() -> None:
    assert len(assemble([OUTER, ring(20, 0, 30, 10)]).geoms) == 2


def test_a_faulty_ring_is_kept_to_be_reported() -> None:
    bowtie = np.array([(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)], dtype=float)
    assert not assemble([bowtie]).is_valid
