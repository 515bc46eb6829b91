"""A page for one feature: its map above, what is known of it in two columns below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.maps.dossier import Block, Dossier
from service.maps.drawing import map_marks
from service.maps.font import text_width
from service.maps.furniture import Ink, graticule, north_arrow, scale_bar
from service.maps.marks import Pen, box, rule
from service.maps.notes import notes_of, scale_text
from service.maps.page import Page, Rect
from service.maps.scene import Scene
from service.maps.sheet import Sheet, blank
from service.maps.symbols import INK, INK_SOFT, OCHRE, PAPER
from service.maps.text import Text, broken, fitted, halos, right_of

_BODY, _LEADING, _HEAD = 2.7, 4.0, 3.3
_GAP = 8.0  # between the columns
_BELOW = 20.0  # what the page keeps under the map for gaps and the foot


@dataclass(frozen=True, slots=True)
class Place:
    """Which page of which series this is."""

    number: int
    total: int
    series: str
    mark: str
    stamp: str = ""  # its classification (密级)


#: Share of the page that the map takes: the most, and the least that still shows.
_MOST_MAP, _LEAST_MAP = 0.5, 0.24


def dossier_frame(page: Page, blocks: Sequence[Block] = ()) -> Rect:
    """Where the map stands on a dossier's page: it gives way to long texts."""
    k = page.text_scale
    margin = 10.0 * k
    width = page.width - 2 * margin
    top = margin + 13.0 * k
    _, words = _split(_heights(blocks, width, k))
    room = page.height - top - _BELOW * k - words
    height = min(max(room, page.height * _LEAST_MAP), page.height * _MOST_MAP)
    return Rect(margin, top, width, height)


def scale_corner(frame: Rect, k: float) -> Rect:
    """The lower right corner of the map, where scale and north stand."""
    width, height = 58.0 * k, 15.0 * k
    return Rect(frame.right - width, frame.bottom - height, width, height)


def dossier_sheet(scene: Scene, dossier: Dossier, place: Place) -> Sheet:
    """Set one page."""
    page, frame = scene.query.page, scene.view.frame
    k = page.text_scale
    ink = map_ink(scene)
    ink.add(_heading(page, dossier.name, dossier.other_name, place))
    height = page.height - frame.bottom - _BELOW * k
    below = Rect(frame.x, frame.bottom + 6.0 * k, frame.width, height)
    ink.add(_columns(dossier.blocks, below, k))
    ink.add(_foot(scene, place))
    return Sheet(page, dossier.name, tuple(ink.marks), tuple(ink.texts))


def map_ink(scene: Scene) -> Ink:
    """The map with its frame, grid, names, scale and north, on a blank page."""
    query, frame = scene.query, scene.view.frame
    k = query.page.text_scale
    ink = Ink([blank(query.page), map_marks(scene)])
    if query.graticule:
        ink.add(_clear_of(scale_corner(frame, k), graticule(scene.view, k)))
    ink.texts += [
        Text(n.text, n.x, n.y, n.size, n.colour, n.bold, halo=n.size * 0.13)
        for n in scene.labels
    ]
    ink.marks += halos(ink.texts)
    ink.marks.append(box(frame, pen=Pen(INK, 0.3 * k, sharp=True)))
    ink.add(_scale_corner(scene, k))
    return ink


def _clear_of(rect: Rect, grid: Ink) -> Ink:
    """The grid without the numbers that the corner would cover."""
    hidden = (t for t in grid.texts if t.x + 9 > rect.x and t.y > rect.y)
    gone = set(hidden)
    return Ink(grid.marks, [text for text in grid.texts if text not in gone])


def _scale_corner(scene: Scene, k: float) -> Ink:
    """Scale and north on paper."""
    veil = scale_corner(scene.view.frame, k)
    ink = Ink([box(veil, PAPER, Pen(INK, 0.2 * k, sharp=True))])
    at = veil.x + 3.0 * k, veil.y + 7.4 * k
    text = scale_text(scene.view.scale)
    ink.texts.append(Text(text, at[0], veil.y + 5.2 * k, 3.4 * k, bold=True))
    ink.add(scale_bar(scene.view, at, (34.0 * k, k), scene.query.lang))
    word = scene.query.text("北", "N")
    ink.add(north_arrow(scene.view, veil.right - 6 * k, veil.y + 2 * k, 10.5 * k, word))
    return ink


def _heading(page: Page, name: str, other_name: str, place: Place) -> Ink:
    k = page.text_scale
    left, baseline = 10.0 * k, 10.0 * k + 6.5 * k
    room = page.width - 20.0 * k
    words = "  ".join(filter(None, (place.series, place.stamp)))
    series = fitted(words, 3.0 * k, room * 0.35)
    ink = Ink()
    start = right_of(series, left + room, 3.0 * k)
    ink.texts.append(Text(series, start, baseline, 3.0 * k, INK_SOFT))
    room = start - left - 6.0 * k
    title = fitted(name, 6.2 * k, room)
    ink.texts.append(Text(title, left, baseline, 6.2 * k, bold=True))
    after = left + text_width(title, 6.2 * k) + 3.5 * k
    rest = fitted(other_name, 3.0 * k, left + room - after)
    if other_name and len(rest) > 3:
        ink.texts.append(Text(rest, after, baseline, 3.0 * k, INK_SOFT))
    return ink


def _columns(blocks: Sequence[Block], rect: Rect, k: float) -> Ink:
    """Blocks in two columns, broken between blocks where both end most alike."""
    width = (rect.width - _GAP * k) / 2
    heights = _heights(blocks, rect.width, k)
    split, _ = _split(heights)
    ink = Ink()
    for column, part in enumerate((slice(split), slice(split, None))):
        left, y = rect.x + column * (width + _GAP * k), rect.y
        for block, height in zip(blocks[part], heights[part], strict=True):
            if y + 8.0 * k < rect.bottom:
                ink.add(_block(block, Rect(left, y, width, rect.bottom - y), k))
            y += height
    return ink


def _heights(blocks: Sequence[Block], width: float, k: float) -> list[float]:
    return [_height(block, (width - _GAP * k) / 2, k) for block in blocks]


def _split(heights: Sequence[float]) -> tuple[int, float]:
    """Where the second column begins, and how high the higher column is."""
    tall = [max(sum(heights[:n]), sum(heights[n:])) for n in range(len(heights) + 1)]
    height = min(tall)
    return tall.index(height), height


def _height(block: Block, width: float, k: float) -> float:
    lines = sum(len(_lines(row, width, k)) for row in block.rows)
    return (7.6 + lines * _LEADING + 2.2) * k


def _block(block: Block, rect: Rect, k: float) -> Ink:
    ink, y = Ink(), rect.y + 3.2 * k
    colour = OCHRE if block.warning else INK
    ink.texts.append(Text(block.title, rect.x, y, _HEAD * k, colour, bold=True))
    below = y + 1.6 * k
    pen = Pen(colour, 0.2 * k)
    ink.marks.append(rule((rect.x, below), (rect.right, below), pen))
    y = below + 4.2 * k
    for row in block.rows:
        for n, line in enumerate(_lines(row, rect.width, k)):
            if y > rect.bottom:
                return ink
            at = Rect(rect.x, y, rect.width, 0)
            if len(row) == 3:
                ink.texts += _table(row if n == 0 else ("", "", ""), line, at, k)
            else:
                ink.texts += _fact(row[0] if n == 0 else "", line, at, k)
            y += _LEADING * k
    return ink


def _lines(row: tuple[str, ...], width: float, k: float) -> list[str]:
    """The wrapping column of a row: the value of a fact, the name in a table."""
    if len(row) == 3:
        numbers = 40.0 if row[2] else 20.0
        return broken(row[0], _BODY * k, width - numbers * k)
    return broken(row[1], _BODY * k, width - 20.0 * k)


def _table(row: tuple[str, ...], line: str, rect: Rect, k: float) -> list[Text]:
    size, (_, number, share) = _BODY * k, row
    end = rect.right - (14.0 * k if share else 0.0)
    return [
        Text(line, rect.x, rect.y, size),
        Text(number, right_of(number, end, size), rect.y, size),
        Text(share, right_of(share, rect.right, size), rect.y, size, INK_SOFT),
    ]


def _fact(label: str, line: str, rect: Rect, k: float) -> list[Text]:
    size = _BODY * k
    label = fitted(label, size, 19.0 * k)
    return [
        Text(label, rect.x, rect.y, size, INK_SOFT),
        Text(line, rect.x + 20.0 * k, rect.y, size),
    ]


def _foot(scene: Scene, place: Place) -> Ink:
    page = scene.query.page
    k = page.text_scale
    size, left, right = 2.1 * k, 10.0 * k, page.width - 10.0 * k
    y = page.height - 8.0 * k
    number = scene.query.text(
        f"第 {place.number} 页，共 {place.total} 页", f"{place.number} / {place.total}"
    )
    mark = scene.query.text(f"校验码 {place.mark}", f"mark {place.mark}")
    notes = " · ".join([mark, *(text for text, _ in notes_of(scene))])
    room = right - left - text_width(number, size) - 6.0 * k
    lines = broken(notes, size, room)[:2]
    ink = Ink([], [Text(number, right_of(number, right, size), y, size, INK_SOFT)])
    for n, line in enumerate(lines):
        up = (len(lines) - 1 - n) * 3.0 * k
        ink.texts.append(Text(line, left, y - up, size, INK_SOFT))
    return ink


def index_sheet(
    scene: Scene, entries: Sequence[Dossier], place: Place, title: str
) -> Sheet:
    """The first page: where every feature lies, and on which page it is told."""
    page, frame = scene.query.page, scene.view.frame
    k = page.text_scale
    ink = map_ink(scene)
    ink.add(_heading(page, title, "", replace(place, series="")))
    columns, size = 3, _BODY * k
    top, gap = frame.bottom + 9.0 * k, 6.0 * k
    width = (frame.width - gap * (columns - 1)) / columns
    rows = -(-len(entries) // columns)
    for n, entry in enumerate(entries):
        left = frame.x + (n // rows) * (width + gap)
        y = top + (n % rows) * 4.6 * k
        if y > page.height - 14.0 * k:
            continue
        number = str(n + 2)
        name = fitted(entry.name, size, width - 8.0 * k)
        ink.texts += [
            Text(name, left, y, size),
            Text(number, right_of(number, left + width, size), y, size, INK_SOFT),
        ]
    ink.add(_foot(scene, place))
    return Sheet(page, title, tuple(ink.marks), tuple(ink.texts))
