"""Areas that share their borders, as parcels do: the borders painted all at once.

Between neighbours every pixel first gets the outline's colour of the area that its
middle lies in; the areas are then filled a little narrower, and what stays of the first
is the border. Only sides without a neighbour have to be drawn as lines.
"""

from __future__ import annotations

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
_AREA = MOST + 1


@dataclass(frozen=True, slots=True)
class Sides:
    """The step from each point to the next: which are sides, and which of those have
    the same side of another area on their other face. ``order`` sorts the sides so
    that equal ones follow one another, from each of ``runs`` on."""

    real: Flags
    shared: Flags
    order: Places
    runs: Places

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


def sides_of(outline: Outline) -> Sides:
    """The sides of areas that are drawn together."""
    # The last point of a ring is its first again, and has no side of its own.
    real = np.ones(len(outline.cells), dtype=bool)
    real[outline.starts - 1] = False
    side = np.flatnonzero(real)
    keys = _keys(outline.cells, side)
    order = np.argsort(keys)
    placed = keys[order]
    begins = np.ones(len(placed), dtype=bool)
    np.not_equal(placed[1:], placed[:-1], out=begins[1:])
    alone = begins.copy()
    alone[:-1] &= begins[1:]
    order = side[order]
    shared = np.zeros(len(real), dtype=bool)
    shared[order] = ~alone
    return Sides(real, shared, order, np.flatnonzero(begins))


def _keys(cells: Cells, side: Places) -> NDArray[np.int64]:
    """A number for each side, the same in both directions: its middle, extent and
    slope."""
    (x, across), (y, down) = (_pairs(column) for column in cells.T)
    keys: NDArray[np.int64] = (x & 0x3FFFF) << 45
    keys |= (y & 0x3FFFF) << 27
    keys |= across * down < 0
    keys |= (np.abs(across) & 0x1FFF) << 14
    keys |= (np.abs(down) & 0x1FFF) << 1
    return keys[side]


def _pairs(values: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Of each value and the next: their sum and their difference."""
    here = np.ascontiguousarray(values)
    there = np.append(here[1:], 0)
    return here + there, there - here


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


def labels(xy: FloatArray, sides: Sides, owner: Places, box: Box) -> Labels | None:
    """For each pixel of a box which area its middle lies in (``owner`` of its points),
    0 where in none; None if somewhere in two."""
    left, top, right, bottom = box
    width, height = right - left + 1, bottom - top
    # Walking along a row, what is entered is added and what is left taken away: the
    # number of areas in the upper byte, their label in the lower. A side between two
    # neighbours is walked through once, one between two of the same label not at all.
    down = np.diff(xy[:, 1], append=0.0) > 0
    told = np.where(down, owner + _AREA, -owner - _AREA)
    change = np.add.reduceat(told[sides.order], sides.runs)
    told_of = np.flatnonzero(change)
    side = sides.order[sides.runs[told_of]]
    place, one = _crossings(xy - (left, top), side, width, height)
    steps = np.zeros(width * height, dtype=np.int32)
    np.add.at(steps, place, change[told_of].astype(np.int32)[one])
    rows = steps.reshape(height, width)
    within = np.cumsum(rows, axis=1, out=rows)
    if within.min(initial=0) < 0 or within.max(initial=0) >= 2 * _AREA:
        return None
    return within[:, :-1].astype(np.uint8)


def _crossings(
    xy: FloatArray, side: Places, width: int, height: int
) -> tuple[Places, Places]:
    """Where sides cross the middles of rows: the first pixel after, and which of the
    sides it is."""
    columns, rows = np.ascontiguousarray(xy[:, 0]), xy[:, 1] - 0.5
    # From the upper end, so that both neighbours find the same place.
    upper = side + (rows[side + 1] < rows[side])
    lower = 2 * side + 1 - upper
    x, y, end = columns[upper], rows[upper], rows[lower]
    slope = (columns[lower] - x) / np.maximum(end - y, 1e-9)
    first, last = np.maximum(np.ceil(y), 0.0), np.minimum(np.ceil(end), height)
    counts = np.maximum(last - first, 0.0).astype(np.intp)
    one = np.repeat(np.arange(len(side)), counts)
    begins = first - (np.cumsum(counts) - counts)
    row = np.arange(len(one)) + begins[one]
    at = np.ceil((x - y * slope - 0.5)[one] + row * slope[one])
    np.clip(at, 0, width - 1, out=at)
    at += row * width
    return at.astype(np.intp), one


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
