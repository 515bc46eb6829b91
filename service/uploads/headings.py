"""The first rows of a table: titles above it, names in one row or two, or in none; and
rows further down that are no data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import Unprocessable
from service.uploads.angles import number
from service.uploads.problems import Problem

Row = Sequence[Any]
_MAX_COLUMNS = 1000
#: Names stand among so many filled rows, and are as wide as these are.
_SEARCHED, _COMPARED = 20, 50
#: Rows to choose from, and how much is shown of each.
_SHOWN, _SHOWN_CELLS, _SHOWN_SIGNS = 12, 8, 60
_UNITS = re.compile(
    r"[(（]?(?:m|米|mm|cm|km|千米|m2|m²|㎡|平方米|亩|公顷|ha|hm2|hm²|度|°|%|人|个|元|万元"
    r"|[-—/]+)[)）]?",
    re.IGNORECASE,
)
_ANGLE = re.compile("[度分秒°′″'\"]|deg|min|sec", re.IGNORECASE)
_TOTAL = re.compile(r"(?:合|总|小)\s*计[:：]?|total", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:备?注|说明|制表|制图|审核|检查|测量|填表|打印|单位负责)(?:[人者员]|单位|日期)?"
    r"\s*(?:[:：].*)?",
    re.DOTALL,
)
_SENTENCE = re.compile("[:：。；]")
_MOST_LISTED = 8


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not empty, and its number in the sheet."""

    number: int
    cells: Row


@dataclass(frozen=True, slots=True)
class Heading:
    """The number of the row that the names were taken from, 0 for none; the first rows,
    (number, text), to choose another."""

    row: int
    rows: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Split:
    """A table taken apart: what stands above the names, and what under them."""

    names: list[str]
    above: list[Line]
    lines: list[Line]
    heading: Heading
    problems: list[Problem]


def split(lines: list[Line], wanted: int | None = None) -> Split:
    """Names of the columns, the rows under them, and what is to be said.

    ``lines``: at least one. ``wanted``: the row that somebody says the names are in.
    """
    at = _heading_at(lines) if wanted is None else _place_of(lines, wanted)
    unnamed = wanted == 0 or (wanted is None and _are_values(lines[at].cells))
    start = at if unnamed else at + 1
    heading = [None] * _width(lines[at:]) if unnamed else lines[at].cells
    rest = lines[start:]
    joined = not unnamed and len(rest) > 1 and _completes(heading, rest)
    if joined:
        heading, rest = _joined(heading, rest[0].cells), rest[1:]
    names = list(_names(heading))
    rest, left_out = _without_asides(rest, len(names))
    row = 0 if unnamed else lines[at].number
    above = at + joined
    told = {"count": above, "row": row, "names": "、".join(names[:8])}
    said = [Problem("no_heading")] if unnamed else []
    said += [Problem("heading_found", values=told)] if above and not unnamed else []
    problems = [*(said if wanted is None else []), *left_out]
    shown = Heading(row, _shown(lines))
    return Split(names, lines[:at], rest, shown, problems)


def _filled(row: Row) -> int:
    """How many cells hold anything."""
    return sum(value is not None for value in row)


def _place_of(lines: list[Line], wanted: int) -> int:
    """Where the row of that number stands; the first row if none has the names."""
    for at, line in enumerate(lines):
        if line.number == wanted or wanted == 0:
            return at
    raise Unprocessable(
        f"Row {wanted} of the table is empty or does not exist, so the names cannot be"
        " taken from it (heading_row).",
        f"表格第 {wanted} 行是空行或不存在，不能作为列名行（heading_row）。",
        parameter="heading_row",
    )


def _width(lines: list[Line]) -> int:
    return max((len(line.cells) for line in lines[:_COMPARED]), default=0)


def _heading_at(lines: list[Line]) -> int:
    """The first row of words that is more than half as wide as the table; where none
    is, the first with more than one cell."""
    widest = max(_filled(line.cells) for line in lines[:_COMPARED])
    for at, line in enumerate(lines[:_SEARCHED]):
        if _is_wide(lines, at, widest) and _are_words(line.cells):
            return at
    several = (n for n, line in enumerate(lines[:_SEARCHED]) if _filled(line.cells) > 1)
    return next(several, 0)


def _is_wide(lines: list[Line], at: int, widest: int) -> bool:
    cells, below = lines[at].cells, lines[at + 1 :]
    if _filled(cells) < 2:
        return False
    if len(below) > 1 and _completes(cells, below):
        cells = _joined(cells, below[0].cells)
    return 2 * _filled(cells) > widest


def _are_words(row: Row) -> bool:
    """Whether at least half of the cells are no numbers."""
    texts = [str(value) for value in row if value is not None]
    return 2 * sum(number(text) is None for text in texts) >= len(texts)


def _are_values(row: Row) -> bool:
    """Whether a first row holds numbers only: there are no names then."""
    texts = [str(value) for value in row if value is not None]
    return len(texts) > 1 and all(number(text) is not None for text in texts)


def _completes(heading: Row, rest: list[Line]) -> bool:
    """Whether a second row names the columns that merged cells above left unnamed."""
    below = rest[0].cells
    gaps = [i for i, value in enumerate(heading) if value is None and i < len(below)]
    texts = [str(value) for value in below if value is not None]
    adds = any(below[i] is not None for i in gaps)
    leaves = any(
        value is not None and (i >= len(below) or below[i] is None)
        for i, value in enumerate(heading)
    )
    named = all(number(text) is None for text in texts)
    return adds and leaves and named


def _joined(upper: Row, lower: Row) -> list[Any]:
    names, over = [], None
    for i in range(max(len(upper), len(lower))):
        above, below = _at(upper, i), _at(lower, i)
        over = above if above is not None else over
        if below is not None and _ANGLE.fullmatch(str(below).strip()):
            below = f"{over or ''}({str(below).strip()})"  # 经度 over 度, 分 and 秒
        names.append(below if below is not None else above)
    return names


def _at(row: Row, index: int) -> Any:
    return row[index] if index < len(row) else None


def _names(heading: Row) -> Iterator[str]:
    """Column names, made unique; blank ones are numbered."""
    if len(heading) > _MAX_COLUMNS:
        raise Unprocessable(
            f"The table has {len(heading)} columns; {_MAX_COLUMNS} are allowed.",
            f"表格有 {len(heading)} 列，最多 {_MAX_COLUMNS} 列。",
        )
    seen: set[str] = set()
    for count, value in enumerate(heading, start=1):
        name = " ".join(str(value).split()) if value is not None else ""
        name = name or f"列{count}"
        unique = name if name not in seen else f"{name}_{count}"
        seen.add(unique)
        yield unique


def _without_asides(lines: list[Line], width: int) -> tuple[list[Line], list[Problem]]:
    """Units under the names, sums and notes are no features."""
    units = lines[:1] if lines and _are_units(lines[0].cells) else []
    last = len(lines)
    while last > len(units) + 1 and _is_note(lines[last - 1].cells, width):
        last -= 1
    body = lines[len(units) : last]
    sums = [line for line in body if _is_sum(line.cells)]
    aside = [*units, *sums, *lines[last:]]
    numbers = {line.number for line in sums}
    kept = [line for line in body if line.number not in numbers]
    return kept, [_left_out(aside)] if aside else []


def _are_units(row: Row) -> bool:
    texts = [str(value).strip() for value in row if value is not None]
    return bool(texts) and all(_UNITS.fullmatch(text) for text in texts)


def _is_sum(row: Row) -> bool:
    first = next((value for value in row if value is not None), None)
    return isinstance(first, str) and _TOTAL.fullmatch(first.strip()) is not None


def _is_note(row: Row, width: int) -> bool:
    """Whether a row at the end is a sum, or a note or signatures across the table."""
    if _is_sum(row):
        return True
    first = str(next((value for value in row if value is not None), ""))
    lone = _filled(row) == 1 and width > 2
    sentence = lone and _SENTENCE.search(first) and number(first) is None
    return bool(sentence) or _NOTE.fullmatch(first.strip()) is not None


def _left_out(lines: list[Line]) -> Problem:
    numbers = [str(line.number) for line in lines]
    some = "、".join(numbers[:_MOST_LISTED])
    first = " ".join(str(v) for v in lines[0].cells if v is not None)
    more = " …" * (len(numbers) > _MOST_LISTED)
    told = {"count": len(lines), "rows": some + more, "text": first[:_SHOWN_SIGNS]}
    return Problem("rows_left_out", values=told)


def _shown(lines: list[Line]) -> tuple[tuple[int, str], ...]:
    return tuple((line.number, _text(line.cells)) for line in lines[:_SHOWN])


def _text(row: Row) -> str:
    texts = [str(value).strip() for value in row if value is not None]
    return " | ".join(texts[:_SHOWN_CELLS])[:_SHOWN_SIGNS]
