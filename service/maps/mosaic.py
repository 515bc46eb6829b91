"""Areas that share their borders, as parcels do: the borders painted all at once.

Between neighbours every pixel first gets the outline's colour of the area that its
middle lies in; the areas are then filled a little narrower, and what stays of the first
is the border. Only sides without a neighbour have to be drawn as lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.frame import FloatArray
from service.maps.canvas import Box, Lines
from service.maps.marks import Cells, Outline
from service.maps.rings import Places

Flags = NDArray[np.bool_]
Labels = NDArray[np.uint8]
#: Labels are bytes; 0 is no area.
MOST = 255


@dataclass(frozen=True, slots=True)
class Sides:
    """The step from each point to the next: which are sides, and which of those have
    the same side of another area on their other face."""

    real: Flags
    shared: Flags

    @property
    def alone(self) -> Flags:
        """Sides without a neighbour."""
        return self.real & ~self.shared

    def open_points(self) -> Flags:
        """Points that a side without a neighbour begins or ends in."""
        alone = self.alone
        touched = alone.copy()
        touched[1:] |= alone[:-1]
        return touched


def sides_of(outlines: Sequence[Outline]) -> list[Sides]:
    """The sides of areas that are drawn together."""
    real = [_real(outline) for outline in outlines]
    every = np.concatenate(real)
    keys = np.concatenate([_keys(outline.cells) for outline in outlines])[every]
    order = np.argsort(keys)
    placed = keys[order]
    same = placed[1:] == placed[:-1]
    twin = np.zeros(len(placed), dtype=bool)
    twin[1:] |= same
    twin[:-1] |= same
    paired = np.zeros(len(placed), dtype=bool)
    paired[order] = twin
    shared = np.zeros(len(every), dtype=bool)
    shared[every] = paired
    cuts = np.cumsum([len(part) for part in real])[:-1]
    return [Sides(a, b) for a, b in zip(real, np.split(shared, cuts), strict=True)]


def _real(outline: Outline) -> Flags:
    """The last point of a ring is its first again, and has no side of its own."""
    real = np.ones(len(outline.cells), dtype=bool)
    real[outline.starts - 1] = False
    return real


def _keys(cells: Cells) -> NDArray[np.int64]:
    """A number for each side, the same in both directions: its middle and extent."""
    x, y = cells[:, 0], cells[:, 1]
    next_x, next_y = np.roll(x, -1), np.roll(y, -1)
    middle = ((x + next_x) & 0x3FFFF) << 18 | ((y + next_y) & 0x3FFFF)
    wide, high = np.abs(next_x - x) & 0x1FFF, np.abs(next_y - y) & 0x1FFF
    keys: NDArray[np.int64] = (middle << 26) | (wide << 13) | high
    return keys


def closed_points(lines: Lines, points: Flags) -> Flags:
    """The same, with the last point of each ring as its first."""
    ends = np.append(lines.starts[1:], len(points)) - 1
    either = points[ends] | points[lines.starts]
    points[ends] = points[lines.starts] = either
    return points


def runs(lines: Lines, chosen: Flags) -> Lines:
    """Chosen sides as open lines."""
    before = np.zeros(len(chosen), dtype=bool)
    before[1:] = chosen[:-1]
    kept = chosen | before
    begins = (chosen & ~before)[kept]
    return Lines(lines.xy[kept], np.flatnonzero(begins), False)


def labels(
    xy: FloatArray, real: Flags, owner: NDArray[np.uint8], box: Box
) -> Labels | None:
    """For each pixel of a box which area its middle lies in (``owner`` of its sides),
    0 where in none; None if somewhere in two."""
    left, top, right, bottom = box
    width, height = right - left + 1, bottom - top
    place, down, side = _crossings(xy - (left, top), real, width, height)
    entered = place[down]
    size = width * height
    steps = np.bincount(entered, minlength=size)
    steps -= np.bincount(place[~down], minlength=size)
    rows = steps.astype(np.int8).reshape(height, width)
    depth = np.cumsum(rows, axis=1, dtype=np.int8)
    if depth.max(initial=0) > 1 or depth.min(initial=0) < 0:
        return None
    last = np.zeros(size, dtype=np.intp)
    last[entered] = entered
    last = np.maximum.accumulate(last.reshape(height, width), axis=1)
    names = np.zeros(size, dtype=np.uint8)
    names[entered] = owner[side[down]]
    found = np.take(names, last)
    found *= depth.view(np.uint8)
    return found[:, :-1]


def _crossings(
    xy: FloatArray, real: Flags, width: int, height: int
) -> tuple[Places, Flags, Places]:
    """Where sides cross the middles of rows: the first pixel after, whether the area
    begins there, and which side it is."""
    side = np.flatnonzero(real)
    x0, y0, x1, y1 = xy[side, 0], xy[side, 1], xy[side + 1, 0], xy[side + 1, 1]
    down = y1 > y0
    # From the upper end, so that both neighbours find the same place.
    x, y = np.where(down, x0, x1), np.where(down, y0, y1) - 0.5
    end = np.where(down, y1, y0) - 0.5
    slope = np.where(down, x1 - x0, x0 - x1) / np.maximum(end - y, 1e-9)
    first, last = np.maximum(np.ceil(y), 0.0), np.minimum(np.ceil(end), height)
    counts = np.maximum(last - first, 0.0).astype(np.int64)
    one = np.repeat(np.arange(len(side)), counts)
    before = np.cumsum(counts) - counts
    row = first[one] + (np.arange(len(one)) - before[one])
    at = np.ceil(x[one] + (row - y[one]) * slope[one] - 0.5)
    column = np.clip(at, 0, width - 1)
    place = (row * width + column).astype(np.int64)
    return place, down[one], side[one]


def well_inside(found: Labels) -> Flags:
    """Pixels in an area whose four neighbours are in one too."""
    covered = np.pad(found > 0, 1, mode="edge")
    inside: Flags = (
        covered[1:-1, 1:-1]
        & covered[:-2, 1:-1]
        & covered[2:, 1:-1]
        & covered[1:-1, :-2]
        & covered[1:-1, 2:]
    )
    return inside
