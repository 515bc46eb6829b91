"""North arrow, scale bar and kilometre grid."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import shapely

from geo.crs import to_crs84
from service.maps.font import text_width
from service.maps.page import Rect
from service.maps.symbols import INK, INK_SOFT, PAPER
from service.maps.text import Text
from service.maps.view import View


@dataclass(slots=True)
class Ink:
    """What a piece of furniture leaves on the sheet."""

    svg: list[str] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def add(self, other: Ink) -> None:
        self.svg += other.svg
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
        ink.svg.append(
            f'<rect x="{left:.4f}" y="{y:.3f}" width="{width / 4:.4f}"'
            f' height="{height:.3f}" fill="{fill}" stroke="{INK}"'
            f' stroke-width="{0.15 * k:.3f}"/>'
        )
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
    angle = convergence(view)
    pivot = f"rotate({angle:.3f} {middle:.3f} {top + tip / 2:.3f})"
    left = f"M{middle:.3f} {top:.3f}l{-width / 2:.3f} {tip:.3f}"
    path = f"{left}l{width / 2:.3f} {-tip * 0.22:.3f}l{width / 2:.3f} {tip * 0.22:.3f}z"
    size = height * 0.3
    return Ink(
        [f'<path d="{path}" transform="{pivot}" fill="{INK}"/>'],
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
    path = "".join(
        f"M{x - arm:.3f} {y:.3f}h{2 * arm:.3f}M{x:.3f} {y - arm:.3f}v{2 * arm:.3f}"
        for x, y in view.to_page(grid)
    )
    columns = view.to_page(np.column_stack([xs, np.full(len(xs), south)]))[:, 0]
    rows = view.to_page(np.column_stack([np.full(len(ys), west), ys]))[:, 1]
    ticks = "".join(_column_ticks(frame, x, arm) for x in columns)
    ticks += "".join(_row_ticks(frame, y, arm) for y in rows)
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
    ink = f'stroke="{INK_SOFT}" stroke-width=".15" fill="none"'
    return Ink([f'<path d="{path}{ticks}" {ink}/>'], texts)


def _column_ticks(frame: Rect, x: float, arm: float) -> str:
    top, bottom = f"M{x:.3f} {frame.y:.3f}", f"M{x:.3f} {frame.bottom:.3f}"
    return f"{top}v{arm:.3f}{bottom}v{-arm:.3f}"


def _row_ticks(frame: Rect, y: float, arm: float) -> str:
    left, right = f"M{frame.x:.3f} {y:.3f}", f"M{frame.right:.3f} {y:.3f}"
    return f"{left}h{arm:.3f}{right}h{-arm:.3f}"


def _grid_label(text: str, x: float, y: float, size: float) -> Text:
    return Text(text, x, y, size, INK_SOFT, halo=0.35)
