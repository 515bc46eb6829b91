"""Which features a document cites, chapter by chapter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from geo.frame import Frame
from layers.catalogue import Layer
from layers.documents import Chapter, Document, citations, conflicts, indicators

LayerFrame = tuple[Layer, Frame]


def summary(document: Document, frames: Sequence[LayerFrame]) -> dict[str, Any]:
    """A document for the list, with how many features and indicators cite it."""
    cited = {(layer.id, row) for layer, row, _ in _cited(document, frames)}
    body = asdict(document)
    body["chapter_count"] = len(body.pop("chapters"))
    return body | {
        "feature_count": len(cited),
        "indicator_count": len(_indicators_of(document)),
    }


def detail(document: Document, frames: Sequence[LayerFrame]) -> dict[str, Any]:
    """A document with its chapters, each with the features it names."""
    named: dict[str, list[dict[str, Any]]] = {}
    kept = {layer.id: frame for layer, frame in frames}
    for layer, row, ref in _cited(document, frames):
        chapter = document.chapter(ref)
        entry = _feature(layer, kept[layer.id], row) | {"ref": ref}
        named.setdefault(chapter.id if chapter else "", []).append(entry)
    chapters = [_chapter(each, named.pop(each.id, [])) for each in document.chapters]
    return summary(document, frames) | {
        "chapters": chapters,
        "other_features": [entry for left in named.values() for entry in left],
        "indicators": [i["id"] for i in _indicators_of(document)],
        "conflicts": [
            asdict(each) for each in conflicts().values() if document.mark in each.marks
        ],
    }


def named_features(
    frames: Iterable[LayerFrame],
) -> Iterator[tuple[str, str, str | None, str | None]]:
    """Layer, id, name and aliases of every feature."""
    for layer, frame in frames:
        names = frame.columns.get("name_zh", [None] * len(frame))
        aliases = frame.columns.get("aliases", [None] * len(frame))
        for id, name, others in zip(frame.ids, names, aliases, strict=True):
            yield layer.id, id, name, others


def described(
    frames: Iterable[LayerFrame], named: Iterable[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Features given as (layer, id): their names, evidence and whether drawn."""
    wanted = set(named)
    return [
        _feature(layer, frame, row)
        for layer, frame in frames
        for row, id in enumerate(frame.ids)
        if (layer.id, id) in wanted
    ]


def _indicators_of(document: Document) -> list[Any]:
    return [each for each in indicators() if each["document"] == document.id]


def _chapter(chapter: Chapter, features: list[dict[str, Any]]) -> dict[str, Any]:
    body = asdict(chapter)
    body.pop("refs")
    return body | {"feature_count": len(features), "features": features}


def _cited(
    document: Document, frames: Iterable[LayerFrame]
) -> Iterator[tuple[Layer, int, str]]:
    """Layer, row and reference of every citation; once per chapter and feature."""
    for layer, frame in frames:
        refs = frame.columns.get("source_ref")
        for row, text in enumerate(refs if refs is not None else ()):
            seen: set[str] = set()
            for cited, ref in citations(text):
                chapter = cited.chapter(ref)
                key = chapter.id if chapter else ref
                if cited is document and key not in seen:
                    seen.add(key)
                    yield layer, row, ref


def _feature(layer: Layer, frame: Frame, row: int) -> dict[str, Any]:
    columns = frame.columns
    return {
        "layer": layer.id,
        "layer_title_zh": layer.title_zh,
        "layer_title_en": layer.title_en,
        "id": frame.ids[row],
        "name_zh": columns["name_zh"][row],
        "name_en": columns["name_en"][row],
        "evidence": columns["evidence"][row],
        "located": frame.geometry[row] is not None,
    }
