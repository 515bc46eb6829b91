"""A sheet as pixels: its marks in order, then its texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from geo.frame import FloatArray
from service.maps.canvas import Canvas, Ink, Lines, Pixels, Stroke
from service.maps.glyphs import Line, letters
from service.maps.marks import (
    MAP_UNITS,
    Band,
    Clipped,
    Discs,
    Halo,
    Mark,
    Outline,
    Patterned,
    Pen,
    Shape,
)
from service.maps.mosaic import (
    MOST,
    closed_points,
    labels,
    runs,
    sides_of,
    well_inside,
)
from service.maps.page import MM_PER_INCH, Rect
from service.maps.paths import joined
from service.maps.rims import moved
from service.maps.sheet import Sheet
from service.maps.stripes import striped
from service.maps.svg import BOLD, HALO
from service.maps.symbols import PAPER
from service.maps.text import Text

_ROUND = 64  # corners of a disc
#: Pixels that hatching is worked out for at a time.
_TILE = 1_000_000
#: Fewer points than this are not worth the trouble of a mosaic.
_LEAST_MOSAIC = 5_000
#: Corners of wider outlines than this (pixels) have to be round.
_WIDEST_RIM = 2.0


def painted(sheet: Sheet) -> Pixels:
    """The picture: (height, width, 4), fully covered."""
    painter = _Painter(sheet)
    painter.marks(sheet.marks)
    painter.texts(sheet.texts)
    return painter.canvas.pixels


class _Painter:
    def __init__(self, sheet: Sheet) -> None:
        self.dots = sheet.page.dpi / MM_PER_INCH  # pixels in a millimetre
        self.width, self.height = sheet.page.pixels
        self.canvas = Canvas(self.width, self.height)
        self._edge = (0, 0, self.width, self.height)  # of what is seen

    def marks(self, marks: Iterable[Mark]) -> None:
        for mosaic, group in groupby(marks, self._in_mosaic):
            together = list(group)
            if not mosaic or not self._mosaic(together):
                self._each(together)

    def _each(self, marks: Iterable[Mark]) -> None:
        for mark in marks:
            if isinstance(mark, Shape):
                self._shape(mark)
            elif isinstance(mark, Discs):
                lines = _discs(mark.centres * self.dots, mark.radius * self.dots)
                self.canvas.draw(lines, Ink(mark.fill), self._pen(mark.pen))
            elif isinstance(mark, Halo):
                self._halo(mark)
            elif isinstance(mark, Band):
                self._band(mark)
            elif isinstance(mark, Patterned):
                self._patterned(mark)
            else:
                self._clipped(mark)

    def _shape(self, mark: Shape) -> None:
        lines, pen = self._lines(mark.outline), self._pen(mark.pen)
        fill = Ink(mark.fill, mark.opacity) if mark.fill else None
        if fill and pen and _is_rim(mark, pen):
            self.canvas.draw(moved(lines, pen.width / 2), pen.ink, None)
            self.canvas.draw(moved(lines, -pen.width / 2), fill, None)
        else:
            self.canvas.draw(lines, fill, pen)

    def _in_mosaic(self, mark: Mark) -> bool:
        pen = self._pen(mark.pen) if isinstance(mark, Shape) else None
        return isinstance(mark, Shape) and pen is not None and _is_rim(mark, pen)

    def _mosaic(self, marks: Sequence[Mark]) -> bool:
        """Areas with thin outlines, as one; False if they do not lie side by side."""
        shapes = [mark for mark in marks if isinstance(mark, Shape)]
        counts = [len(shape.outline.cells) for shape in shapes]
        if len(shapes) > MOST or sum(counts) < _LEAST_MOSAIC:
            return False
        outline = joined([shape.outline for shape in shapes])
        lines, sides = self._lines(outline), sides_of(outline)
        owner = np.repeat(np.arange(1, len(shapes) + 1), counts)
        found = labels(lines.xy, sides, owner, self._edge)
        if found is None:
            return False
        pens = [pen for shape in shapes if (pen := self._pen(shape.pen))]
        covered = found * well_inside(found)
        self.canvas.tint([pen.ink for pen in pens], covered, self._edge)
        # Narrower towards neighbours, and drawn where alone.
        free = closed_points(lines, sides.open_points())
        half = np.repeat([-pen.width / 2 for pen in pens], counts)
        inner, alone = moved(lines, np.where(free, 0.0, half)), sides.alone
        ends = np.cumsum(counts)
        parts = map(slice, ends - counts, ends)
        for shape, pen, part in zip(shapes, pens, parts, strict=True):
            fill = Ink(shape.fill) if shape.fill else None
            tile = Lines(inner.xy[part], shape.outline.starts, True)
            self.canvas.draw(tile, fill, None)
            edge = Lines(lines.xy[part], shape.outline.starts, True)
            self.canvas.draw(runs(edge, alone[part]), None, pen)
        return True

    def texts(self, texts: Iterable[Text]) -> None:
        """Letters of one colour and weight together: nothing of them overlaps."""
        alike: dict[tuple[str, float], list[Line]] = {}
        for text in texts:
            bold = text.size * BOLD * self.dots if text.bold else 0.0
            line = self._line(text.text, text.x, text.y, text.size)
            alike.setdefault((text.colour, bold), []).append(line)
        for (colour, bold), lines in alike.items():
            stroke = Stroke(Ink(colour), bold, sharp=True) if bold else None
            self.canvas.draw(letters(lines), Ink(colour), stroke)

    def _line(self, text: str, x: float, y: float, size: float) -> Line:
        return Line(text, x * self.dots, y * self.dots, size * self.dots)

    def _lines(self, outline: Outline) -> Lines:
        xy: FloatArray = outline.cells * np.float64(self.dots / outline.per_mm)
        return Lines(xy, outline.starts, outline.closed)

    def _pen(self, pen: Pen | None) -> Stroke | None:
        if pen is None:
            return None
        dash = tuple(d * self.dots for d in pen.dash)
        ink = Ink(pen.colour, pen.opacity)
        return Stroke(ink, pen.width * self.dots, dash, pen.sharp)

    def _halo(self, mark: Halo) -> None:
        line = self._line(mark.text, mark.x, mark.y, mark.size)
        stroke = Stroke(Ink(PAPER, HALO), 2 * mark.width * self.dots)
        self.canvas.draw(letters([line]), None, stroke)

    def _clipped(self, mark: Clipped) -> None:
        outer = self.canvas.clip, self._edge
        self._edge = self._pixels(mark.frame)
        self.canvas.clip = self._edge
        self.marks(mark.marks)
        self.canvas.clip, self._edge = outer

    def _pixels(self, rect: Rect) -> tuple[int, int, int, int]:
        """The pixels of a rectangle, as near as they come."""
        left, top, right, bottom = (
            round(v * self.dots) for v in (rect.x, rect.y, rect.right, rect.bottom)
        )
        return (
            max(left, 0),
            max(top, 0),
            min(right, self.width),
            min(bottom, self.height),
        )

    def _band(self, mark: Band) -> None:
        """Hatching where three things overlap: the area, a wide pen along its outline,
        and the hatch lines."""
        if len(mark.outline.cells) == 0:
            return
        lines = self._lines(mark.outline)
        px = mark.px * self.dots
        pen = Stroke(Ink(PAPER), 2 * mark.hatch.band * px)
        ink = Ink(mark.hatch.colour, mark.hatch.opacity)
        for tile in self._tiles(lines.xy, mark.hatch.band * px):
            left, top, right, bottom = tile
            moved = Lines(lines.xy - (left, top), lines.starts, True)
            size = right - left, bottom - top
            pitch = mark.hatch.pitch * px
            hatch = _hatching(tile, pitch, mark.hatch.width * px)
            covers = (
                _coverage(size, hatch, Ink(PAPER), None),
                _coverage(size, moved, Ink(PAPER), None),
                _coverage(size, moved, None, pen),
            )
            _blend(self.canvas.pixels[top:bottom, left:right], ink, covers)

    def _patterned(self, mark: Patterned) -> None:
        """A pattern where an area is."""
        if len(mark.outline.cells) == 0:
            return
        lines = self._lines(mark.outline)
        ink = Ink(mark.pattern.colour, mark.pattern.opacity)
        for tile in self._tiles(lines.xy, 0.0):
            left, top, right, bottom = tile
            size = right - left, bottom - top
            here = Lines(lines.xy - (left, top), lines.starts, True)
            over = striped(tile, mark.pattern, mark.px * self.dots)
            covers = [_coverage(size, one, Ink(PAPER), None) for one in (over, here)]
            _blend(self.canvas.pixels[top:bottom, left:right], ink, covers)

    def _tiles(
        self, xy: FloatArray, around: float
    ) -> Iterator[tuple[int, int, int, int]]:
        """The seen part of what lies around these points, in pieces."""
        low, high = xy.min(axis=0) - around - 1, xy.max(axis=0) + around + 1
        left, right = max(self._edge[0], int(low[0])), min(self._edge[2], int(high[0]))
        top, bottom = max(self._edge[1], int(low[1])), min(self._edge[3], int(high[1]))
        if left >= right:
            return
        rows = max(1, _TILE // (right - left))
        for y in range(top, bottom, rows):
            yield left, y, right, min(y + rows, bottom)


def _is_rim(mark: Shape, pen: Stroke) -> bool:
    """Whether an area's outline may be what shows of it, in the outline's colour and a
    little wider, around itself a little narrower: half the work of drawing a line."""
    outline = mark.outline
    if mark.fill is None:
        return False
    thin = pen.width <= _WIDEST_RIM and outline.closed and outline.per_mm == MAP_UNITS
    return thin and not pen.dash and mark.opacity == pen.ink.opacity == 1


def _coverage(
    size: tuple[int, int], lines: Lines, fill: Ink | None, stroke: Stroke | None
) -> NDArray[np.uint8]:
    """How much of each pixel a drawing covers, 0 to 255."""
    canvas = Canvas(*size)
    canvas.draw(lines, fill, stroke)
    return canvas.pixels[:, :, 3].copy()  # a fourth of what the canvas holds


def _blend(pixels: Pixels, ink: Ink, covers: Sequence[NDArray[np.uint8]]) -> None:
    """Ink where all of these cover, which is on few pixels of most."""
    # Flat and as yes or no: a tenth of the time of looking in rows and columns.
    where = np.flatnonzero(np.minimum.reduce(covers) > 0)
    rows, columns = np.divmod(where, pixels.shape[1])
    share = np.full(len(rows), ink.opacity)
    for cover in covers:
        share *= cover[rows, columns] / np.float64(255)
    colour = np.array(ink.rgba[:3]) * 255
    under = pixels[rows, columns, :3]
    mixed = under * (1 - share[:, None]) + colour * share[:, None]
    pixels[rows, columns, :3] = np.floor(mixed + 0.5)


def _discs(centres: FloatArray, radius: float) -> Lines:
    angle = np.arange(_ROUND + 1) % _ROUND * (2 * np.pi / _ROUND)
    ring = np.column_stack([np.cos(angle), np.sin(angle)]) * radius
    xy = (centres[:, None] + ring).reshape(-1, 2)
    return Lines(xy, np.arange(len(centres)) * (_ROUND + 1), True)


def _hatching(tile: tuple[int, int, int, int], pitch: float, width: float) -> Lines:
    """Stripes at 45° over a piece of the page, in step with the page's corner."""
    left, top, right, bottom = tile
    half = 0.5**0.5
    # Across the stripes: from the upper right to the lower left.
    first, last = (left + top) * half, (right + bottom) * half
    ends = (top - right) * half, (bottom - left) * half
    near = np.arange(np.floor(first / pitch), np.ceil(last / pitch) + 1) * pitch
    corners = [(near, ends[0]), (near + width, ends[0]), (near + width, ends[1]),
               (near, ends[1]), (near, ends[0])]  # fmt: skip
    xy = [
        np.column_stack([(a - b) * half - left, (a + b) * half - top])
        for a, b in corners
    ]
    stripes = np.stack(xy, axis=1).reshape(-1, 2)
    return Lines(stripes, np.arange(len(near)) * len(corners), True)
