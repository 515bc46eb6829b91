"""What a sheet is drawn with: outlines, pens and brushes, in the order they are laid.

Every format is written from these: SVG and PDF as text, PNG as pixels. So they cannot
disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from service.maps.page import Rect
from service.maps.patterns import Pattern
from service.maps.symbols import Hatch

Cells: TypeAlias = NDArray[np.int64]
#: Map geometry is in hundredths of a millimetre on paper, furniture in thousandths.
MAP_UNITS, FINE_UNITS = 100, 1000


@dataclass(frozen=True, slots=True)
class Outline:
    """Lines through ``cells`` (n, 2), a new one at each of ``starts``; ``per_mm`` of
    their units are a millimetre of the page. Closed ones end where they began."""

    cells: Cells
    starts: NDArray[np.intp]
    closed: bool
    per_mm: int = MAP_UNITS


@dataclass(frozen=True, slots=True)
class Pen:
    """A line: widths and dashes in millimetres."""

    colour: str
    width: float
    dash: tuple[float, ...] = ()
    opacity: float = 1.0
    sharp: bool = False  # mitred corners instead of round ones


@dataclass(frozen=True, slots=True)
class Shape:
    """An outline filled (non-zero) and drawn."""

    outline: Outline
    fill: str | None = None
    pen: Pen | None = None
    opacity: float = 1.0  # of the fill


@dataclass(frozen=True, slots=True)
class Discs:
    """Circles at page positions (n, 2), in millimetres."""

    centres: NDArray[np.float64]
    radius: float
    fill: str
    pen: Pen | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """Hatching inside an area, along its outline: ``hatch`` in CSS pixels, ``px`` of
    which are a millimetre."""

    outline: Outline
    hatch: Hatch
    px: float


@dataclass(frozen=True, slots=True)
class Patterned:
    """A pattern all over an area; ``px`` of its CSS pixels are a millimetre."""

    outline: Outline
    pattern: Pattern
    px: float


@dataclass(frozen=True, slots=True)
class Halo:
    """The paper-coloured edge of a line of text, ``width`` mm around its letters."""

    text: str
    x: float
    y: float
    size: float
    width: float


@dataclass(frozen=True, slots=True)
class Clipped:
    """Marks of which only what lies in a frame is seen."""

    frame: Rect
    marks: tuple[Mark, ...]


Mark: TypeAlias = Shape | Discs | Band | Patterned | Halo | Clipped
Points: TypeAlias = Sequence[tuple[float, float]]


def outline_of(lines: Sequence[Points], *, closed: bool) -> Outline:
    """Lines of page positions in millimetres."""
    counts = [len(line) + closed for line in lines]
    points = [p for line in lines for p in [*line, *line[: int(closed)]]]
    cells = np.rint(np.array(points, dtype=float).reshape(-1, 2) * FINE_UNITS)
    starts = np.cumsum([0, *counts])[:-1]
    return Outline(cells.astype(np.int64), starts, closed, FINE_UNITS)


def box(
    rect: Rect, fill: str | None = None, pen: Pen | None = None, opacity: float = 1.0
) -> Shape:
    """A rectangle."""
    x, y, right, bottom = rect.x, rect.y, rect.right, rect.bottom
    corners = [(x, y), (right, y), (right, bottom), (x, bottom)]
    return Shape(outline_of([corners], closed=True), fill, pen, opacity)


def rule(start: tuple[float, float], end: tuple[float, float], pen: Pen) -> Shape:
    """A straight line."""
    return Shape(outline_of([[start, end]], closed=False), pen=pen)
