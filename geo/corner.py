"""What small polygons share with a large one whose outline passes them by.

Seen from a polygon through whose box one edge of the outline runs, the large one is a
half-plane; where two edges follow each other there, a corner. Rings are cut along those
lines all at once (I. Sutherland and G. Hodgman 1974): nothing is built, nothing fails.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import shapely

from geo.clip import cut
from geo.frame import FloatArray, ObjectArray
from geo.outline import BoolArray, Outline
from geo.parts import Rows, polygons_of, sum_by_row
from geo.ragged import IntArray, offsets_of, take
from geo.surface import Surface


class Rings(NamedTuple):
    """Unclosed rings of polygons: (2, c) coordinates with offsets, the row of the
    polygon of each, and 1 or for holes -1."""

    xy: FloatArray
    start: IntArray
    owner: Rows
    sign: FloatArray

    def with_others(self, more: Rings, rows: Rows) -> Rings:
        """Those of more polygons, which stand in these rows, after these."""
        return Rings(
            np.concatenate([self.xy, more.xy], axis=1),
            np.concatenate([self.start, self.start[-1] + more.start[1:]]),
            np.concatenate([self.owner, rows[more.owner]]),
            np.concatenate([self.sign, more.sign]),
        )


def corner_areas(
    surface: Surface,
    polygons: Rings,
    whole: FloatArray,
    outline: Outline,
    first: Rows,
    second: Rows,
) -> FloatArray:
    """Areas in m² that laid polygons (of area ``whole``) share with the inside of an
    outline, of which only the edge ``first``, and after it ``second`` unless that is
    -1, run through the box of each."""
    xy, start, owner, sign = polygons
    # Where the outline turns away, what lies outside of it is the corner.
    turn = np.where(_turns_away(outline, first, second), -1.0, 1.0)
    areas = np.zeros(len(owner))
    xy, start = cut(xy, start, _inside(outline, first, turn, owner, start, xy))
    double = second[owner] >= 0
    areas[~double] = surface.ring_areas(*_taken(xy, start, np.flatnonzero(~double)))
    xy, start = _taken(xy, start, np.flatnonzero(double))
    within = _inside(outline, second, turn, owner[double], start, xy)
    areas[double] = surface.ring_areas(*cut(xy, start, within))
    total = sum_by_row(owner, sign * areas, len(whole))
    shared: FloatArray = np.where(turn > 0, total, whole - total)
    return np.maximum(shared, 0.0)


def corners(outline: Outline, edge: Rows, offsets: Rows) -> tuple[Rows, Rows]:
    """The first and the second edge of each run of edges (by its offsets); both -1
    where there are more, or two that do not follow each other."""
    count = np.diff(offsets)
    first, second = np.full(len(count), -1), np.full(len(count), -1)
    first[count == 1] = edge[offsets[:-1][count == 1]]
    two = np.flatnonzero(count == 2)
    one, other = edge[offsets[two]], edge[offsets[two] + 1]
    for start, end in ((one, other), (other, one)):
        follows = outline.after[start] == end
        first[two[follows]], second[two[follows]] = start[follows], end[follows]
    return first, second


def rings_of(polygons: ObjectArray) -> Rings:
    """Every ring of laid polygons."""
    parts, rows = polygons_of(polygons)
    rings, part = shapely.get_rings(parts, return_index=True)
    outer = np.r_[True, part[1:] != part[:-1]][: len(rings)]
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = np.flatnonzero(ring[1:] == ring[:-1])  # rings need no closing point here
    start = offsets_of(np.bincount(ring[inner], minlength=len(rings)))
    return Rings(xy[inner].T, start, rows[part], np.where(outer, 1.0, -1.0))


def _taken(xy: FloatArray, start: IntArray, rings: Rows) -> tuple[FloatArray, IntArray]:
    """Some of the rings."""
    flat, lengths = take(xy, start, rings)
    return flat, offsets_of(lengths)


def _inside(
    outline: Outline,
    edge: Rows,
    turn: FloatArray,
    owner: Rows,
    start: IntArray,
    xy: FloatArray,
) -> FloatArray:
    """How far left of the edge of its polygon each point lies, times the edge's length;
    right of it where the polygon's corner turns away."""
    count = np.diff(start)
    n = edge[owner]
    west, south = outline.start.take(n, axis=1)
    dx, dy = outline.along.take(n, axis=1) * turn[owner]
    x, y = xy[0] - np.repeat(west, count), xy[1] - np.repeat(south, count)
    depth: FloatArray = np.repeat(dx, count) * y - np.repeat(dy, count) * x
    return depth


def _turns_away(outline: Outline, first: Rows, second: Rows) -> BoolArray:
    """Whether the outline turns right from its first to its second edge."""
    (ax, ay), (bx, by) = (outline.along.take(edge, axis=1) for edge in (first, second))
    right: BoolArray = (second >= 0) & (ax * by - ay * bx < 0)
    return right
