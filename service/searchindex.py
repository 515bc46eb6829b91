"""The keys of one layer version, and how well a query matches them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.frame import Frame
from layers.catalogue import Layer
from service.searchclasses import CODE, held_classes
from service.searchkeys import KINDS, MANY, WORTH, Keys
from service.searchtext import Term, TextIndex
from service.spelling import bigrams, has_han

EXACT, PREFIX, WORD, ENDING = 60, 30, 15, 8
#: An English name ends with what it is of: Front channel of the Pearl River.
HEAD = 32
#: Kinds found by the middle of a word: the middle of a syllable or an id says nothing.
WHOLE = ("name", "called", "alias", "code", "english", "told")
_WORTH = tuple(WORTH.values())
_WHOLE = tuple(kind in WHOLE for kind in KINDS)
#: Keys looked at of each sort of match; the best stand first.
MOST_KEYS = 300
#: The same for the rarest of several words, as the others still choose among them.
MOST_OF_SEVERAL = 1000
#: Keys read to see whether rows have the other words.
MOST_READ = 10_000
#: Share of letter pairs that two spellings must have in common to be called alike.
ALIKE = 0.55


class Hit(NamedTuple):
    """A row of a layer that matches, how well, and by which key."""

    score: float
    row: int
    key: int


class LayerIndex:
    """The keys of one layer version."""

    def __init__(self, layer: Layer, frame: Frame) -> None:
        self.layer = layer
        self.frame = frame
        self.classes = held_classes(frame) if layer.class_field == CODE else {}
        self._keys = Keys.of(frame)
        whole = np.array(_WHOLE)[self._keys.kinds]
        self._text = TextIndex(self._keys.texts, whole)
        self._kinds = self._keys.kinds.tobytes()  # read one by one: far quicker so
        self._rows = self._keys.rows.data
        told = int(np.count_nonzero(self._keys.kinds == KINDS.index("told")))
        self._named = len(self._keys.texts) - told  # descriptions stand last
        # Layers of very many features hold numbered things, of which all are alike.
        self._pairs = _pairs_of(
            self._keys.texts[: self._named] if len(frame) <= MANY else ()
        )
        self._by_row = np.argsort(self._keys.rows, kind="stable")
        self._row_starts = np.searchsorted(
            self._keys.rows[self._by_row], np.arange(len(frame) + 1)
        )

    def shown(self, hit: Hit) -> tuple[str, str]:
        """The text by which a row was found, as written, and what it is."""
        return self._keys.shown[hit.key], KINDS[self._keys.kinds[hit.key]]

    def find(
        self, terms: Sequence[Term], limit: int, *, told: bool = False
    ) -> list[Hit]:
        """Rows that every term finds, each once with its best key of the rarest; about
        the best ``limit`` of them. ``told``: by what is said of them as well."""
        if not terms or not self._keys.texts:
            return []
        end = len(self._keys.texts) if told else self._named
        if len(terms) == 1:
            return self._best(terms[0], max(MOST_KEYS, limit), end)[:limit]
        rarest, *others = sorted(terms, key=self._count)
        found = self._best(rarest, MOST_OF_SEVERAL, end)
        return self._with_all(found, [term.text for term in others], limit, end)

    def _count(self, term: Term) -> int:
        return self._text.count(term, middles=not _short(term.text))

    def _best(self, term: Term, most: int, end: int) -> list[Hit]:
        """By the keys that stand before ``end``."""
        best: dict[int, Hit] = {}
        short = _short(term.text)
        for key in self._text.find(term, most, middles=not short):
            if key >= end:
                continue
            row = self._rows[key]
            score = self._score(key, term.text, short=short)
            if score and (row not in best or score > best[row].score):
                best[row] = Hit(score, row, key)
        return sorted(best.values(), key=lambda hit: -hit.score)

    def _with_all(
        self, hits: list[Hit], terms: list[str], limit: int, end: int
    ) -> list[Hit]:
        """Of hits best first those whose row has the other terms as well."""
        asked = [(term, _short(term)) for term in terms]
        found: list[Hit] = []
        read = 0
        for hit in hits:
            keys = [key for key in self._keys_of(hit.row) if key < end]
            score = hit.score
            for term, short in asked:
                read += len(keys)
                more = max(self._score(key, term, short=short) for key in keys)
                if not more:
                    break
                score += more
            else:
                found.append(Hit(score, hit.row, hit.key))
            if len(found) > 3 * limit or read > MOST_READ:
                break
        return found

    def _keys_of(self, row: int) -> list[int]:
        start, end = self._row_starts[row : row + 2]
        keys: list[int] = self._by_row[start:end].tolist()
        return keys

    def _score(self, key: int, term: str, *, short: bool) -> float:
        """What a match is worth, 0 when there is none."""
        text = self._keys.texts[key]
        if term not in text:
            return 0.0
        kind = self._kinds[key]
        score = _WORTH[kind] - 0.1 * min(len(text), 99)
        if text.startswith(term):
            return score + (EXACT if len(text) == len(term) else PREFIX)
        if f" {term}" in text:
            heads = KINDS[kind] == "english" and text.endswith(term)
            return score + (HEAD if heads else WORD)
        if short or not _WHOLE[kind]:
            return 0.0
        return score + ENDING if text.endswith(term) else score

    def alike(self, ways: Sequence[frozenset[str]]) -> list[Hit]:
        """Rows with a key that has nearly the letter pairs of one way to write it."""
        best: dict[int, Hit] = {}
        known = [wanted for wanted in ways if not wanted.isdisjoint(self._pairs[1])]
        if not known:
            return []
        shares = np.max([self._shares(wanted) for wanted in known], axis=0)
        for key in np.flatnonzero(shares >= ALIKE).tolist():
            row, score = self._rows[key], 10 * float(shares[key])
            if row not in best or score > best[row].score:
                best[row] = Hit(score, row, key)
        return list(best.values())

    def _shares(self, wanted: frozenset[str]) -> NDArray[np.float64]:
        """By key: twice the pairs in common over all pairs of both."""
        sizes, keys_of = self._pairs
        having = [keys_of[pair] for pair in wanted if pair in keys_of]
        common = np.bincount(list(chain.from_iterable(having)), minlength=len(sizes))
        return 2 * common / np.maximum(sizes + len(wanted), 1)


def _pairs_of(texts: Sequence[str]) -> tuple[NDArray[np.intp], dict[str, list[int]]]:
    """How many letter pairs each text has, and the texts that have a pair."""
    pairs = [bigrams(text) for text in texts]
    having: dict[str, list[int]] = {}
    for at, each in enumerate(pairs):
        for pair in each:
            having.setdefault(pair, []).append(at)
    return np.array([len(each) for each in pairs], dtype=np.intp), having


def _short(term: str) -> bool:
    """One or two letters say something only where a word begins."""
    return len(term) < 3 and not has_han(term)
