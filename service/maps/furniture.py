"""North arrow, scale bar and kilometre grid."""

from __future__ import annotations

import math

import numpy as np
import shapely

from geo.crs import from_crs84, to_crs84
from geo.frame import FloatArray
from service.maps.font import text_width
from service.maps.ink import Ink, grid_label
from service.maps.marks import Pen, Points, Shape, box, outline_of
from service.maps.page import Rect
from service.maps.symbols import INK, INK_SOFT, PAPER
from service.maps.text import Text
from service.maps.turned_grid import turned_grid
from service.maps.view import View

#: Degrees north and south of the centre between which the meridian is followed.
_STEP = 0.0005
#: Most millimetres that a scale bar may take, and the scale of its text.
Room = tuple[float, float]


def round_length(most: float) -> float:
    """The longest 1, 2 or 5 times a power of ten that is not over ``most``."""
    power = 10.0 ** math.floor(math.log10(most))  # may round up to the next power
    return max(step * power for step in (0.5, 1.0, 2.0, 5.0) if step * power <= most)


def distance_text(metres: float, lang: str) -> str:
    """``500 米``, ``2 公里``."""
    if metres >= 1000:
        return f"{metres / 1000:g} {'公里' if lang == 'zh' else 'km'}"
    return f"{metres:g} {'米' if lang == 'zh' else 'm'}"


def bar_metres(view: View, most: float) -> tuple[float, float]:
    """Ground metres and paper width of the bar that fits into ``most`` mm."""
    metres = round_length(view.ground_length(most))
    return metres, most * metres / view.ground_length(most)


def scale_bar(view: View, at: tuple[float, float], room: Room, lang: str) -> Ink:
    """A bar of four alternating fields starting at ``at``. Lengths are ground metres
    at the middle of the map."""
    (x, y), (most, k) = at, room
    metres, width = bar_metres(view, most)
    height, size = 1.3 * k, 2.5 * k
    ink = Ink()
    for n in range(4):
        fill = INK if n % 2 == 0 else PAPER
        left = x + width * n / 4
        field_ = Rect(left, y, width / 4, height)
        ink.marks.append(box(field_, fill, Pen(INK, 0.15 * k, sharp=True)))
    for share in (0.0, 0.5, 1.0):
        label = f"{metres * share / (1000 if metres >= 1000 else 1):g}"
        if share == 1.0:
            label = distance_text(metres, lang)
        number = label.split(" ")[0]
        left = x + width * share - text_width(number, size) / 2
        ink.texts.append(Text(label, max(left, x), y + height + size + 0.4 * k, size))
    return ink


def north_arrow(view: View, middle: float, top: float, height: float, word: str) -> Ink:
    """An arrow to true north: turned as the map is, and by the meridian convergence at
    the centre."""
    tip, width = height * 0.62, height * 0.3
    corners = [(0.0, -0.5), (-0.5, 0.5), (0.0, 0.28), (0.5, 0.5)]
    angle = math.radians(convergence(view) + view.turn.degrees)
    cos, sin = math.cos(angle), math.sin(angle)
    arrow = [
        (
            middle + x * width * cos - y * tip * sin,
            top + tip / 2 + x * width * sin + y * tip * cos,
        )
        for x, y in corners
    ]
    size = height * 0.3
    return Ink(
        [Shape(outline_of([arrow], closed=True), INK)],
        [Text(word, middle - text_width(word, size) / 2, top + height, size, INK)],
    )


def convergence(view: View) -> float:
    """Degrees clockwise from grid north to true north at the centre of the map."""
    if view.crs.epsg == 3857:
        return 0.0
    here = np.array([shapely.Point(view.center)], dtype=object)
    place = to_crs84(here, view.crs, axis="xy")[0]
    # Along the meridian and back onto the plane: a degree of longitude and one of
    # latitude are not in the ratio of a sphere's.
    meridian = [(place.x, place.y - _STEP), (place.x, place.y + _STEP)]
    drawn = from_crs84(np.array([shapely.LineString(meridian)]), view.crs, axis="xy")
    (x, y), (to_x, to_y) = shapely.get_coordinates(drawn)
    return math.degrees(math.atan2(to_x - x, to_y - y))


def graticule(view: View, k: float) -> Ink:
    """Crosses of the kilometre grid, with kilometres named at the frame."""
    west, south, east, north = view.bounds
    step = round_length(view.frame.width * view.metres_per_mm / 3.2)
    xs, ys = _steps(west, east, step), _steps(south, north, step)
    decimals = max(0, math.ceil(-math.log10(step / 1000)))
    if view.turn.degrees:
        return turned_grid(view, k, (xs, ys), decimals)
    frame, arm, size = view.frame, 1.1 * k, 2.1 * k
    grid = np.array(np.meshgrid(xs, ys)).reshape(2, -1).T
    lines: list[Points] = []
    for x, y in view.to_page(grid).tolist():
        lines += [[(x - arm, y), (x + arm, y)], [(x, y - arm), (x, y + arm)]]
    columns = view.to_page(np.column_stack([xs, np.full(len(xs), south)]))[:, 0]
    rows = view.to_page(np.column_stack([np.full(len(ys), west), ys]))[:, 1]
    for x in columns.tolist():
        lines += _column_ticks(frame, x, arm)
    for y in rows.tolist():
        lines += _row_ticks(frame, y, arm)
    texts = [
        grid_label(
            f"{x / 1000:.{decimals}f}", px + 0.6 * k, frame.bottom - 0.8 * k, size
        )
        for x, px in zip(xs, columns, strict=True)
        if px + 9 * k < frame.right
    ] + [
        grid_label(f"{y / 1000:.{decimals}f}", frame.x + 0.8 * k, py - 0.6 * k, size)
        for y, py in zip(ys, rows, strict=True)
        if frame.y + 4 * k < py < frame.bottom - 4 * k
    ]
    return Ink([Shape(outline_of(lines, closed=False), pen=Pen(INK_SOFT, 0.15))], texts)


def grid_rooms(view: View, k: float) -> list[Rect]:
    """Where the grid's numbers stand."""
    return [
        Rect(t.x, t.y - t.size, text_width(t.text, t.size), t.size)
        for t in graticule(view, k).texts
    ]


def _steps(low: float, high: float, step: float) -> FloatArray:
    """The multiples of a step between two values."""
    count = np.arange(math.ceil(low / step), math.floor(high / step) + 1)
    return np.asarray(count * step, dtype=np.float64)


def _column_ticks(frame: Rect, x: float, arm: float) -> list[Points]:
    top, bottom = frame.y, frame.bottom
    return [[(x, top), (x, top + arm)], [(x, bottom), (x, bottom - arm)]]


def _row_ticks(frame: Rect, y: float, arm: float) -> list[Points]:
    left, right = frame.x, frame.right
    return [[(left, y), (left + arm, y)], [(right, y), (right - arm, y)]]
