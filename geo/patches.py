"""Laid geometries in an order in which neighbours stand together, asked of one shape.

Most of what a large shape meets lies wholly inside it and needs no cutting: its amount
is known. Boxes of ever fewer rows tell which those are, so that only what lies along
the outline of the shape is made into geometries at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.corner import corners
from geo.drawn import Drawn
from geo.frame import FloatArray, ObjectArray
from geo.overlap import Dimensions, Laid
from geo.parts import Rows
from geo.wkb import Wkb

#: Rows in a box of each level.
_LEVELS = (4096, 512, 64, 8, 1)
_SMALL = 4096
#: Pairs of a box and a run of edges that are looked at together.
_AT_ONCE = 2_000_000
Bytes = bytes | memoryview


class Patches:
    """Geometries as WKB with their boxes, dimensions and amounts."""

    def __init__(
        self,
        sides: FloatArray,
        dimension: Dimensions,
        amount: FloatArray,
        ends: NDArray[np.int64],
        wkb: Bytes,
    ) -> None:
        self.dimension, self.amount = dimension, amount
        self.sides, self._ends, self._wkb = sides, ends, wkb
        self._held: ObjectArray | None = None

    def __len__(self) -> int:
        return len(self.amount)

    @property
    def extent(self) -> list[float] | None:
        """west, south, east, north of all; None where there is nothing."""
        known = self.sides[:, ~np.isnan(self.sides[0])]
        if known.shape[1] == 0:
            return None
        low, high = known[:2].min(axis=1), known[2:].max(axis=1)
        return [*low.tolist(), *high.tolist()]

    @classmethod
    def of(cls, laid: Laid) -> Patches:
        """From geometries in memory."""
        wkb = [b or b"" for b in shapely.to_wkb(laid.geoms, byte_order=1).tolist()]
        ends = np.cumsum([0, *map(len, wkb)], dtype=np.int64)
        sides = np.ascontiguousarray(shapely.bounds(laid.geoms).reshape(-1, 4).T)
        dimension = np.asarray(laid.dimension, dtype=np.int8)
        return cls(sides, dimension, laid.amount, ends, b"".join(wkb))

    @classmethod
    def held(cls, laid: Laid) -> Patches:
        """The geometries themselves, for questions of one process."""
        made = cls.of(replace(laid, geoms=np.full(len(laid.geoms), None, dtype=object)))
        made.sides = np.ascontiguousarray(shapely.bounds(laid.geoms).reshape(-1, 4).T)
        made._held = laid.geoms
        return made

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What ``__init__`` takes."""
        return {
            "sides": self.sides,
            "dimension": self.dimension,
            "amount": self.amount,
            "ends": self._ends,
            "wkb": np.frombuffer(self._wkb, dtype=np.uint8),
        }

    def geometry(self, rows: Rows) -> ObjectArray:
        """Made anew from their bytes, unless they are held."""
        if self._held is not None:
            held: ObjectArray = self._held[rows]
            return held
        wkb = [part or None for part in self.wkb(rows)]
        made: ObjectArray = shapely.from_wkb(np.array(wkb, dtype=object))
        return made

    def wkb(self, rows: Rows) -> list[bytes]:
        """The bytes of chosen geometries, none where one is missing."""
        if self._held is not None:
            found = shapely.to_wkb(self._held[rows], byte_order=1).tolist()
            return [part or b"" for part in found]
        whole = self._wkb
        starts, ends = self._ends[rows].tolist(), self._ends[rows + 1].tolist()
        return [bytes(whole[a:b]) for a, b in zip(starts, ends, strict=True)]

    @cached_property
    def boxes(self) -> list[FloatArray]:
        """Of each level, the coarsest first; NaN where nothing has a place."""
        return _levels(self.sides)


@dataclass(frozen=True, slots=True)
class _Near:
    """Rows wholly inside a shape; rows along its outline, ascending, and the one or two
    edges that run through the box of each (-1 where there are others)."""

    inside: Rows
    along: Rows
    first: Rows
    second: Rows

    def take(self, start: int, end: int) -> _Near:
        """Those from ``start`` up to ``end``, counted from there."""
        inside = self.inside[(self.inside >= start) & (self.inside < end)]
        part = slice(*np.searchsorted(self.along, (start, end)))
        along, first = self.along[part] - start, self.first[part]
        return _Near(inside - start, along, first, self.second[part])


def shared(shape: Drawn, asked: Sequence[Patches]) -> list[tuple[Rows, FloatArray]]:
    """Of each of the patches the rows that the shape meets and what they share, in m²,
    m or a count (0 where they only touch); all are cut and measured at once."""
    if not asked:
        return []
    near = _found(shape, asked)
    parts = list(zip(asked, near, strict=True))
    amount, meets = shape.shared(
        Wkb([part for each, n in parts for part in each.wkb(n.along)]),
        np.concatenate([each.dimension[n.along] for each, n in parts]),
        np.concatenate([each.amount[n.along] for each, n in parts]),
        np.concatenate([n.first for n in near]),
        np.concatenate([n.second for n in near]),
    )
    ends = np.cumsum([len(n.along) for n in near])
    found = []
    for (each, n), end in zip(parts, ends.tolist(), strict=True):
        part = slice(end - len(n.along), end)
        rows = np.concatenate([n.inside, n.along[meets[part]]])
        known = each.amount[n.inside]
        found.append((rows, np.concatenate([known, amount[part][meets[part]]])))
    return found


def _found(shape: Drawn, asked: Sequence[Patches]) -> list[_Near]:
    """Small patches are looked through together."""
    small = [each for each in asked if len(each) <= _SMALL]
    ends = np.cumsum([0, *map(len, small)]).tolist()
    together = _together(shape, np.hstack([e.sides for e in small])) if small else None
    found, n = [], 0
    for each in asked:
        if together is not None and len(each) <= _SMALL:
            found.append(together.take(ends[n], ends[n + 1]))
            n += 1
        else:
            found.append(_near(shape, each.boxes))
    return found


def _together(shape: Drawn, sides: FloatArray) -> _Near:
    """Of patches in no order: of few every box is looked at, of more those of like
    size that are neighbours are put together first."""
    if sides.shape[1] * len(shape.outline.after) <= _AT_ONCE:
        return _plainly(shape, sides)
    wide = np.nan_to_num((sides[2:] - sides[:2]).max(axis=0), nan=1.0)
    size = np.log2(np.maximum(wide, 1.0)).astype(np.int8)
    curve = along_curve(sides)
    order = curve[np.argsort(size[curve], kind="stable")]
    near = _near(shape, _levels(sides.take(order, axis=1)))
    along = order[near.along]
    again = np.argsort(along)
    return _Near(
        order[near.inside], along[again], near.first[again], near.second[again]
    )


def _near(shape: Drawn, levels: list[FloatArray]) -> _Near:
    """By boxes alone, from the coarsest to those of the rows."""
    inside: list[Rows] = []
    count = levels[-1].shape[1]
    blocks = _reached(shape, levels[0])
    block, run = _every(shape, levels[0], blocks)
    for boxes, (size, finer) in zip(levels, pairwise((*_LEVELS, 0)), strict=True):
        find = shape.outline.through if finer else shape.outline.edges
        block, run = find(boxes, block, run)
        crossed = np.zeros(boxes.shape[1], dtype=bool)
        crossed[block] = True
        free = blocks[~crossed[blocks]]
        inside.append(
            _children(free[shape.holds(boxes.take(free, axis=1))], size, count)
        )
        if finer:
            each, fewer = size // finer, -(-count // finer)
            blocks = _children(np.flatnonzero(crossed), each, fewer)
            block, run = _children(block, each), np.repeat(run, each)
            block, run = block[block < fewer], run[block < fewer]
    along = np.flatnonzero(crossed)
    ends = np.searchsorted(block, np.append(along, count))
    held = np.concatenate(inside)
    # What has no place stands among others, and is in none of their boxes.
    held = held[~np.isnan(levels[-1][0].take(held))]
    return _Near(held, along, *corners(shape.outline, run, ends))


def _plainly(shape: Drawn, sides: FloatArray) -> _Near:
    """Each box by itself."""
    reached = _reached(shape, sides)
    boxes = sides.take(reached, axis=1)
    block, edge = shape.outline.every(boxes)
    crossed = np.zeros(len(reached), dtype=bool)
    crossed[block] = True
    along, free = np.flatnonzero(crossed), np.flatnonzero(~crossed)
    held = shape.holds(boxes.take(free, axis=1))
    ends = np.searchsorted(block, np.append(along, len(reached)))
    found = corners(shape.outline, edge, ends)
    return _Near(reached[free[held]], reached[along], *found)


def _reached(shape: Drawn, sides: FloatArray) -> Rows:
    """Which boxes the box of the shape meets."""
    west, south, east, north = shape.bounds
    near = (sides[0] <= east) & (sides[2] >= west)
    near &= (sides[1] <= north) & (sides[3] >= south)
    found: Rows = np.flatnonzero(near)
    return found


def _every(shape: Drawn, boxes: FloatArray, blocks: Rows) -> tuple[Rows, Rows]:
    """Pairs of these boxes and the runs of edges that meet them."""
    runs = np.arange(shape.outline.runs)
    step = max(_AT_ONCE // len(runs), 1)
    found = [
        shape.outline.through(
            boxes, np.repeat(some, len(runs)), np.tile(runs, len(some))
        )
        for some in np.split(blocks, range(step, len(blocks), step))
    ]
    block, run = zip(*found, strict=True)
    return np.concatenate(block), np.concatenate(run)


def _levels(sides: FloatArray) -> list[FloatArray]:
    levels = [sides]
    for size, coarser in pairwise(reversed(_LEVELS)):
        levels.append(_joined(levels[-1], coarser // size))
    return levels[::-1]


def along_curve(sides: FloatArray) -> Rows:
    """An order of boxes (4, n) in which neighbours stand together: G. Morton's."""
    middle = np.nan_to_num((sides[:2] + sides[2:]) / 2)
    low = middle.min(axis=1, initial=np.inf, keepdims=True)
    span = middle.max(axis=1, initial=-np.inf, keepdims=True) - low
    steps = ((middle - low) / np.where(span > 0, span, 1) * 0xFFFF).astype(np.uint64)
    x, y = (_spaced(each) for each in steps)
    order: Rows = np.argsort(x | (y << np.uint64(1)), kind="stable")
    return order


def _spaced(steps: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """16 bits with a zero between any two."""
    masks = (0x00FF00FF, 0x0F0F0F0F, 0x33333333, 0x55555555)
    for shift, mask in zip((8, 4, 2, 1), masks, strict=True):
        steps = (steps | (steps << np.uint64(shift))) & np.uint64(mask)
    return steps


def _joined(sides: FloatArray, count: int) -> FloatArray:
    """The boxes around every ``count`` boxes."""
    if sides.shape[1] == 0:
        return sides
    starts = np.arange(0, sides.shape[1], count)
    low = np.fmin.reduceat(sides[:2], starts, axis=1)
    high = np.fmax.reduceat(sides[2:], starts, axis=1)
    return np.concatenate([low, high])


def _children(blocks: Rows, each: int, count: int | None = None) -> Rows:
    """The blocks that these are made of, ``each`` apiece, below ``count``."""
    found: Rows = (blocks[:, None] * each + np.arange(each)).ravel()
    return found if count is None else found[found < count]
