"""What a feature can be found by: its names, codes, their pinyin, its id."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from geo.frame import Frame
from service.spelling import folded, folded_many, read_by_character, readings

#: What a key is, and what a match of it is worth.
WORTH = {
    "name": 100, "alias": 80, "code": 75, "english": 60, "pinyin": 50, "id": 10,
    "told": 10,
}  # fmt: skip
KINDS = tuple(WORTH)
#: Fields that hold names and codes, the most telling first.
FIELDS = {
    "name_zh": "name", "aliases": "alias", "parcel_code": "code", "name_en": "english",
}  # fmt: skip
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
        yield from (folded(t) for column in _written(frame) for t in column.shown)


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
        for text, row in zip(column.shown, column.rows, strict=True):
            spelled = folded(text)
            named.add(spelled, text, row)
            for reading in readings(spelled):
                spoken.add(reading, text, row)
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
        spelled = folded_many(column.shown)
        yield Column(column.kind, spelled, column.shown, column.rows)
        for said in read_by_character(spelled):
            yield Column("pinyin", said, column.shown, column.rows)


def _slices(column: Column) -> Iterator[Column]:
    """Pieces so small that no other thread waits long for one to be read."""
    for start in range(0, len(column.rows), SLICE):
        part = slice(start, start + SLICE)
        yield Column(column.kind, [], column.shown[part], column.rows[part])


def _written(frame: Frame) -> Iterator[Column]:
    for field, kind in FIELDS.items():
        cells = enumerate(frame.columns.get(field, ()))
        read = _texts if field == "aliases" else _with_remark
        found = [(text, row) for row, cell in cells for text in read(cell)]
        if found:
            texts, rows = zip(*found, strict=True)
            yield Column(kind, [], list(texts), list(rows))


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


def _with_remark(cell: str | None) -> list[str]:
    """A name without its remark, and whole: the remark is a part of it."""
    texts = _texts(cell)
    return texts if not cell or cell in texts else [*texts, cell]


def _texts(cell: str | None) -> list[str]:
    """The names in a cell, without the remark that says where one is used."""
    if not cell:
        return []
    if "；" not in cell and ";" not in cell and not cell.endswith("）"):
        return [cell]
    parts = (_REMARK.sub("", part).strip() for part in _ALIAS.split(cell))
    return [part for part in parts if part]
