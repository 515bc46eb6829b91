"""The keys of one layer version, in one text.

A query is then a scan at memory speed, whatever the number of features.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import Any

import numpy as np

from geo.frame import Frame
from layers.catalogue import Layer
from service.spelling import bigrams, folded, has_han, readings

#: What a key is, and what a match of it is worth.
WORTH = {
    "name": 100, "alias": 80, "code": 75, "english": 60, "pinyin": 50, "id": 10,
}  # fmt: skip
EXACT, PREFIX, WORD = 60, 30, 15
#: Fields that hold names and codes, beside the Chinese name.
FIELDS = {"aliases": "alias", "name_en": "english", "parcel_code": "code"}
#: A query as short as one letter matches everywhere; the best come first in the text.
MOST_MATCHES = 1000
#: Beyond this many features names are read character by character.
MANY = 3000
#: Share of letter pairs that two spellings must have in common to be called alike.
ALIKE = 0.55
_ALIAS = re.compile(r"[；;]")
_REMARK = re.compile(r"（[^）]*）$")


@dataclass(frozen=True, slots=True)
class Key:
    """One text that finds a row: folded for comparing, as written for showing."""

    text: str
    kind: str
    row: int
    shown: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A row of a layer that matches, how well, and by which key."""

    score: float
    row: int
    key: Key


class LayerIndex:
    """The keys of one layer version."""

    def __init__(self, layer: Layer, frame: Frame) -> None:
        self.layer = layer
        self.frame = frame
        keys = sorted(_keys(frame), key=lambda key: (-WORTH[key.kind], len(key.text)))
        self._keys = keys
        self._text = "\n" + "\n".join(key.text for key in keys) + "\n"
        lengths = (len(key.text) + 1 for key in keys)
        self._starts = list(accumulate(lengths, initial=1))[:-1]
        small = len(keys) < MANY * 2
        self._pairs = [bigrams(key.text) for key in keys] if small else []

    def find(self, term: str) -> dict[int, Hit]:
        """Row -> its best hit for one folded term."""
        best: dict[int, Hit] = {}
        starts = ("\n", " ") if _short(term) else ("",)
        places = (at for before in starts for at in self._places(before, term))
        for start in islice(places, MOST_MATCHES):
            hit = self._hit(start, start + len(term))
            if hit and (hit.row not in best or hit.score > best[hit.row].score):
                best[hit.row] = hit
        return best

    def _places(self, before: str, term: str) -> Iterator[int]:
        """Where the term begins in the text, right after ``before``."""
        sought, at = before + term, -1
        while (at := self._text.find(sought, at + 1)) >= 0:
            yield at + len(before)

    def _hit(self, start: int, end: int) -> Hit | None:
        key = self._keys[bisect_right(self._starts, start) - 1]
        before, after = self._text[start - 1], self._text[end]
        score = WORTH[key.kind] - 0.1 * len(key.text)
        if before == "\n":
            score += EXACT if after == "\n" else PREFIX
        elif before == " ":
            score += WORD
        elif key.kind == "pinyin":
            return None  # the middle of a syllable says nothing
        return Hit(score, key.row, key)

    def alike(self, term: str) -> dict[int, Hit]:
        """Row -> its best key that is spelled nearly like the term."""
        wanted, best = bigrams(term), dict[int, Hit]()
        for key, pairs in zip(self._keys, self._pairs, strict=False):
            total = len(wanted) + len(pairs)
            share = 2 * len(wanted & pairs) / total if total else 0.0
            if share >= ALIKE and (
                key.row not in best or share * 10 > best[key.row].score
            ):
                best[key.row] = Hit(share * 10, key.row, key)
        return best


def _short(term: str) -> bool:
    """One or two letters say something only where a word begins."""
    return len(term) < 3 and not has_han(term)


def _keys(frame: Frame) -> list[Key]:
    """Every text that finds a row; of equal ones the most telling."""
    quick = len(frame) > MANY
    fields = {name: kind for name, kind in FIELDS.items() if name in frame.columns}
    names = frame.columns.get("name_zh", np.full(len(frame), None, dtype=object))
    found: dict[tuple[str, int], Key] = {}
    for row, (id, name) in enumerate(zip(frame.ids, names, strict=True)):
        keys = list(_spoken(name, "name", row, quick=quick)) if name else []
        for field, kind in fields.items():
            for text in _texts(frame.columns[field][row]):
                keys += _spoken(text, kind, row, quick=quick)
        keys.append(Key(folded(id), "id", row, id))
        for key in keys:
            found.setdefault((key.text, row), key)
    return list(found.values())


def _spoken(text: str, kind: str, row: int, *, quick: bool) -> Iterator[Key]:
    spelled = folded(text)
    yield Key(spelled, kind, row, text)
    for reading in readings(spelled, quick=quick):
        yield Key(reading, "pinyin", row, text)


def _texts(value: Any) -> Iterator[str]:
    for part in _ALIAS.split(value or ""):
        text = _REMARK.sub("", part).strip()
        if text:
            yield text
