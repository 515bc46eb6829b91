"""Names on the map, placed one after another where nothing stands yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from service.maps.font import ASCENT, DESCENT, text_width
from service.maps.page import Rect

MAX_LABELS = 1500
LINE_HEIGHT = 1.2
_WRAP_AT = 15.0  # em; a longer name is set on two lines


@dataclass(frozen=True, slots=True)
class Wish:
    """A name that wants a place. ``at`` are anchors in page mm, best first;
    ``offset`` > 0 sets it beside the anchor (points), 0 centred on it."""

    text: str
    at: tuple[tuple[float, float], ...]
    size: float
    priority: float
    offset: float = 0.0
    bold: bool = False
    colour: str = "#172022"
    #: Room the shape offers, in mm; a name wider than it is left out. 0 = any.
    room: float = 0.0


@dataclass(frozen=True, slots=True)
class Label:
    """A placed line of text: ``x``, ``y`` are the left end of its baseline in mm."""

    text: str
    x: float
    y: float
    size: float
    bold: bool
    colour: str


def place_labels(
    wishes: Sequence[Wish], frame: Rect, obstacles: NDArray[np.float64]
) -> list[Label]:
    """Labels that fit, highest priority first. ``obstacles`` are (n, 4) boxes."""
    taken = _Boxes(obstacles)
    labels: list[Label] = []
    ranked = sorted(wishes, key=lambda w: (-w.priority, w.text, w.at, w.offset))
    for wish in ranked[:MAX_LABELS]:
        lines = wrapped(wish.text)
        width = max(text_width(line, wish.size) for line in lines)
        if wish.room and width > wish.room:
            continue
        height = wish.size * (ASCENT + DESCENT + LINE_HEIGHT * (len(lines) - 1))
        spot = _spot(wish, (width, height), frame, taken)
        if spot is not None:
            taken.add(spot)
            labels += _set(wish, lines, spot)
    return labels


def wrapped(text: str) -> list[str]:
    """One line, or two of about equal width if it is long and has a gap to break at."""
    if text_width(text, 1.0) <= _WRAP_AT:
        return [text]
    gaps = [n for n, c in enumerate(text) if c in " ·（(—-、"]
    if not gaps:
        return [text]
    half = text_width(text, 0.5)
    gap = min(gaps, key=lambda n: abs(text_width(text[:n], 1.0) - half))
    keep = 0 if text[gap] in " （(" else 1
    return [text[: gap + keep].strip(), text[gap + keep :].strip()]


Box = tuple[float, float, float, float]


def _spot(
    wish: Wish, size: tuple[float, float], frame: Rect, taken: _Boxes
) -> Box | None:
    width, height = size
    gap = 0.4
    for x, y in wish.at:
        for left, top in _corners((x, y), size, wish.offset):
            box = left - gap, top - gap, left + width + gap, top + height + gap
            if _inside(box, frame) and taken.free(box):
                return box
    return None


def _corners(
    at: tuple[float, float], size: tuple[float, float], offset: float
) -> list[tuple[float, float]]:
    """Top left corners to try: right, left, above, below and the diagonals."""
    (x, y), (width, height) = at, size
    if offset == 0:
        return [(x - width / 2, y - height / 2)]
    right, left = x + offset, x - offset - width
    above, below = y - offset - height, y + offset
    middle_x, middle_y = x - width / 2, y - height / 2
    return [
        (right, middle_y), (left, middle_y), (middle_x, above), (middle_x, below),
        (right, above + height / 2), (right, below - height / 2),
        (left, above + height / 2), (left, below - height / 2),
    ]  # fmt: skip


def _inside(box: Box, frame: Rect) -> bool:
    return (
        box[0] >= frame.x + 0.5
        and box[1] >= frame.y + 0.5
        and box[2] <= frame.right - 0.5
        and box[3] <= frame.bottom - 0.5
    )


def _set(wish: Wish, lines: list[str], spot: Box) -> list[Label]:
    middle = (spot[0] + spot[2]) / 2
    baseline = spot[1] + 0.4 + wish.size * ASCENT
    return [
        Label(
            line,
            middle - text_width(line, wish.size) / 2,
            baseline + n * LINE_HEIGHT * wish.size,
            wish.size,
            wish.bold,
            wish.colour,
        )
        for n, line in enumerate(lines)
    ]


class _Boxes:
    """Boxes taken so far, in one growing array."""

    def __init__(self, first: NDArray[np.float64]) -> None:
        self._array = np.empty((max(64, 2 * len(first)), 4))
        self._array[: len(first)] = first
        self._count = len(first)

    def add(self, box: Box) -> None:
        if self._count == len(self._array):
            self._array = np.concatenate([self._array, np.empty_like(self._array)])
        self._array[self._count] = box
        self._count += 1

    def free(self, box: Box) -> bool:
        taken = self._array[: self._count]
        left, top, right, bottom = box
        hit = (
            (taken[:, 0] < right)
            & (taken[:, 2] > left)
            & (taken[:, 1] < bottom)
            & (taken[:, 3] > top)
        )
        return not bool(hit.any())
