"""North arrow, scale bar and kilometre grid."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import shapely

from geo.crs import to_crs84
from service.maps.font import text_width
from service.maps.marks import Mark, Pen, Points, Shape, box, outline_of
from service.maps.page import Rect
from service.maps.symbols import INK, INK_SOFT, PAPER
from service.maps.text import Text
from service.maps.view import View


@dataclass(slots=True)
class Ink:
    """What a piece of furniture leaves on the sheet."""

    marks: list[Mark] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def add(self, other: Ink) -> None:
        self.marks += other.marks
        self.texts += other.texts


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
    """An arrow to true north: turned by the meridian convergence at the centre."""
    tip, width = height * 0.62, height * 0.3
    corners = [(0.0, -0.5), (-0.5, 0.5), (0.0, 0.28), (0.5, 0.5)]
    angle = math.radians(convergence(view))
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
    """Degrees clockwise from the page's up to true north at the centre of the map."""
    if view.crs.epsg == 3857:
        return 0.0
    x, y = view.center
    step = np.array([shapely.LineString([(x, y), (x, y + 100.0)])], dtype=object)
    (lon, lat), (to_lon, to_lat) = shapely.get_coordinates(
        to_crs84(step, view.crs, axis="xy")
    )
    east = (to_lon - lon) * math.cos(math.radians(lat))
    return -math.degrees(math.atan2(east, to_lat - lat))


def graticule(view: View, k: float) -> Ink:
    """Crosses of the kilometre grid, with kilometres named at the frame."""
    west, south, east, north = view.bounds
    step = round_length((east - west) / 3.2)
    xs = np.arange(math.ceil(west / step), math.floor(east / step) + 1) * step
    ys = np.arange(math.ceil(south / step), math.floor(north / step) + 1) * step
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
    decimals = max(0, math.ceil(-math.log10(step / 1000)))
    texts = [
        _grid_label(
            f"{x / 1000:.{decimals}f}", px + 0.6 * k, frame.bottom - 0.8 * k, size
        )
        for x, px in zip(xs, columns, strict=True)
        if px + 9 * k < frame.right
    ] + [
        _grid_label(f"{y / 1000:.{decimals}f}", frame.x + 0.8 * k, py - 0.6 * k, size)
        for y, py in zip(ys, rows, strict=True)
        if frame.y + 4 * k < py < frame.bottom - 4 * k
    ]
    return Ink([Shape(outline_of(lines, closed=False), pen=Pen(INK_SOFT, 0.15))], texts)


def _column_ticks(frame: Rect, x: float, arm: float) -> list[Points]:
    top, bottom = frame.y, frame.bottom
    return [[(x, top), (x, top + arm)], [(x, bottom), (x, bottom - arm)]]


def _row_ticks(frame: Rect, y: float, arm: float) -> list[Points]:
    left, right = frame.x, frame.right
    return [[(left, y), (left + arm, y)], [(right, y), (right - arm, y)]]


def _grid_label(text: str, x: float, y: float, size: float) -> Text:
    return Text(text, x, y, size, INK_SOFT, halo=0.35)
