"""What is known of a feature, set in two columns on as many pages as it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, repeat, zip_longest

from service.maps.dossier import Block
from service.maps.font import text_width
from service.maps.ink import Ink
from service.maps.marks import Pen, rule
from service.maps.page import Rect
from service.maps.symbols import INK, INK_SOFT, OCHRE
from service.maps.text import Text, broken, right_of

BODY, _LEADING, _HEAD = 2.7, 4.0, 3.3
_GAP = 8.0  # between the columns
_TITLE, _AFTER = 7.6, 2.2  # above and below a block's lines
_LABELS = (20.0, 28.0)  # what a fact's label takes, if all are short and if not
_NUMBERS, _DISTANCE, _SHARE = 40.0, 20.0, 14.0
#: Fewer lines than this do not stand alone at a column's foot, nor at its head.
_LEAST_LINES = 2
#: Characters of one value: what is longer is no fact.
_MOST = 6_000
#: The blocks of the left and of the right column.
Columns = tuple[Sequence[Block], Sequence[Block]]


@dataclass(frozen=True, slots=True)
class Setting:
    """Blocks broken into lines: each of their rows is one line now. ``label`` is one
    for all, so that values stand below one another."""

    blocks: tuple[Block, ...]
    width: float  # of a column
    label: float
    k: float

    @property
    def height(self) -> float:
        """How high the columns are when both end most alike."""
        return self._split()[1]

    def pages(self, first: float, rest: float, more: str) -> list[Columns]:
        """The columns of a first page with so much room, and of further ones; ``more``
        marks the title of a block that goes on."""
        at, height = self._split()
        if height <= first:
            return [(self.blocks[:at], self.blocks[at:])]
        columns = list(self._filled(chain((first, first), repeat(rest)), more))
        if len(columns) % 2:  # the last page has one only: both as high as each other
            last = replace(self, blocks=tuple(columns.pop()))
            at, _ = last._split()
            columns += [list(last.blocks[:at]), list(last.blocks[at:])]
        return list(zip(columns[::2], columns[1::2], strict=True))

    def ink(self, columns: Columns, rect: Rect) -> Ink:
        """The columns of a page."""
        ink = Ink()
        for n, blocks in enumerate(columns):
            left, y = rect.x + n * (self.width + _GAP * self.k), rect.y
            for block in blocks:
                ink.add(self._block(block, Rect(left, y, self.width, 0)))
                y += self._height(block)
        return ink

    def _split(self) -> tuple[int, float]:
        high = [self._height(block) for block in self.blocks]
        tall = [max(sum(high[:n]), sum(high[n:])) for n in range(len(high) + 1)]
        height = min(tall)
        return tall.index(height), height

    def _height(self, block: Block) -> float:
        return (_TITLE + len(block.rows) * _LEADING + _AFTER) * self.k

    def _filled(self, rooms: Iterator[float], more: str) -> Iterator[list[Block]]:
        """Column after column, each as full as it gets."""
        column: list[Block] = []
        room = next(rooms)
        for whole in self.blocks:
            block = whole
            while block.rows:
                fits = _taken(len(block.rows), int((room / self.k - _TITLE) / _LEADING))
                if not fits:
                    yield column
                    column, room = [], next(rooms)
                    continue
                column.append(replace(block, rows=block.rows[:fits]))
                room -= self._height(column[-1])
                rest = block.rows[fits:]
                block = replace(block, title=whole.title + more, rows=rest)
        yield column

    def _block(self, block: Block, rect: Rect) -> Ink:
        k, ink, y = self.k, Ink(), rect.y + 3.2 * self.k
        colour = OCHRE if block.warning else INK
        ink.texts.append(Text(block.title, rect.x, y, _HEAD * k, colour, bold=True))
        y += 1.6 * k
        ink.marks.append(rule((rect.x, y), (rect.right, y), Pen(colour, 0.2 * k)))
        y += 4.2 * k
        for row in block.rows:
            ink.texts += [text for text in self._line(row, rect, y) if text.text]
            y += _LEADING * k
        return ink

    def _line(self, row: tuple[str, ...], rect: Rect, y: float) -> list[Text]:
        size = BODY * self.k
        if len(row) == 2:
            label, value = row
            return [
                Text(label, rect.x, y, size, INK_SOFT),
                Text(value, rect.x + self.label, y, size),
            ]
        name, number, share = row
        end = rect.right - (_SHARE * self.k if share else 0.0)
        return [
            Text(name, rect.x, y, size),
            Text(number, right_of(number, end, size), y, size),
            Text(share, right_of(share, rect.right, size), y, size, INK_SOFT),
        ]


def _taken(lines: int, room: int) -> int:
    """How many lines of a block stand in a column with room for so many; none, if few
    would stand there or be left for the next."""
    if room < lines < room + _LEAST_LINES:
        room = lines - _LEAST_LINES
    return min(lines, room) if room >= min(lines, _LEAST_LINES) else 0


def setting_of(blocks: Sequence[Block], width: float, k: float) -> Setting:
    """Blocks broken into lines, for a page whose text is so wide."""
    column, label = (width - _GAP * k) / 2, _label_width(blocks, k)
    broke = []
    for block in blocks:
        lines = (line for row in block.rows for line in _lines(row, column, label, k))
        broke.append(replace(block, rows=tuple(lines)))
    return Setting(tuple(broke), column, label, k)


def _label_width(blocks: Sequence[Block], k: float) -> float:
    labels = [row[0] for block in blocks for row in block.rows if len(row) == 2]
    longest = max((text_width(label, BODY * k) for label in labels), default=0.0)
    short, long = _LABELS
    return (short if longest <= (short - 1.0) * k else long) * k


def _lines(
    row: tuple[str, ...], width: float, label: float, k: float
) -> Iterator[tuple[str, ...]]:
    """A row on as many lines as it takes; numbers stand on the first."""
    size = BODY * k
    if len(row) == 2:
        row = row[0], row[1] if len(row[1]) <= _MOST else row[1][:_MOST] + "…"
        labels = broken(row[0], size, label - 1.0 * k)
        yield from zip_longest(
            labels, broken(row[1], size, width - label), fillvalue=""
        )
        return
    name, *numbers = row
    names = broken(name, size, width - (_NUMBERS if row[2] else _DISTANCE) * k)
    yield names[0], *numbers
    yield from ((more, "", "") for more in names[1:])
