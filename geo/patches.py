"""Laid geometries in an order in which neighbours stand together, asked of one shape.

Most of what a large shape meets lies wholly inside it and needs no cutting: its amount
is known. Boxes of ever fewer rows tell which those are, so that only what lies along
the outline of the shape is made into geometries at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

#: Rows in a box of each level.
_LEVELS = (4096, 512, 64, 8, 1)
#: Pairs of a box and a run of edges that are looked at together.
_AT_ONCE = 2_000_000
Bytes = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Met:
    """Rows wholly inside a shape, and rows along its outline: their geometries, and the
    one or two edges that run through the box of each (-1 where there are others)."""

    inside: Rows
    along: Rows
    geoms: ObjectArray
    first: Rows
    second: Rows


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
        self._sides, self._ends, self._wkb = sides, ends, wkb

    def __len__(self) -> int:
        return len(self.amount)

    @classmethod
    def of(cls, laid: Laid) -> Patches:
        """From geometries in memory."""
        wkb = [b or b"" for b in shapely.to_wkb(laid.geoms, byte_order=1).tolist()]
        ends = np.cumsum([0, *map(len, wkb)], dtype=np.int64)
        sides = np.ascontiguousarray(shapely.bounds(laid.geoms).reshape(-1, 4).T)
        dimension = np.asarray(laid.dimension, dtype=np.int8)
        return cls(sides, dimension, laid.amount, ends, b"".join(wkb))

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What ``__init__`` takes."""
        return {
            "sides": self._sides,
            "dimension": self.dimension,
            "amount": self.amount,
            "ends": self._ends,
            "wkb": np.frombuffer(self._wkb, dtype=np.uint8),
        }

    def geometry(self, rows: Rows) -> ObjectArray:
        """Made anew from their bytes."""
        whole = self._wkb
        spans = zip(
            self._ends[rows].tolist(), self._ends[rows + 1].tolist(), strict=True
        )
        wkb = [bytes(whole[start:end]) or None for start, end in spans]
        made: ObjectArray = shapely.from_wkb(np.array(wkb, dtype=object))
        return made

    def meeting(self, shape: Drawn) -> Met:
        """What the shape meets, and what comes close to its outline."""
        inside: list[Rows] = []
        blocks = self._within_reach(shape)
        block, run = self._coarsest(shape, blocks)
        steps = pairwise((*_LEVELS, 0))
        for boxes, (size, finer) in zip(self._boxes, steps, strict=True):
            find = shape.outline.through if finer else shape.outline.edges
            block, run = find(boxes, block, run)
            crossed = np.unique(block)
            free = np.setdiff1d(blocks, crossed, assume_unique=True)
            held = free[shape.holds(boxes[:, free])]
            inside.append(_children(held, size, len(self)))
            if finer:
                each, count = size // finer, -(-len(self) // finer)
                blocks = _children(crossed, each, count)
                block, run = _children(block, each), np.repeat(run, each)
                block, run = block[block < count], run[block < count]
        ends = np.searchsorted(block, np.append(crossed, len(self)))
        first, second = corners(shape.outline, run, ends)
        return Met(
            np.concatenate(inside), crossed, self.geometry(crossed), first, second
        )

    def _within_reach(self, shape: Drawn) -> Rows:
        """The coarsest boxes that the box of the shape meets."""
        west, south, east, north = shape.bounds
        sides = self._boxes[0]
        near = (sides[0] <= east) & (sides[2] >= west)
        near &= (sides[1] <= north) & (sides[3] >= south)
        found: Rows = np.flatnonzero(near)
        return found

    def _coarsest(self, shape: Drawn, blocks: Rows) -> tuple[Rows, Rows]:
        """Pairs of these boxes and the runs of edges that meet them."""
        runs = np.arange(shape.outline.runs)
        step = max(_AT_ONCE // len(runs), 1)
        found = [
            shape.outline.through(
                self._boxes[0], np.repeat(some, len(runs)), np.tile(runs, len(some))
            )
            for some in np.split(blocks, range(step, len(blocks), step))
        ]
        block, run = zip(*found, strict=True)
        return np.concatenate(block), np.concatenate(run)

    @cached_property
    def _boxes(self) -> list[FloatArray]:
        """The boxes of each level; NaN where nothing has a place."""
        levels = [self._sides]
        for size, coarser in pairwise(reversed(_LEVELS)):
            levels.append(_joined(levels[-1], coarser // size))
        return levels[::-1]


def shared(
    shape: Drawn, met: Sequence[tuple[Patches, Met]]
) -> Iterator[tuple[Rows, FloatArray]]:
    """Of each of the patches the rows that the shape meets and what they share, in m²,
    m or a count (0 where they only touch); all are cut and measured at once."""
    if not met:
        return
    amount, meets = shape.shared(
        np.concatenate([m.geoms for _, m in met]),
        np.concatenate([p.dimension[m.along] for p, m in met]),
        np.concatenate([p.amount[m.along] for p, m in met]),
        np.concatenate([m.first for _, m in met]),
        np.concatenate([m.second for _, m in met]),
    )
    ends = np.cumsum([len(m.along) for _, m in met])
    for (patches, m), end in zip(met, ends.tolist(), strict=True):
        part = slice(end - len(m.along), end)
        yield (
            np.concatenate([m.inside, m.along[meets[part]]]),
            np.concatenate([patches.amount[m.inside], amount[part][meets[part]]]),
        )


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
