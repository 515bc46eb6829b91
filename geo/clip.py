"""Cutting many rings or lines along one square at once.

Rings: I. Sutherland and G. Hodgman, Reentrant polygon clipping (1974), one side of
the square after the other. A ring that leaves and enters again stays one ring, joined
along the side; its area is exact, and it is never refused, valid or not.
Lines: Y.-D. Liang and B. Barsky (1984), all segments at once.
"""

from __future__ import annotations

import numpy as np

from geo.frame import FloatArray
from geo.paths import following
from geo.ragged import IntArray, offsets_of, sums

#: The sides of the square: the axis, and +1 where larger coordinates are inside.
SIDES = ((0, 1), (0, -1), (1, 1), (1, -1))


def clip_rings(
    xy: FloatArray, start: IntArray, low: float, high: float
) -> tuple[FloatArray, IntArray]:
    """Unclosed rings, (2, c) with offsets, cut to ``low … high`` on both axes: as many
    as given, in order; one that is wholly outside comes back empty."""
    for axis, sign in SIDES:
        limit = low if sign > 0 else high
        xy, start = cut(xy, start, sign * (xy[axis] - limit))
    return xy, start


def cut(
    xy: FloatArray, start: IntArray, depth: FloatArray
) -> tuple[FloatArray, IntArray]:
    """Unclosed rings cut by one side, or each by its own; ``depth`` (c,) is how far
    inside it each point lies."""
    after = following(np.unique(start))  # an empty ring has no points to follow
    inside = depth >= 0
    crosses = inside != inside[after]
    count = inside.astype(np.int64) + crosses
    at = np.cumsum(count) - count
    out = np.empty((2, int(count.sum())))
    for axis in (0, 1):  # both at once would take ten times as long
        out[axis][at[inside]] = xy[axis][inside]
    begin, end = np.flatnonzero(crosses), after[crosses]
    share = depth[begin] / (depth[begin] - depth[end])
    before = xy.take(begin, axis=1)
    added = before + share * (xy.take(end, axis=1) - before)
    for axis in (0, 1):
        out[axis][at[begin] + inside[begin]] = added[axis]
    return out, offsets_of(sums(count, np.diff(start)))


def clip_lines(
    xy: FloatArray, start: IntArray, low: float, high: float
) -> tuple[FloatArray, IntArray, IntArray]:
    """Lines, (2, c) with offsets, cut to ``low … high`` on both axes. A line may fall
    into several pieces: their points, offsets, and the line each is from. A line of
    one point vanishes."""
    line = np.repeat(np.arange(len(start) - 1), np.diff(start))
    begin = np.flatnonzero(line[1:] == line[:-1])
    a, b = xy.take(begin, axis=1), xy.take(begin + 1, axis=1)
    enter, leave = _span_inside(a, b, low, high)
    kept = enter < leave
    begin, enter, leave = begin[kept], enter[kept], leave[kept]
    a, along = a.compress(kept, axis=1), (b - a).compress(kept, axis=1)
    # A segment goes on where the one before it ended, unless either was cut there.
    fresh = np.diff(begin, prepend=-2) != 1
    fresh[1:] |= (enter[1:] > 0) | (leave[:-1] < 1)
    at = np.cumsum(1 + fresh) - 1
    out = np.empty((2, len(begin) + int(fresh.sum())))
    last, first = a + leave * along, (a + enter * along).compress(fresh, axis=1)
    for axis in (0, 1):
        out[axis][at] = last[axis]
        out[axis][at[fresh] - 1] = first[axis]
    return out, np.append(at[fresh] - 1, out.shape[1]), line[begin[fresh]]


def _span_inside(
    a: FloatArray, b: FloatArray, low: float, high: float
) -> tuple[FloatArray, FloatArray]:
    """The part of every segment inside the square, as fractions of its length;
    empty where the first is not below the second."""
    along = b - a
    still = along == 0
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.stack(((low - a) / along, (high - a) / along))
    t[:, still] = [[-np.inf], [np.inf]]
    enter = np.maximum(t.min(axis=0).max(axis=0), 0.0)
    leave = np.minimum(t.max(axis=0).min(axis=0), 1.0)
    leave[(still & ((a < low) | (a > high))).any(axis=0)] = -1.0
    return enter, leave
