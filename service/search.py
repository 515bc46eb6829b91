"""Finding a place by any of its names, in Chinese, English or pinyin.

Every layer version is indexed once: all its keys in one text, so that a query is a
scan at memory speed whatever the number of features.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from threading import Lock
from typing import Any

import numpy as np
import shapely

from geo.frame import Frame
from layers.catalogue import Layer
from service.snapshots import Snapshots
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
_START = r"(?<=[\n ])"
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
        keys = sorted(set(_keys(frame)), key=lambda k: (-WORTH[k.kind], len(k.text)))
        self._keys = keys
        self._text = "\n" + "\n".join(key.text for key in keys) + "\n"
        lengths = (len(key.text) + 1 for key in keys)
        self._starts = list(accumulate(lengths, initial=1))[:-1]
        small = len(keys) < MANY * 2
        self._pairs = [bigrams(key.text) for key in keys] if small else []

    def find(self, term: str) -> dict[int, Hit]:
        """Row -> its best hit for one folded term."""
        best: dict[int, Hit] = {}
        pattern = re.compile(
            _START + re.escape(term) if _short(term) else re.escape(term)
        )
        for match in islice(pattern.finditer(self._text), MOST_MATCHES):
            hit = self._hit(match.start(), match.end())
            if hit and (hit.row not in best or hit.score > best[hit.row].score):
                best[hit.row] = hit
        return best

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


class Search:
    """Indexes by layer version; thread-safe."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._kept: dict[str, tuple[int, LayerIndex]] = {}
        self._lock = Lock()

    def find(
        self, query: str, layers: Sequence[tuple[Layer, int]], limit: int
    ) -> list[dict[str, Any]]:
        """The best features for a query in these layer versions, best first. Blocks
        while a version is indexed for the first time."""
        indexes = [self._index(layer, version) for layer, version in layers if version]
        terms = folded(query).split()
        ranked = _ranked(indexes, terms) or _ranked_by_sound(indexes, terms)
        return [_result(index, hit) for index, hit in ranked[:limit]]

    def _index(self, layer: Layer, version: int) -> LayerIndex:
        with self._lock:
            held = self._kept.get(layer.id)
            if held and held[0] == version:
                return held[1]
        made = LayerIndex(layer, self._snapshots.get(layer.id, version).frame)
        with self._lock:
            self._kept[layer.id] = (version, made)
        return made


def _short(term: str) -> bool:
    """One or two letters say something only where a word begins."""
    return len(term) < 3 and not has_han(term)


Ranked = list[tuple[LayerIndex, Hit]]


def _ranked(indexes: Iterable[LayerIndex], terms: list[str]) -> Ranked:
    found = [
        (index, hit)
        for index in indexes
        for hit in _all_terms([index.find(term) for term in terms])
    ]
    return _sorted(found)


def _ranked_by_sound(indexes: list[LayerIndex], terms: list[str]) -> Ranked:
    """When nothing is spelled so: what sounds so, then what is spelled nearly so."""
    spoken = [max(readings(term), key=len, default=term) for term in terms]
    if has_han("".join(terms)) and (found := _ranked(indexes, spoken)):
        return found
    whole = " ".join(terms)
    return _sorted(
        [(index, hit) for index in indexes for hit in index.alike(whole).values()]
    )


def _all_terms(found: list[dict[int, Hit]]) -> Iterator[Hit]:
    """Rows that every term finds, scored together, shown by the first term's key."""
    if not found:
        return
    first, *others = found
    for row, hit in first.items():
        if all(row in other for other in others):
            total = hit.score + sum(other[row].score for other in others)
            yield Hit(total, row, hit.key)


def _sorted(found: Ranked) -> Ranked:
    """Best first; the catalogue's order and the drawn before the unlocated decide
    between equals."""

    def order(item: tuple[LayerIndex, Hit]) -> tuple[float, bool, bool]:
        index, hit = item
        beyond = index.layer.scope != "district"
        return -hit.score, beyond, index.frame.geometry[hit.row] is None

    return sorted(found, key=order)


def _keys(frame: Frame) -> Iterator[Key]:
    quick = len(frame) > MANY
    fields = {name: kind for name, kind in FIELDS.items() if name in frame.columns}
    names = frame.columns.get("name_zh", np.full(len(frame), None, dtype=object))
    for row, (id, name) in enumerate(zip(frame.ids, names, strict=True)):
        yield Key(folded(id), "id", row, id)
        if name:
            yield from _spoken(name, "name", row, quick)
        for field, kind in fields.items():
            for text in _texts(frame.columns[field][row]):
                yield from _spoken(text, kind, row, quick)


def _spoken(text: str, kind: str, row: int, quick: bool) -> Iterator[Key]:
    spelled = folded(text)
    yield Key(spelled, kind, row, text)
    for reading in readings(spelled, quick=quick):
        yield Key(reading, "pinyin", row, text)


def _texts(value: Any) -> Iterator[str]:
    for part in _ALIAS.split(value or ""):
        text = _REMARK.sub("", part).strip()
        if text:
            yield text


def _result(index: LayerIndex, hit: Hit) -> dict[str, Any]:
    columns, row = index.frame.columns, hit.row
    shape = index.frame.geometry[row]
    located = shape is not None and not shape.is_empty
    return {
        "layer": index.layer.id,
        "layer_title_zh": index.layer.title_zh,
        "layer_title_en": index.layer.title_en,
        "id": index.frame.ids[row],
        "name_zh": _cell(columns, "name_zh", row),
        "name_en": _cell(columns, "name_en", row),
        "why": {"by": hit.key.kind, "text": hit.key.shown},
        "status": _cell(columns, "status", row),
        "evidence": _cell(columns, "evidence", row),
        "located": located,
        "center": _center(shape) if located else None,
        "bbox": [round(v, 7) for v in shape.bounds] if located else None,
    }


def _cell(columns: Any, name: str, row: int) -> Any:
    return columns[name][row] if name in columns else None


def _center(shape: Any) -> list[float]:
    """A point on the shape, so that a label or pin never falls outside it."""
    point = shapely.point_on_surface(shape)
    return [round(point.x, 7), round(point.y, 7)]
