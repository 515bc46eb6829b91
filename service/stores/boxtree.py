"""A static index over boxes: which meet a bbox, and which of those may yet not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from geo.frame import FloatArray
from service.stores.base import Bounds

Rows = NDArray[np.intp]

#: Neighbouring boxes under one box of the level above.
BLOCK = 32
#: A level of no more boxes is looked through whole.
WHOLE = 4096


class BoxTree:
    """Over (4, n) sides: west, south, minus east, minus north. So signed, "at most"
    decides all four at once. Columns of NaN are never met.

    Rows lie along a space-filling curve, so blocks of neighbours have small boxes:
    the tree is those boxes, level upon level, and its leaves are the sides as they
    were given. What is scattered costs time, never an answer.
    """

    def __init__(self, sides: FloatArray) -> None:
        self._sides = sides
        self._levels = [sides]
        while self._levels[0].shape[1] > WHOLE:
            finer = self._levels[0]
            starts = np.arange(0, finer.shape[1], BLOCK)
            self._levels.insert(0, np.fmin.reduceat(finer, starts, axis=1))

    def meeting(self, bbox: Bounds) -> tuple[Rows, Rows]:
        """Rows, ascending, of the boxes that meet ``bbox`` (touching counts), and
        the places among them where only the geometry itself can tell.

        A geometry reaches each side of its box. So it surely meets ``bbox`` when
        three of its sides lie on the inner side of theirs.
        """
        west, south, east, north = bbox
        reached = np.array([[east], [north], [-west], [-south]])
        met = (self._levels[0] <= reached).all(axis=0)
        rows: Rows = np.flatnonzero(met)
        for level in self._levels[1:]:
            rows = _children(rows, level.shape[1])
            rows = rows[(level.take(rows, axis=1) <= reached).all(axis=0)]
        inner = self._sides.take(rows, axis=1) >= [[west], [south], [-east], [-north]]
        return rows, (inner.sum(axis=0) < 3).nonzero()[0]


def _children(blocks: Rows, count: int) -> Rows:
    """What stands under the blocks, of ``count`` in all."""
    below: Rows = (blocks[:, None] * BLOCK + np.arange(BLOCK)).ravel()
    return below[: below.searchsorted(count)]


def spatial_order(boxes: FloatArray) -> Rows:
    """An order of (n, 4) boxes along a Z curve through their centres, those without
    a box last: what lies close together stands close together."""
    centres = boxes[:, :2] + boxes[:, 2:]
    missing = np.isnan(centres[:, 0])
    if missing.all():
        return np.arange(len(boxes))
    low, high = np.nanmin(centres, axis=0), np.nanmax(centres, axis=0)
    span = np.where(high > low, high - low, 1.0)
    cells = (np.nan_to_num((centres - low) / span) * 0xFFFF).astype(np.uint64)
    code = _spread(cells[:, 0]) | _spread(cells[:, 1]) << np.uint64(1)
    code[missing] = np.iinfo(np.uint64).max
    return np.argsort(code, kind="stable")


def _spread(bits: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """16 bits, each followed by a gap for the other axis."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333)):
        bits = (bits | bits << np.uint64(shift)) & np.uint64(mask)
    return (bits | bits << np.uint64(1)) & np.uint64(0x55555555)
