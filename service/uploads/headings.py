"""The first rows of a table: titles above it, names in one row or two, or in none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from service.errors import Unprocessable
from service.uploads.angles import number
from service.uploads.problems import Problem

Row = Sequence[Any]
_MAX_COLUMNS = 1000
#: Titles, units and dates above a table are fewer lines than these.
_MOST_TITLES = 5


def split(rows: list[Row]) -> tuple[list[str], list[Row], list[Problem]]:
    """Names of the columns, the rows under them, and what is to be said.

    ``rows`` has no empty rows, and at least one.
    """
    above = _titles(rows)
    heading, rest = rows[above], rows[above + 1 :]
    problems: list[Problem] = []
    if _are_values(heading):
        heading, rest = [None] * len(heading), rows[above:]
        problems.append(Problem("no_heading"))
    elif rest and _completes(heading, rest):
        heading, rest = _joined(heading, rest[0]), rest[1:]
        above += 1
    names = list(_names(heading))
    if above:
        told = {"count": above, "names": "、".join(names[:8])}
        problems.append(Problem("heading_found", values=told))
    return names, rest, problems


def _filled(row: Row) -> int:
    return sum(value is not None for value in row)


def _titles(rows: list[Row]) -> int:
    """How many rows stand above the names: with one cell only, where others follow."""
    for count, row in enumerate(rows[: _MOST_TITLES + 1]):
        if _filled(row) > 1:
            return count
    return 0


def _are_values(row: Row) -> bool:
    """Whether a first row holds numbers only: there are no names then."""
    filled = [str(value) for value in row if value is not None]
    return len(filled) > 1 and all(number(text) is not None for text in filled)


def _completes(heading: Row, rest: list[Row]) -> bool:
    """Whether a second row names the columns that merged cells above left unnamed."""
    below = rest[0]
    gaps = [i for i, value in enumerate(heading) if value is None and i < len(below)]
    texts = [str(value) for value in below if value is not None]
    adds = any(below[i] is not None for i in gaps)
    leaves = any(
        value is not None and (i >= len(below) or below[i] is None)
        for i, value in enumerate(heading)
    )
    named = all(number(text) is None for text in texts)
    return adds and leaves and named and len(rest) > 1


def _joined(upper: Row, lower: Row) -> list[Any]:
    width = max(len(upper), len(lower))
    pairs = ((_at(lower, i), _at(upper, i)) for i in range(width))
    return [below if below is not None else above for below, above in pairs]


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
        name = str(value).strip() if value is not None else f"列{count}"
        unique = name if name not in seen else f"{name}_{count}"
        seen.add(unique)
        yield unique
