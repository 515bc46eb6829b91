"""Finding a document or one of its chapters by title, number, reference or pinyin."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from typing import Any

from layers.documents import Chapter, Document, documents
from service.spelling import folded, has_han, syllables

MOST = 8
#: The shortest piece of a title that finds it: one Chinese character is in too many.
LEAST = 2
#: Numbers of documents stand in brackets of their own, which few can type.
_BRACKETS = str.maketrans("[]【】", "〔〕〔〕")
_SECTION = re.compile("(第[一二三四五六七八九十]+章)第?[一二三四五六七八九十]+节")


@dataclass(frozen=True, slots=True)
class Entry:
    """What is found, and the folded texts that find it, the most telling first."""

    found: Mapping[str, Any]
    keys: tuple[str, ...]
    sounds: tuple[Sound, ...]

    def worth(self, query: str) -> tuple[int, int] | None:
        """How well a folded query fits: lower is better, None is not at all."""
        fits = [
            (rank, len(key))
            for key in self.keys
            if (rank := _rank(query, key)) is not None
        ]
        return min(fits, default=None) or self._heard(query.replace(" ", ""))

    def _heard(self, query: str) -> tuple[int, int] | None:
        said = query.isascii() and any(sound.has(query) for sound in self.sounds)
        return (len(_RANKS), len(self.keys[0])) if said else None


@dataclass(frozen=True, slots=True)
class Sound:
    """A title in pinyin, and where its syllables begin."""

    full: str
    starts: frozenset[int]
    initials: str

    @classmethod
    def of(cls, title: str) -> Sound:
        """How a folded title is said."""
        said = [each for each in syllables(title) if each != " "]
        starts = accumulate(map(len, said), initial=0)
        return cls("".join(said), frozenset(starts), "".join(s[:1] for s in said))

    def has(self, query: str) -> bool:
        """Whether it is said from the beginning of a syllable on, or begins with these
        initials."""
        found = self.full.find(query)
        while found >= 0 and found not in self.starts:
            found = self.full.find(query, found + 1)
        return found >= 0 or self.initials.startswith(query)


def find_chapters(query: str) -> list[Mapping[str, Any]]:
    """Documents and chapters for a query, best first."""
    asked = folded(query.translate(_BRACKETS))
    if len(asked) < LEAST:
        return []
    return _titled(asked) or _titled(_of_chapter(asked))


def _titled(asked: str) -> list[Mapping[str, Any]]:
    if not asked:
        return []
    ranked = [
        (worth, at)
        for at, entry in enumerate(_entries())
        if (worth := entry.worth(asked)) is not None
    ]
    return [_entries()[at].found for _, at in sorted(ranked)[:MOST]]


def _of_chapter(asked: str) -> str:
    """The chapter that a section is in: its contents are listed there."""
    found = _SECTION.match(asked)
    return found[1] if found else ""


def spoken_titles() -> list[str]:
    """The folded texts whose pinyin finds a document or chapter."""
    return [key for entry in _written() for key in entry[1] if has_han(key)]


#: How a query fits a key, the best first.
_RANKS: tuple[Callable[[str, str], bool], ...] = (
    str.__eq__,
    lambda query, key: key.startswith(query),
    lambda query, key: query in key,
    lambda query, key: all(word in key for word in query.split()),
)


def _rank(query: str, key: str) -> int | None:
    return next((at for at, fits in enumerate(_RANKS) if fits(query, key)), None)


@cache
def _entries() -> tuple[Entry, ...]:
    return tuple(
        Entry(found, keys, tuple(Sound.of(key) for key in keys if has_han(key)))
        for found, keys in _written()
    )


def _written() -> Iterator[tuple[Mapping[str, Any], tuple[str, ...]]]:
    """What can be found, and by which texts."""
    for each in documents().values():
        keys = (each.mark, each.title_zh, each.title_en, each.number)
        yield _told(each, None), _folded(keys)
        for chapter in each.chapters:
            yield _told(each, chapter), _folded(_keys(each, chapter))


def _keys(document: Document, chapter: Chapter) -> Iterator[str]:
    for ref in chapter.refs:
        yield from (ref, f"{document.mark}{ref}")
    if chapter.id.isdecimal():
        yield f"chapter {chapter.id}"
    yield from (chapter.title_zh, chapter.title_en)


def _folded(keys: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folded(key) for key in keys if key))


def _told(document: Document, chapter: Chapter | None) -> Mapping[str, Any]:
    named = chapter or document
    return {
        "document": document.id,
        "chapter": chapter and chapter.id,
        "title_zh": named.title_zh,
        "title_en": named.title_en,
        "of_zh": document.title_zh,
        "of_en": document.title_en,
        "ref": chapter.refs[0] if chapter else document.number,
    }
