"""The kilometre grid of a turned map: its lines meet the frame at an angle, so each is
named where it comes in, with the letter of what it measures."""

from __future__ import annotations

import numpy as np
import shapely

from geo.frame import FloatArray
from service.maps.font import text_width
from service.maps.ink import Ink, grid_label
from service.maps.labels import Box
from service.maps.marks import Pen, Points, Shape, outline_of
from service.maps.page import Rect
from service.maps.symbols import INK_SOFT
from service.maps.view import View

_ENDS = ((0, 1), (1, 0))


def turned_grid(
    view: View, k: float, grid: tuple[FloatArray, FloatArray], decimals: int
) -> Ink:
    """Crosses where the lines E ``grid[0]`` and N ``grid[1]`` meet, ticks where they
    leave the frame, and their kilometres, which stand upright."""
    arm, lines = 1.1 * k, _crosses(view, grid, 1.1 * k)
    ink, taken = Ink(), list[Box]()
    for axis, values in enumerate(grid):
        for value in values.tolist():
            ends = _ends(view, axis, value)
            if ends is None:
                continue
            lines += [_tick(ends, at, arm) for at in _ENDS]
            name = f"{'EN'[axis]} {value / 1000:.{decimals}f}"
            box = _place(view.frame, ends[0], name, k)
            if box is not None and not any(_meet(box, other) for other in taken):
                taken.append(box)
                ink.texts.append(grid_label(name, box[0], box[3], 2.1 * k))
    ink.marks.append(Shape(outline_of(lines, closed=False), pen=Pen(INK_SOFT, 0.15)))
    return ink


def _crosses(
    view: View, grid: tuple[FloatArray, FloatArray], arm: float
) -> list[Points]:
    page = view.to_page(np.array(np.meshgrid(*grid)).reshape(2, -1).T)
    (x, y), frame = page.T, view.frame
    seen = (frame.x < x) & (x < frame.right) & (frame.y < y) & (y < frame.bottom)
    along = _direction(view)
    across = along[::-1] * (-1.0, 1.0)
    return [
        [tuple((at - way * arm).tolist()), tuple((at + way * arm).tolist())]
        for at in page[seen]
        for way in (along, across)
    ]


def _direction(view: View) -> FloatArray:
    """Of east on the page."""
    steps = view.turn.there(np.array([(1.0, 0.0)]))[0]
    turned: FloatArray = steps * (1.0, -1.0)
    return turned


def _ends(view: View, axis: int, value: float) -> list[FloatArray] | None:
    """Where a line of the grid enters the frame, from the south or the west, and where
    it leaves it."""
    west, south, east, north = view.bounds
    low, high = ((value, south), (value, north)), ((west, value), (east, value))
    page = view.to_page(np.array((low, high)[axis]))
    frame = view.frame
    seen = shapely.clip_by_rect(
        shapely.LineString(page), frame.x, frame.y, frame.right, frame.bottom
    )
    if seen.geom_type != "LineString" or seen.is_empty:
        return None
    first, last = shapely.get_coordinates(seen)[[0, -1]]
    if np.hypot(*(first - page[0])) > np.hypot(*(last - page[0])):
        first, last = last, first
    return [first, last]


def _tick(ends: list[FloatArray], at: tuple[int, int], arm: float) -> Points:
    """From one end towards the other."""
    here, there = ends[at[0]], ends[at[1]]
    way = (there - here) / max(float(np.hypot(*(there - here))), 1e-9)
    return [tuple(here.tolist()), tuple((here + way * arm).tolist())]


def _place(frame: Rect, end: FloatArray, name: str, k: float) -> Box | None:
    """Room for a name just inside the frame; None in a corner, where two sides would
    claim it."""
    size, gap = 2.1 * k, 0.8 * k
    width = text_width(name, size)
    x, y = end.tolist()
    sides = (x - frame.x, frame.right - x, y - frame.y, frame.bottom - y)
    side = int(np.argmin(sides))
    left = (x + gap, x - gap - width, x + gap, x + gap)[side]
    baseline = (y - gap, y - gap, y + gap + size * 0.8, y - gap)[side]
    box = (left, baseline - size, left + width, baseline)
    inside = frame.x < box[0] and box[2] < frame.right
    return box if inside and frame.y < box[1] and box[3] < frame.bottom else None


def _meet(one: Box, other: Box) -> bool:
    beside = one[0] > other[2] or one[2] < other[0]
    return not (beside or one[1] > other[3] or one[3] < other[1])
