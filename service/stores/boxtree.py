"""A static index over boxes: which meet a bbox, and which of those may yet not."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geo.frame import FloatArray
from service.stores.base import Bounds

Rows = NDArray[np.intp]

#: Tree entries at most; beyond it, each stands for several neighbouring boxes.
ENTRIES = 250_000


class BoxTree:
    """Over (4, n) sides: west, south, minus east, minus north. So signed, "at most"
    decides all four at once. Columns of NaN are never met."""

    def __init__(self, sides: FloatArray) -> None:
        self._sides = sides
        self._block = max(1, -(-sides.shape[1] // ENTRIES))
        starts = np.arange(0, sides.shape[1], self._block)
        w, s, e, n = np.fmin.reduceat(sides, starts, axis=1) if len(starts) else sides
        # The tree looks at envelopes only: a diagonal is the cheapest geometry.
        corners = np.stack([w, s, -e, -n], axis=1).reshape(-1, 2, 2)
        diagonals = np.full(len(corners), None, dtype=object)
        some = np.flatnonzero(~np.isnan(w))
        diagonals[some] = shapely.linestrings(corners[some])
        self._tree = shapely.STRtree(diagonals)

    def meeting(self, bbox: Bounds, box: BaseGeometry) -> tuple[Rows, Rows]:
        """Rows, ascending, of the boxes that meet ``bbox`` (touching counts), and
        the places among them where only the geometry itself can tell. ``box`` is
        ``bbox`` as a geometry.

        A geometry reaches each side of its box. So it surely meets ``bbox`` when
        three of its sides lie on the inner side of theirs.
        """
        west, south, east, north = bbox
        rows: Rows = self._tree.query(box)
        rows.sort()
        if self._block > 1:
            rows = self._unblocked(rows, bbox)
        inner = self._sides.take(rows, axis=1) >= [[west], [south], [-east], [-north]]
        return rows, (inner.sum(axis=0) < 3).nonzero()[0]

    def _unblocked(self, blocks: Rows, bbox: Bounds) -> Rows:
        west, south, east, north = bbox
        rows = (blocks[:, None] * self._block + np.arange(self._block)).ravel()
        rows = rows[rows < self._sides.shape[1]]
        sides = self._sides.take(rows, axis=1)
        met: NDArray[np.bool_] = sides <= [[east], [north], [-west], [-south]]
        kept: Rows = rows[met.all(axis=0)]
        return kept


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
