"""Where a text stands in many texts, at a cost that their number hardly moves.

The places are ordered by the four characters that follow. A search is then two
bisections; of the places found the first in the text are looked at.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

#: Characters by which places are ordered: four of 16 bits fill one number.
DEPTH = 4
_BITS = 16
_NEWLINE, _SPACE = ord("\n"), ord(" ")
_LONGEST = 400  # units past the end that may be looked at

Positions = NDArray[np.int32]


def _units(text: str) -> NDArray[np.uint16]:
    return np.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")


def _packed(units: NDArray[np.uint16], at: Positions) -> NDArray[np.uint64]:
    number = np.zeros(len(at), dtype=np.uint64)
    for step in range(DEPTH):
        number = (number << np.uint64(_BITS)) | units[at + step]
    return number


class Term:
    """What is looked for, and the numbers that its places lie between."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rest = _units(text)[DEPTH:].tolist()
        low = 0
        units = _units(text)[:DEPTH].tolist()
        self.length = len(units) + len(self.rest)
        for unit in units:
            low = (low << _BITS) | unit
        open_bits = _BITS * (DEPTH - len(units))
        ends = low << open_bits, ((low + 1) << open_bits) - 1
        self.first, self.last = np.array(ends, dtype=np.uint64)


class _Order:
    """Some places of a text, by what follows them."""

    def __init__(self, units: NDArray[np.uint16], at: Positions) -> None:
        numbers = _packed(units, at)
        order = np.argsort(numbers, kind="stable")
        self._numbers, self._at = numbers[order], at[order]

    def places(self, term: Term) -> Positions:
        """Those that begin with the term's first four characters."""
        start = self._numbers.searchsorted(term.first)
        return self._at[start : self._numbers.searchsorted(term.last, side="right")]


class TextIndex:
    """The beginnings of words, and the middles, of many texts in one."""

    def __init__(self, texts: Sequence[str], whole: NDArray[np.bool_]) -> None:
        """``whole`` marks texts that are found by their middle as well."""
        self._units = np.append(
            _units("\n" + "\n".join(texts) + "\n"), np.zeros(_LONGEST, dtype=np.uint16)
        )
        self._starts = np.flatnonzero(self._units == _NEWLINE)[:-1].astype(np.int32) + 1
        places = np.arange(1, len(self._units) - _LONGEST, dtype=np.int32)
        before = self._units[places - 1]
        word = (before == _NEWLINE) | (before == _SPACE)
        middle = ~word & np.repeat(whole, self._lengths())[: len(places)]
        self._words = _Order(self._units, places[word])
        self._middles = _Order(self._units, places[middle])

    def _lengths(self) -> NDArray[np.intp]:
        ends = np.append(self._starts[1:], len(self._units) - _LONGEST)
        return np.asarray(ends - self._starts, dtype=np.intp)

    def count(self, term: Term, *, middles: bool) -> int:
        """About how many places have the term: those of its first four characters."""
        more = len(self._middles.places(term)) if middles else 0
        return len(self._words.places(term)) + more

    def find(self, term: Term, most: int, *, middles: bool) -> list[int]:
        """Texts that have the term: those that begin with it, then those with a word
        that does, those that end with it, then the others; at most so many of each, in
        their order."""
        found = []
        if len(words := self._places(self._words, term)):
            begins = self._units[words - 1] == _NEWLINE
            found += [_first(words[begins], most), _first(words[~begins], most)]
        if middles and len(inner := self._places(self._middles, term)):
            ends = self._units[inner + term.length] == _NEWLINE
            found += [_first(inner[ends], most), _first(inner[~ends], most)]
        if not found:
            return []
        at = self._starts.searchsorted(np.concatenate(found), side="right")
        texts: list[int] = (at - 1).tolist()
        return texts

    def _places(self, order: _Order, term: Term) -> Positions:
        at = order.places(term)
        for step, unit in enumerate(term.rest, DEPTH):
            if not len(at):
                break
            at = at[self._units[at + step] == unit]
        return at


def _first(places: Positions, most: int) -> Positions:
    if len(places) > most:
        places = np.partition(places, most)[:most]
    places = places.copy()
    places.sort()
    return places
