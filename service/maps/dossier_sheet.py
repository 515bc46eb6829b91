"""A page for one feature: its map above, what is known of it in two columns below."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from service.maps.dossier import Block, Dossier
from service.maps.dossier_columns import BODY, Columns, Setting, setting_of
from service.maps.drawing import map_marks
from service.maps.font import text_width
from service.maps.furniture import graticule, north_arrow, scale_bar
from service.maps.ink import Ink
from service.maps.marks import Pen, box
from service.maps.notes import notes_of, scale_text
from service.maps.page import Page, Rect
from service.maps.scene import Scene
from service.maps.sheet import Sheet, blank
from service.maps.symbols import INK, INK_SOFT, PAPER
from service.maps.text import Text, broken, fitted, halos, right_of

_MAP_GAP = 6.0  # under the map
_BELOW = 23.0  # what the page keeps under the map for gaps and the foot
_HEADING = 13.0  # what the heading takes
_MOST_FOOT = 3  # lines of notes
_INDEX_COLUMNS, _INDEX_LEADING, _INDEX_GAP = 3, 4.6, 6.0


@dataclass(frozen=True, slots=True)
class Place:
    """Which page of which series this is."""

    number: int
    total: int
    series: str
    mark: str
    stamp: str = ""  # its classification (密级)


#: Share of the page that the map takes: the most, and the least that still shows.
_MOST_MAP, _LEAST_MAP = 0.5, 0.27


def dossier_frame(page: Page, blocks: Sequence[Block] = ()) -> Rect:
    """Where the map stands on a dossier's page: it gives way to long texts, unless
    they need another page anyway."""
    text = _text(page)
    words = setting_of(blocks, text.width, page.reading_scale).height if blocks else 0.0
    room = text.bottom - text.y - _MAP_GAP * page.text_scale - words
    most = page.height * _MOST_MAP
    height = min(room, most) if room >= page.height * _LEAST_MAP else most
    return Rect(text.x, text.y, text.width, height)


def page_count(page: Page, blocks: Sequence[Block]) -> int:
    """How many pages a dossier takes."""
    return len(_pages(page, blocks, "")[1])


def _text(page: Page) -> Rect:
    """The page under its heading and above its foot."""
    k = page.text_scale
    margin = 10.0 * k
    top = margin + _HEADING * k
    height = page.height - top - (_BELOW - _MAP_GAP) * k
    return Rect(margin, top, page.width - 2 * margin, height)


def _pages(
    page: Page, blocks: Sequence[Block], more: str
) -> tuple[Setting, list[Columns]]:
    text, below = _text(page), _below(page, dossier_frame(page, blocks))
    setting = setting_of(blocks, text.width, page.reading_scale)
    return setting, setting.pages(below.height, text.height, more)


def _below(page: Page, frame: Rect) -> Rect:
    """The page under its map."""
    top = frame.bottom + _MAP_GAP * page.text_scale
    return Rect(frame.x, top, frame.width, _text(page).bottom - top)


def scale_corner(frame: Rect, k: float) -> Rect:
    """The lower right corner of the map, where scale and north stand."""
    width, height = 58.0 * k, 15.0 * k
    return Rect(frame.right - width, frame.bottom - height, width, height)


def dossier_sheets(scene: Scene, dossier: Dossier, place: Place) -> list[Sheet]:
    """Set a feature: a page with its map, and more if its words need them."""
    page, frame = scene.query.page, scene.view.frame
    more = scene.query.text("（续）", " (continued)")
    setting, pages = _pages(page, dossier.blocks, more)
    sheets = []
    for n, columns in enumerate(pages):
        ink = Ink([blank(page)]) if n else map_ink(scene)
        ink.add(_heading(page, dossier.name, dossier.other_name, place))
        ink.add(setting.ink(columns, _text(page) if n else _below(page, frame)))
        ink.add(_foot(scene, replace(place, number=place.number + n)))
        sheets.append(Sheet(page, dossier.name, tuple(ink.marks), tuple(ink.texts)))
    return sheets


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
    size = min(6.2 * k, max(3.6 * k, room / max(text_width(name, 1.0), 1e-6)))
    title = fitted(name, size, room)
    ink.texts.append(Text(title, left, baseline, size, bold=True))
    after = left + text_width(title, size) + 3.5 * k
    rest = fitted(other_name, 3.0 * k, left + room - after)
    if other_name and len(rest) > 3:
        ink.texts.append(Text(rest, after, baseline, 3.0 * k, INK_SOFT))
    return ink


def _foot(scene: Scene, place: Place) -> Ink:
    page = scene.query.page
    k, margin = page.reading_scale, 10.0 * page.text_scale
    size, left, right = 2.1 * k, margin, page.width - margin
    y = page.height - 8.0 * page.text_scale
    number = scene.query.text(
        f"第 {place.number} 页，共 {place.total} 页", f"{place.number} / {place.total}"
    )
    mark = scene.query.text(f"校验码 {place.mark}", f"mark {place.mark}")
    notes = " · ".join([mark, *(text for text, _ in notes_of(scene))])
    room = right - left - text_width(number, size) - 6.0 * k
    lines = broken(notes, size, room)
    if len(lines) > _MOST_FOOT:
        rest = "".join(lines[_MOST_FOOT - 1 :])
        lines = [*lines[: _MOST_FOOT - 1], fitted(rest, size, room)]
    ink = Ink([], [Text(number, right_of(number, right, size), y, size, INK_SOFT)])
    for n, line in enumerate(lines):
        up = (len(lines) - 1 - n) * 3.0 * k
        ink.texts.append(Text(line, left, y - up, size, INK_SOFT))
    return ink


def index_sheets(
    scene: Scene, entries: Sequence[tuple[Dossier, int]], place: Place, title: str
) -> list[Sheet]:
    """The first pages: where every feature lies, and on which page it is told."""
    page, rest = scene.query.page, list(entries)
    columns = _index_columns(page, [entry.name for entry, _ in entries])
    sheets: list[Sheet] = []
    while not sheets or rest:
        rect = _text(page) if sheets else _below(page, scene.view.frame)
        most = columns * _index_rows(rect, page)
        ink = Ink([blank(page)]) if sheets else map_ink(scene)
        ink.add(_heading(page, title, "", replace(place, series="")))
        ink.texts += _listed(rest[:most], rect, columns, page.reading_scale)
        ink.add(_foot(scene, replace(place, number=place.number + len(sheets))))
        sheets.append(Sheet(page, title, tuple(ink.marks), tuple(ink.texts)))
        rest = rest[most:]
    return sheets


def index_count(page: Page, names: Sequence[str]) -> int:
    """How many pages the index of these features takes."""
    columns = _index_columns(page, names)
    first = columns * _index_rows(_below(page, dossier_frame(page)), page)
    further = columns * _index_rows(_text(page), page)
    return 1 + -(-max(0, len(names) - first) // further)


def _index_rows(rect: Rect, page: Page) -> int:
    return int(rect.height / (_INDEX_LEADING * page.reading_scale))


def _index_columns(page: Page, names: Sequence[str]) -> int:
    """As many as leave room for the names."""
    k, width = page.reading_scale, _text(page).width
    longest = max((text_width(name, BODY * k) for name in names), default=0.0)
    most = int((width + _INDEX_GAP * k) / (longest + (_INDEX_GAP + 8.0) * k))
    return min(max(most, 1), _INDEX_COLUMNS)


def _listed(
    entries: Sequence[tuple[Dossier, int]], rect: Rect, columns: int, k: float
) -> Iterator[Text]:
    size, gap = BODY * k, _INDEX_GAP * k
    width = (rect.width - gap * (columns - 1)) / columns
    rows = -(-len(entries) // columns)
    for n, (entry, first) in enumerate(entries):
        left = rect.x + (n // rows) * (width + gap)
        y = rect.y + (n % rows) * _INDEX_LEADING * k + 3.2 * k
        name = fitted(entry.name, size, width - 8.0 * k)
        yield Text(name, left, y, size)
        number = right_of(str(first), left + width, size)
        yield Text(str(first), number, y, size, INK_SOFT)
