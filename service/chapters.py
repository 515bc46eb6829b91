"""Finding a document or one of its chapters by title, number or reference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from layers.documents import Chapter, Document, documents
from service.spelling import folded

MOST = 8
#: The shortest piece of a title that finds it: one Chinese character is in too many.
LEAST = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """What is found, and the folded texts that find it, the most telling first."""

    found: Mapping[str, Any]
    keys: tuple[str, ...]

    def worth(self, query: str) -> tuple[int, int] | None:
        """How well a folded query fits: lower is better, None is not at all."""
        fits = [
            (rank, len(key))
            for key in self.keys
            if (rank := _rank(query, key)) is not None
        ]
        return min(fits, default=None)


def find_chapters(query: str) -> list[Mapping[str, Any]]:
    """Documents and chapters for a query, best first."""
    asked = folded(query)
    if len(asked) < LEAST:
        return []
    ranked = [
        (worth, at)
        for at, entry in enumerate(_entries())
        if (worth := entry.worth(asked)) is not None
    ]
    return [_entries()[at].found for _, at in sorted(ranked)[:MOST]]


def _rank(query: str, key: str) -> int | None:
    if key == query:
        return 0
    if key.startswith(query):
        return 1
    return 2 if query in key else None


@cache
def _entries() -> tuple[Entry, ...]:
    return tuple(entry for each in documents().values() for entry in _all_of(each))


def _all_of(document: Document) -> Iterator[Entry]:
    keys = (document.mark, document.title_zh, document.title_en, document.number)
    yield Entry(_told(document, None), _folded(keys))
    for chapter in document.chapters:
        yield Entry(_told(document, chapter), _folded(_keys(document, chapter)))


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
