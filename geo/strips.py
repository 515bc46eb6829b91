"""What polygons share with the inside of an outline, from the strips beneath edges.

A polygon is a sum of strips: what lies beneath its upper edges, less what lies beneath
its lower ones. What two polygons share is therefore the sum, over every two edges, of
what lies beneath both, down to any common base: beneath the lower one of them where
both run. Nothing is built and nothing can fail; borders drawn twice, the usual case of
maps, are no special case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely

from geo.frame import FloatArray, ObjectArray
from geo.outline import Outline
from geo.parts import Rows, polygons_of, sum_by_row
from geo.ragged import spans
from geo.surface import Surface

#: Pairs of edges that are looked at together: what they need stays in the cache.
_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class _Edges:
    """Edges ordered from left to right, none upright: their west end, their east end's
    x, how much they rise a metre, and the higher of their ends. ``sign`` is 1 where the
    inside of the polygon of ``row`` lies beneath."""

    west: FloatArray
    south: FloatArray
    east: FloatArray
    slope: FloatArray
    top: FloatArray
    sign: FloatArray
    row: Rows

    @classmethod
    def of(
        cls, start: FloatArray, end: FloatArray, sign: FloatArray, row: Rows
    ) -> _Edges:
        """Edges (2, n) with the inside to their left where ``sign`` is 1."""
        back = end[0] < start[0]
        west, east = np.where(back, end[0], start[0]), np.where(back, start[0], end[0])
        order = np.argsort(west, kind="stable")
        order = order[west[order] < east[order]]
        back, west, east = back[order], west[order], east[order]
        one, other = start[1][order], end[1][order]
        south = np.where(back, other, one)
        slope = np.where(back, one - other, other - one) / (east - west)
        sign = np.where(back, sign[order], -sign[order])
        return cls(west, south, east, slope, np.maximum(one, other), sign, row[order])

    def heights(self, n: Rows, *at: FloatArray) -> list[FloatArray]:
        """Of chosen edges, at several x of each."""
        west, south, slope = self.west[n], self.south[n], self.slope[n]
        return [south + (x - west) * slope for x in at]


def shared_areas(
    surface: Surface, outline: Outline, polygons: ObjectArray
) -> FloatArray:
    """Areas in m² that laid polygons share with the inside of an outline."""
    start, end = outline.start, outline.end
    none = np.zeros(start.shape[1], dtype=np.intp)
    one = _Edges.of(start, end, np.ones(len(none)), none)
    other = _edges(polygons)
    base = shapely.bounds(polygons)[:, 1]
    total = np.zeros(len(polygons))
    for a, b in _side_by_side(one, other):
        row = other.row[b]
        # What lies beneath all of a polygon takes as much from it as it gives.
        high = np.flatnonzero(one.top[a] > base[row])
        total += _beneath(surface, one, other, a[high], b[high], base)
    return np.maximum(total, 0.0)


def _edges(polygons: ObjectArray) -> _Edges:
    parts, rows = polygons_of(polygons)
    rings, part = shapely.get_rings(parts, return_index=True)
    outer = np.r_[True, part[1:] != part[:-1]][: len(rings)]
    # Anticlockwise rings have their inside to the left, those of holes their outside.
    sign = np.where(shapely.is_ccw(rings) == outer, 1.0, -1.0)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inner = np.flatnonzero(ring[1:] == ring[:-1])
    start, end = xy.T.take(inner, axis=1), xy.T.take(inner + 1, axis=1)
    ring = ring[inner]
    return _Edges.of(start, end, sign[ring], rows[part[ring]])


def _side_by_side(one: _Edges, other: _Edges) -> Iterator[tuple[Rows, Rows]]:
    """Pairs of edges that run above or beneath each other for a while: either begins
    within the other."""
    for a, b in _beginning_within(one, other, "left"):
        yield a, b
    for b, a in _beginning_within(other, one, "right"):
        yield a, b


def _beginning_within(
    here: _Edges, there: _Edges, side: Literal["left", "right"]
) -> Iterator[tuple[Rows, Rows]]:
    """Edges here and those there whose west end is within them; ``side``: whether one
    at their own west end counts."""
    first = np.searchsorted(there.west, here.west, side=side)
    count = np.searchsorted(there.west, here.east, side="left") - first
    count = np.maximum(count, 0)
    ends = np.cumsum(count)
    total = int(ends[-1]) if len(ends) else 0
    steps = np.searchsorted(ends, np.arange(_AT_ONCE, total, _AT_ONCE))
    for rows in np.split(np.arange(len(count)), steps):
        yield np.repeat(rows, count[rows]), spans(first[rows], count[rows])


def _beneath(
    surface: Surface, one: _Edges, other: _Edges, a: Rows, b: Rows, base: FloatArray
) -> FloatArray:
    """What lies beneath both edges of each pair, summed by the row of the second."""
    left = np.maximum(one.west[a], other.west[b])
    right = np.minimum(one.east[a], other.east[b])
    a_left, a_right = one.heights(a, left, right)
    b_left, b_right = other.heights(b, left, right)
    low, high = np.minimum(a_left, b_left), np.minimum(a_right, b_right)
    row, sign = other.row[b], one.sign[a] * other.sign[b]
    above, beyond = a_left - b_left, a_right - b_right
    cross = np.flatnonzero(above * beyond < 0)
    share = above[cross] / (above[cross] - beyond[cross])
    at = left[cross] + share * (right[cross] - left[cross])
    height = a_left[cross] + share * (a_right[cross] - a_left[cross])
    second = surface.beneath(at, height, right[cross], high[cross], base[row[cross]])
    right[cross], high[cross] = at, height
    strip = surface.beneath(left, low, right, high, base[row])
    strip[cross] += second
    return sum_by_row(row, sign * strip, len(base))
