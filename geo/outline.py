"""The edges of one shape, and which boxes they run through.

Where no edge runs, a box is wholly inside or wholly outside. Where one edge runs
through, the shape looks like a half-plane from there; where two follow each other, like
a corner: what it shares with a small polygon is then found without building anything.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray
from geo.parts import Rows
from geo.ragged import spans
from geo.stopping import step

BoolArray = NDArray[np.bool_]
#: Edges are asked in runs when there are more than this many runs of one.
_RUNS = 4_096
#: Long runs are looked at in spans of so many edges before every edge is.
_SPAN = 16
#: What more spans than this come near is not looked at edge by edge.
_MANY = 64
#: Pairs of a box and a run that are looked at together.
_AT_ONCE = 4_000_000
#: Metres by which boxes are widened: edges that touch one run through it.
_PAD = 1e-6
#: So that any side of a box grows by taking something off.
_OUTWARD = np.array([1.0, 1.0, -1.0, -1.0])[:, None, None]


@dataclass(frozen=True, slots=True)
class Outline:
    """``n`` edges with the inside of polygons to their left.

    start, end: (2, n) coordinates; along: from one to the other; edge_box: (4, n) the
    box around both. after: (n,) the edge that goes on where this one
    ends, -1 at the end of a line. run: (m + 1,) offsets of runs of edges; run_box:
    (4, m) their boxes. span_box: (4, k) those of every ``_SPAN`` edges, if runs are
    longer than that.
    """

    start: FloatArray
    end: FloatArray
    along: FloatArray
    edge_box: FloatArray
    after: Rows
    run: Rows
    run_box: FloatArray
    span_box: FloatArray

    @classmethod
    def of(cls, shape: shapely.Geometry) -> Outline:
        """Of a polygon, line or point, single or multiple. A point is an edge without
        length."""
        xy, path = _paths(shape)
        begin, end = _ends(path)
        size = -(-len(begin) // _RUNS)
        if size > _SPAN:
            size = -(-size // _SPAN) * _SPAN
        run = np.arange(0, len(begin), size)
        span = np.arange(0, len(begin) if size > _SPAN else 0, _SPAN)
        start, stop = xy[begin].T, xy[end].T
        box = np.concatenate([np.minimum(start, stop), np.maximum(start, stop)])
        return cls(
            start,
            stop,
            stop - start,
            box,
            _after(path[begin], closed=_closed(shape)),
            np.r_[run, len(begin)],
            _around(box, run),
            _around(box, span),
        )

    @property
    def runs(self) -> int:
        return len(self.run) - 1

    def through(self, boxes: FloatArray, box: Rows, run: Rows) -> tuple[Rows, Rows]:
        """Which pairs of a box (of (4, k)) and a run of edges meet."""
        met = _meet(boxes, box, self.run_box, run)
        if self.runs == len(self.after):
            met = met[self._crossing(boxes.take(box[met], axis=1), run[met])]
        return box[met], run[met]

    def edges(self, boxes: FloatArray, box: Rows, run: Rows) -> tuple[Rows, Rows]:
        """Pairs of a box and a single edge that runs through it, ordered by box. Of
        boxes that very many come near, some edges that may run through them."""
        starts, lengths = self.run[run], self.run[run + 1] - self.run[run]
        found = []
        if self.span_box.shape[1]:
            box, starts = self._spans(boxes, box, starts, lengths)
            lengths = np.minimum(_SPAN, len(self.after) - starts)
            many = np.bincount(box, minlength=boxes.shape[1])[box] > _MANY
            found.append((box[many], starts[many]))
            box, starts, lengths = box[~many], starts[~many], lengths[~many]
        found += [
            self._single(boxes, box[part], starts[part], lengths[part])
            for part in _parts(lengths)
        ]
        boxed, edge = (np.concatenate(part) for part in zip(*found, strict=True))
        order = np.lexsort((edge, boxed))
        return boxed[order], edge[order]

    def _spans(
        self, boxes: FloatArray, box: Rows, starts: Rows, lengths: Rows
    ) -> tuple[Rows, Rows]:
        """Pairs of a box and the first edge of a span that comes near it."""
        first, count = starts // _SPAN, -(-lengths // _SPAN)
        found = []
        for part in _parts(count):
            span = spans(first[part], count[part])
            boxed = np.repeat(box[part], count[part])
            met = _meet(boxes, boxed, self.span_box, span)
            found.append((boxed[met], span[met] * _SPAN))
        boxed, span = (np.concatenate(part) for part in zip(*found, strict=True))
        return boxed, span

    def every(self, boxes: FloatArray) -> tuple[Rows, Rows]:
        """As ``edges``, of all boxes: each is held against every edge, which is the
        quickest where both are few."""
        west, south, east, north = boxes[:, :, None] * _OUTWARD - _PAD
        left, low, right, high = self.edge_box
        met = (west <= right) & (south <= high)
        met &= (east <= -left) & (north <= -low)
        # In two dimensions the same takes twenty times as long.
        box, edge = np.divmod(np.flatnonzero(met), len(self.after))
        crossing = np.flatnonzero(self._crossing(boxes.take(box, axis=1), edge))
        return box[crossing], edge[crossing]

    def _single(
        self, boxes: FloatArray, box: Rows, starts: Rows, lengths: Rows
    ) -> tuple[Rows, Rows]:
        edge, boxed = spans(starts, lengths), np.repeat(box, lengths)
        met = _meet(boxes, boxed, self.edge_box, edge)
        boxed, edge = boxed[met], edge[met]
        met = np.flatnonzero(self._crossing(boxes.take(boxed, axis=1), edge))
        return boxed[met], edge[met]

    def _crossing(self, boxes: FloatArray, edge: Rows) -> BoolArray:
        """Whether an edge whose box meets a box meets it itself: its own normal does
        not separate them."""
        (x, y), (dx, dy) = self.start.take(edge, axis=1), self.along.take(edge, axis=1)
        west, south, east, north = boxes
        off = np.abs(dx * ((south + north) / 2 - y) - dy * ((west + east) / 2 - x))
        reach = np.abs(dx) * (north - south) + np.abs(dy) * (east - west)
        pad = _PAD * (np.abs(dx) + np.abs(dy)) + 1e-9
        near: BoolArray = off <= reach / 2 + pad
        return near


def _around(box: FloatArray, first: Rows) -> FloatArray:
    """The boxes around every run of boxes, by where each run begins."""
    if len(first) == 0:
        return np.zeros((4, 0))
    low = np.minimum.reduceat(box[:2], first, axis=1)
    return np.concatenate([low, np.maximum.reduceat(box[2:], first, axis=1)])


def _parts(lengths: Rows) -> Iterator[Rows]:
    """Rows that are looked at together; a step (``geo.stopping``) before each."""
    count = int(lengths.sum()) // _AT_ONCE + 1
    for part in np.array_split(np.arange(len(lengths)), count):
        step()
        yield part


def _meet(boxes: FloatArray, box: Rows, others: FloatArray, other: Rows) -> Rows:
    """Which pairs of boxes meet."""
    pair: Rows = np.flatnonzero(boxes[0][box] - _PAD <= others[2][other])
    for side, across, sign in ((1, 3, 1), (2, 0, -1), (3, 1, -1)):
        here, there = boxes[side][box[pair]], others[across][other[pair]]
        pair = pair[sign * here - _PAD <= sign * there]
    return pair


def _closed(shape: shapely.Geometry) -> bool:
    return shape.geom_type in ("Polygon", "MultiPolygon")


def _paths(shape: shapely.Geometry) -> tuple[FloatArray, Rows]:
    """Coordinates and the ring, line or point each is of; none twice running."""
    parts = shapely.get_parts(shape)
    if _closed(shape):
        parts = shapely.get_rings(shapely.orient_polygons(parts))
    xy, path = shapely.get_coordinates(parts, return_index=True)
    moved = np.r_[True, (xy[1:] != xy[:-1]).any(axis=1) | (path[1:] != path[:-1])]
    return xy[moved], path[moved]


def _ends(path: Rows) -> tuple[Rows, Rows]:
    """Where each edge begins and ends; a path of one point is an edge by itself."""
    goes_on = np.r_[path[1:] == path[:-1], False]
    alone = ~goes_on & np.r_[True, path[1:] != path[:-1]]
    begin = np.flatnonzero(goes_on | alone)
    return begin, begin + goes_on[begin]


def _after(path: Rows, *, closed: bool) -> Rows:
    """The edge after each: the next of its path, or the first again."""
    goes_on = np.r_[path[1:] == path[:-1], False]
    first: Rows = np.searchsorted(path, path)
    other = first if closed else np.full(len(path), -1)
    after: Rows = np.where(goes_on, np.arange(1, len(path) + 1), other)
    return after
