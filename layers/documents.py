"""The documents that the atlas cites: titles, chapters, indicators, disagreements.

Facts and our own summaries; the project ships no document's text.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

SOURCES = Path(__file__).resolve().parent / "sources"
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
#: Cells of an indicator that may hold words as well as a number.
_VALUES = ("baseline_year", "baseline", "target_year", "target")
_NOT_ONE_NUMBER = re.compile(r"[:/:：]|\d[^\d.]+\d")


@dataclass(frozen=True, slots=True)
class Chapter:
    """A part of a document. ``refs`` are what source references to it begin with."""

    id: str
    refs: tuple[str, ...]
    title_zh: str
    title_en: str
    summary_zh: str
    summary_en: str


@dataclass(frozen=True, slots=True)
class Document:
    """A plan, draft or study. ``mark`` is its short name in source references;
    ``date`` is None where the document bears none."""

    id: str
    mark: str
    title_zh: str
    title_en: str
    number: str | None
    date: str | None
    issuer_zh: str
    issuer_en: str
    status: str  # in_force | draft | reference
    summary_zh: str
    summary_en: str
    chapters: tuple[Chapter, ...]

    def chapter(self, ref: str) -> Chapter | None:
        """The chapter that a reference points into: the longest beginning wins."""
        hits = [
            (len(start), index)
            for index, each in enumerate(self.chapters)
            for start in each.refs
            if ref.startswith(start)
        ]
        return self.chapters[max(hits)[1]] if hits else None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Statements that do not agree, kept side by side. ``marks`` are the documents
    that make them."""

    id: str
    marks: tuple[str, ...]
    title_zh: str
    title_en: str
    zh: str
    en: str


@cache
def documents() -> Mapping[str, Document]:
    """All documents by id, in the order of the file."""
    with (SOURCES / "documents.toml").open("rb") as file:
        return {raw["id"]: _document(raw) for raw in tomllib.load(file)["documents"]}


@cache
def conflicts() -> Mapping[str, Conflict]:
    """All disagreements by id."""
    return {row["id"]: _conflict(row) for row in _table("conflicts")}


@cache
def indicators() -> tuple[Mapping[str, Any], ...]:
    """The indicator table, ready to serve."""
    return tuple(_indicator(row) for row in _table("indicators"))


@cache
def public_sources() -> tuple[Mapping[str, str], ...]:
    """What features rest on besides the documents: titles and references as they stand
    in ``source_title`` and ``source_ref``, and the same in English."""
    return tuple(_table("public"))


def citations(source_ref: str | None) -> Iterator[tuple[Document, str]]:
    """Documents and references in a ``source_ref``:
    ``纲要 第三章第二节·1、附件2；意见 三(二)1``."""
    by_mark = {each.mark: each for each in documents().values()}
    for part in (source_ref or "").split("；"):
        mark, _, refs = part.strip().partition(" ")
        if mark in by_mark:
            for ref in refs.split("、"):
                yield by_mark[mark], ref.strip()


def _conflict(row: Mapping[str, str]) -> Conflict:
    marks = tuple(row["marks"].split(","))
    words = {name: row[name] for name in ("id", "title_zh", "title_en", "zh", "en")}
    return Conflict(marks=marks, **words)


def _document(raw: Mapping[str, Any]) -> Document:
    chapters = tuple(
        Chapter(**{**each, "refs": tuple(each["refs"])}) for each in raw["chapters"]
    )
    values = {key: value for key, value in raw.items() if key != "chapters"}
    undated = {name: raw[name] or None for name in ("number", "date")}
    return Document(**{**values, **undated, "chapters": chapters})


def _indicator(row: Mapping[str, str]) -> Mapping[str, Any]:
    values: dict[str, Any] = {key: value or None for key, value in row.items()}
    return values | {
        "unit_en": _english("units", "unit").get(row["unit"]),
        **{f"{name}_en": _value(row[name]) for name in _VALUES},
        "baseline_number": _number(row["baseline"]),
        "target_number": _number(row["target"]),
        "conflicts": row["conflicts"].split(",") if row["conflicts"] else [],
    }


def _value(text: str) -> str | None:
    """A figure in English: most are numbers and stay as they are."""
    return _english("values", "value").get(text, text) or None


@cache
def _english(table: str, key: str) -> Mapping[str, str]:
    return {row[key]: row["en"] for row in _table(table)}


def _number(text: str) -> float | None:
    """The number in a cell, None unless it holds exactly one."""
    if _NOT_ONE_NUMBER.search(text):
        return None
    found = _NUMBER.findall(text)
    return float(found[0]) if len(found) == 1 else None


def _table(name: str) -> list[dict[str, str]]:
    with (SOURCES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
