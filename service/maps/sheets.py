"""A map on several sheets (分幅): a grid, an index, sheets that name each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import shapely

from service.errors import BadRequest
from service.maps.drawn import LayerData
from service.maps.extents import asked_bounds, fitted
from service.maps.font import text_width
from service.maps.ink import Ink
from service.maps.layout import Layout
from service.maps.marks import Halo, Mark, Pen, box, rule
from service.maps.number import no_such_sheet
from service.maps.page import Rect
from service.maps.query import MapQuery
from service.maps.scene import Scene, build_scene
from service.maps.sheet import Sheet, compose
from service.maps.symbols import INK, INK_SOFT, PAPER, SELECTED
from service.maps.text import Text
from service.maps.turn import Bounds
from service.maps.view import View, middle_of, view_of

#: More sheets than this want a smaller scale.
MAX_SHEETS = 100
_SIDES = ((0, -1, "↑"), (0, 1, "↓"), (-1, 0, "←"), (1, 0, "→"))


@dataclass(frozen=True, slots=True)
class Cell:
    """One sheet's ground in turned metres: column from the left, row from the top."""

    column: int
    row: int
    bounds: Bounds


@dataclass(frozen=True, slots=True)
class Grid:
    """The sheets that show anything, by rows from the upper left; the first is
    number 1."""

    cells: tuple[Cell, ...]

    @property
    def bounds(self) -> Bounds:
        """The ground of all sheets."""
        boxes = np.array([cell.bounds for cell in self.cells])
        low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def number(self, column: int, row: int) -> int | None:
        """The number of the sheet at a place, None if there is none."""
        places = [(cell.column, cell.row) for cell in self.cells]
        return places.index((column, row)) + 1 if (column, row) in places else None


def grid_of(bounds: Bounds, frame: Rect, scale: int, overlap: float) -> Grid:
    """Frames of this scale over the bounds, with ``overlap`` millimetres in common.
    Raises ``BadRequest`` for more than ``MAX_SHEETS``."""
    metres = scale / 1000.0
    sizes = frame.width * metres, frame.height * metres
    steps = (frame.width - overlap) * metres, (frame.height - overlap) * metres
    spans = bounds[2] - bounds[0], bounds[3] - bounds[1]
    columns, rows = (
        _count(*of_one) for of_one in zip(spans, sizes, steps, strict=True)
    )
    if columns * rows > MAX_SHEETS:
        raise _too_many(columns * rows, scale)
    middle = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    west = middle[0] - (sizes[0] + (columns - 1) * steps[0]) / 2
    north = middle[1] + (sizes[1] + (rows - 1) * steps[1]) / 2
    cells = []
    for row in range(rows):
        for column in range(columns):
            left, top = west + column * steps[0], north - row * steps[1]
            extent = left, top - sizes[1], left + sizes[0], top
            cells.append(Cell(column, row, extent))
    return Grid(tuple(cells))


def _count(span: float, size: float, step: float) -> int:
    return 1 if span <= size else 1 + math.ceil((span - size) / step - 1e-9)


def _too_many(count: int, scale: int) -> BadRequest:
    enough = math.ceil(scale * math.sqrt(count / MAX_SHEETS) * 1.05 / 100) * 100
    return BadRequest(
        f"At 1:{scale:,} this extent takes {count} sheets; a series has at most"
        f" {MAX_SHEETS}. Ask for scale={enough} or larger paper.",
        f"按 1:{scale:,} 该范围需 {count} 幅，一次最多 {MAX_SHEETS} 幅。"
        f"请用 scale={enough} 或更大的纸张。",
        parameter="scale",
    )


class Sheets:
    """The sheets of one series."""

    def __init__(
        self,
        query: MapQuery,
        layers: Sequence[LayerData],
        styles: Mapping[str, Any],
        layout: Layout,
        mark: str,
    ) -> None:
        self._query, self._layers, self._styles = query, layers, styles
        self._layout, self._mark = layout, mark

    @cached_property
    def grid(self) -> Grid:
        """The sheets on which there is anything."""
        query = self._query
        assert query.scale is not None and query.overlap is not None
        ground = asked_bounds(query, self._layers)
        grid = grid_of(ground, self._layout.frame, query.scale, query.overlap)
        return Grid(tuple(cell for cell in grid.cells if self._shows(cell)))

    def all(self) -> list[Sheet]:
        """The index and every sheet; one sheet alone needs no index."""
        sheets = [self.one(n) for n in range(1, len(self.grid.cells) + 1)]
        return [self.index(), *sheets] if len(sheets) > 1 else sheets

    def index(self) -> Sheet:
        """Where the sheets lie."""
        frame, crs = self._layout.frame, self._query.crs
        around = Rect(0, 0, frame.width * 0.96, frame.height * 0.96)
        turn = self._query.turn
        view = view_of(self.grid.bounds, around, crs, round_scale=True, turn=turn)
        shown = replace(view, frame=frame, scale=float(round(view.scale)))
        ink, total = Ink(), len(self.grid.cells)
        for n, cell in enumerate(self.grid.cells, start=1):
            ink.add(self._outlined(n, _on_page(cell.bounds, shown)))
        numbers = [_room(text) for text in ink.texts]
        scene = self._scene(round(view.scale), view.center, numbers)
        sheet = compose(scene, self._layout, self._mark)
        words = self._query.text(
            f"图幅索引 · 共 {total} 幅", f"Index of {total} sheets"
        )
        ink.add(self._sign(words))
        return _with(sheet, ink)

    def one(self, number: int) -> Sheet:
        """The sheet of that number."""
        total = len(self.grid.cells)
        if number > total:
            raise no_such_sheet(number, total)
        cell = self.grid.cells[number - 1]
        scale = self._query.scale
        assert scale is not None
        scene = self._scene(scale, self._query.turn.ground(middle_of(cell.bounds)))
        sheet = compose(scene, self._layout, self._mark)
        if total == 1:
            return sheet
        words = self._query.text(
            f"第 {number} 幅，共 {total} 幅", f"Sheet {number} of {total}"
        )
        ink = self._sign(words)
        for side in _SIDES:
            beside = self.grid.number(cell.column + side[0], cell.row + side[1])
            if beside is not None:
                ink.add(self._neighbour(side, beside))
        return _with(sheet, ink)

    def _scene(
        self, scale: int, center: tuple[float, float], taken: Sequence[Rect] = ()
    ) -> Scene:
        query = replace(self._query, scale=scale, at=center)
        frame, k = self._layout.frame, self._layout.k
        sign = Rect(frame.x, frame.y, 50 * k, 8 * k)
        edges = [_at_side(frame, side, (26 * k, 6 * k)) for side in _SIDES]
        return build_scene(
            query, self._layers, self._styles, frame, [sign, *edges, *taken]
        )

    def _shows(self, cell: Cell) -> bool:
        """Whether there is anything of what was asked for on a sheet."""
        window = shapely.Polygon(self._query.turn.corners(cell.bounds))
        shapely.prepare(window)
        shapes = [data.plane for data in self._layers]
        if self._query.fit is not None:
            data, row = fitted(self._query.fit, self._layers)
            shapes = [data.plane[row : row + 1]]
        return any(bool(shapely.intersects(window, some).any()) for some in shapes)

    def _outlined(self, number: int, rect: Rect) -> Ink:
        k = self._layout.k
        size = min(8.0 * k, 0.5 * min(rect.width, rect.height))
        words = str(number)
        x, y = rect.center
        width = text_width(words, size)
        place = x - width / 2, y + size * 0.37
        veil = Rect(x - width / 2 - k, y - size / 2, width + 2 * k, size)
        edge = box(rect, pen=Pen(SELECTED, 0.35 * k, sharp=True))
        return Ink(
            [edge, box(veil, PAPER, opacity=0.85)],
            [Text(words, *place, size, SELECTED, True)],
        )

    def _sign(self, words: str) -> Ink:
        """In the upper left corner of the map: which sheet this is."""
        frame, k = self._layout.frame, self._layout.k
        size = 3.4 * k
        rect = Rect(frame.x, frame.y, text_width(words, size) + 5 * k, 6.6 * k)
        text = Text(words, rect.x + 2.5 * k, rect.y + 4.5 * k, size, bold=True)
        return Ink([box(rect, PAPER, Pen(INK, 0.2 * k, sharp=True))], [text])

    def _neighbour(self, side: tuple[int, int, str], number: int) -> Ink:
        """Its number on the margin, and how far its ground reaches into this sheet."""
        frame, k = self._layout.frame, self._layout.k
        name = self._query.text(f"接第 {number} 幅", f"sheet {number}")
        words = f"{name} {side[2]}" if side[0] > 0 else f"{side[2]} {name}"
        size = 2.7 * k
        rect = _at_side(frame, side, (text_width(words, size) + 3 * k, 4.6 * k))
        text = Text(words, rect.x + 1.5 * k, rect.y + 3.3 * k, size, INK_SOFT)
        shared = rule(*_shared(frame, side, self._query.overlap or 0), _DASHED)
        return Ink([shared, box(rect, PAPER, opacity=0.9)], [text])


_DASHED = Pen(INK_SOFT, 0.2, (3.0, 2.0), opacity=0.7)


def _on_page(bounds: Bounds, view: View) -> Rect:
    west, south, east, north = bounds
    corners = view.turn.back(np.array([(west, north), (east, south)]))
    (x, y), (right, bottom) = view.to_page(corners).tolist()
    return Rect(x, y, right - x, bottom - y)


def _at_side(
    frame: Rect, side: tuple[int, int, str], size: tuple[float, float]
) -> Rect:
    """A small rectangle inside the middle of a side of the frame."""
    (x, y), (width, height) = frame.center, size
    left = x + side[0] * (frame.width - width) / 2 - width / 2
    top = y + side[1] * (frame.height - height) / 2 - height / 2
    return Rect(left, top, width, height)


def _shared(
    frame: Rect, side: tuple[int, int, str], overlap: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    """The line at which the neighbour begins."""
    if side[0]:
        x = frame.x + overlap if side[0] < 0 else frame.right - overlap
        return (x, frame.y), (x, frame.bottom)
    y = frame.y + overlap if side[1] < 0 else frame.bottom - overlap
    return (frame.x, y), (frame.right, y)


def _with(sheet: Sheet, ink: Ink) -> Sheet:
    """The sheet with more on it; what would be written over is left out."""
    new = [_room(text, 0.1) for text in ink.texts]
    over = {t for t in sheet.texts if any(_meet(_room(t, 0.1), room) for room in new)}
    gone = {(t.text, t.x, t.y) for t in over}
    marks = (m for m in sheet.marks if not _halo_of(m, gone))
    texts = (t for t in sheet.texts if t not in over)
    return replace(sheet, marks=(*marks, *ink.marks), texts=(*texts, *ink.texts))


def _halo_of(mark: Mark, texts: set[tuple[str, float, float]]) -> bool:
    return isinstance(mark, Halo) and (mark.text, mark.x, mark.y) in texts


def _room(text: Text, share: float = 0.4) -> Rect:
    """What a line of text covers, with some air: a share of its size."""
    width, air = text_width(text.text, text.size), share * text.size
    top = text.y - text.size - air
    return Rect(text.x - air, top, width + 2 * air, text.size + 2 * air)


def _meet(one: Rect, other: Rect) -> bool:
    beside = one.x > other.right or other.x > one.right
    return not (beside or one.y > other.bottom or other.y > one.bottom)
