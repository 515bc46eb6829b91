"""What a feature can be found by: its names, codes, their pinyin, its id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from geo.frame import Frame
from service.placekinds import bare
from service.spelling import folded, folded_many, read_by_character, readings

#: What a key is, and what a match of it is worth.
WORTH = {
    "name": 100, "called": 95, "alias": 80, "code": 75, "english": 60, "pinyin": 50,
    "id": 10, "told": 10,
}  # fmt: skip
KINDS = tuple(WORTH)
#: Fields that hold names and codes, the most telling first.
FIELDS = {
    "name_zh": "name", "aliases": "alias", "parcel_code": "code", "name_en": "english",
}  # fmt: skip
#: What a name is worth that leaves out its remark, or the sort of place that it says.
CALLED = {"name_zh": "called", "aliases": "alias"}
#: Fields that say what a feature is for; they are read when no name has the words.
TOLD = ("facts", "facts_en")
#: Beyond this many features names are read character by character, all at once: far
#: faster, and some characters with two readings are mistaken.
MANY = 3000
SLICE = 5000
_ALIAS = re.compile(r"[；;]")
_REMARK = re.compile(r"（[^）]*）$")


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys as columns, the most telling first and of those the shortest."""

    texts: tuple[str, ...]  # tuples, as the garbage collector passes those by
    shown: tuple[str, ...]
    kinds: NDArray[np.uint8]  # places in KINDS
    rows: NDArray[np.int32]

    @classmethod
    def of(cls, frame: Frame) -> Keys:
        """Every text that finds a row of a layer."""
        written = list(_written(frame))
        made = _at_once if len(frame) > MANY else _one_by_one
        return cls._ordered([*made(written), *_ids(frame), *_told(frame)])

    @classmethod
    def _ordered(cls, parts: list[Column]) -> Keys:
        texts = list(chain.from_iterable(part.texts for part in parts))
        shown = list(chain.from_iterable(part.shown for part in parts))
        rows = np.concatenate([np.array(p.rows, dtype=np.int32) for p in parts])
        kinds = np.concatenate(
            [np.full(len(p.rows), KINDS.index(p.kind), np.uint8) for p in parts]
        )
        order = np.lexsort((np.fromiter(map(len, texts), np.int32), kinds))
        places = order.tolist()
        return cls(
            tuple([texts[at] for at in places]),
            tuple([shown[at] for at in places]),
            kinds[order],
            rows[order],
        )


def names(frame: Frame) -> Iterator[str]:
    """The folded texts whose pinyin finds a row, where each is read by itself."""
    if len(frame) <= MANY:
        yield from (folded(t) for column in _written(frame) for t in column.texts)


@dataclass(frozen=True, slots=True)
class Column:
    """Texts of one kind: as compared, as written, and the rows they find."""

    kind: str
    texts: list[str]
    shown: list[str]
    rows: list[int]


def _one_by_one(written: list[Column]) -> Iterator[Column]:
    """Each name read as its words have it; equal keys of a row once."""
    seen: set[tuple[str, int]] = set()
    for column in written:
        named = _Collected(column.kind, seen)
        spoken = _Collected("pinyin", seen)
        told = zip(column.texts, column.shown, column.rows, strict=True)
        for text, shown, row in told:
            spelled = folded(text)
            named.add(spelled, shown, row)
            for reading in readings(spelled):
                spoken.add(reading, shown, row)
        yield from (named.column, spoken.column)


class _Collected:
    """A column that takes a key only where no other has it for the row."""

    def __init__(self, kind: str, seen: set[tuple[str, int]]) -> None:
        self.column = Column(kind, [], [], [])
        self._seen = seen

    def add(self, key: str, text: str, row: int) -> None:
        if (key, row) not in self._seen:
            self._seen.add((key, row))
            self.column.texts.append(key)
            self.column.shown.append(text)
            self.column.rows.append(row)


def _at_once(written: list[Column]) -> Iterator[Column]:
    for column in chain.from_iterable(map(_slices, written)):
        spelled = folded_many(column.texts)
        yield Column(column.kind, spelled, column.shown, column.rows)
        for said in read_by_character(spelled):
            yield Column("pinyin", said, column.shown, column.rows)


def _slices(column: Column) -> Iterator[Column]:
    """Pieces so small that no other thread waits long for one to be read."""
    for start in range(0, len(column.rows), SLICE):
        part = slice(start, start + SLICE)
        texts, shown = column.texts[part], column.shown[part]
        yield Column(column.kind, texts, shown, column.rows[part])


def _written(frame: Frame) -> Iterator[Column]:
    """The names as they are to be compared, not yet folded, and as they are shown."""
    for field, kind in FIELDS.items():
        found = list(_names(frame, field))
        yield from _column(kind, [(text, text, row) for text, row in found])
        if field in CALLED:
            shorter = [(s, text, row) for text, row in found for s in _called(text)]
            yield from _column(CALLED[field], shorter)


def _names(frame: Frame, field: str) -> Iterator[tuple[str, int]]:
    several = field == "aliases"
    for row, cell in enumerate(frame.columns.get(field, ())):
        if cell:
            yield from ((t, row) for t in (_texts(cell) if several else (cell,)))


def _column(kind: str, found: list[tuple[str, str, int]]) -> Iterator[Column]:
    if found:
        texts, shown, rows = map(list, zip(*found, strict=True))
        yield Column(kind, texts, shown, rows)


def _called(text: str) -> Iterator[str]:
    told = _without_remark(text)
    if told and told != text:
        yield told
    if short := bare(told):
        yield short


def _ids(frame: Frame) -> Iterator[Column]:
    ids = [str(id) for id in frame.ids]
    yield Column("id", folded_many(ids), ids, list(range(len(ids))))


def _told(frame: Frame) -> Iterator[Column]:
    for field in TOLD if len(frame) <= MANY else ():
        cells = enumerate(frame.columns.get(field, ()))
        said = [(str(text), row) for row, text in cells if text]
        if said:
            texts, rows = map(list, zip(*said, strict=True))
            yield Column("told", folded_many(texts), texts, rows)


def _texts(cell: str) -> list[str]:
    """The names in a cell, without the remark that says where one is used."""
    parts = map(_without_remark, _ALIAS.split(cell))
    return [part for part in parts if part]


def _without_remark(text: str) -> str:
    return _REMARK.sub("", text).strip() if text.endswith("）") else text.strip()
