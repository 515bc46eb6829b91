"""Sheets of a workbook: columns as wide as what they hold, and paper to match."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from math import ceil
from typing import Any
from unicodedata import east_asian_width

_LEAST, _MOST = 6.0, 42.0
#: Digits side by side on A4 that are still read.
_LEGIBLE = 240.0
#: Rows that are looked at: the rest hold the like.
_LOOKED_AT = 500
_A4, _A3 = 9, 8
#: Points from one line of text to the next.
_LINE = 13.5


#: Title, values and format.
Column = tuple[str, Sequence[Any], Any]


def fitted_columns(sheet: Any, columns: Sequence[Column]) -> None:
    """Widths, to be set before any row is written, and how it goes on paper: as wide
    as the page, or page beside page with its first column on each."""
    whole, rows = 0.0, 1
    for n, (title, values, look) in enumerate(columns):
        shown = map(_shown, islice(values, _LOOKED_AT))
        longest = max(map(_width, (title, *shown)))
        width = min(max(longest + 2.0, _LEAST), _MOST)
        sheet.set_column(n, n, width, look)
        whole, rows = whole + width, max(rows, len(values))
    sheet.print_area(0, 0, rows, max(len(columns) - 1, 0))
    sheet.repeat_rows(0)
    if whole <= _LEGIBLE:
        on_one_page_s_width(sheet)
    else:
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.repeat_columns(0)


def on_one_page_s_width(sheet: Any) -> None:
    """Shrunk, if need be, to the width of A4 laid across."""
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def on_large_paper(sheet: Any, widths: Sequence[float]) -> None:
    """Columns of these widths on A3 laid across, shrunk to its width."""
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    sheet.set_landscape()
    sheet.set_paper(_A3)
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)


def height_of(values: Sequence[Any], widths: Sequence[float]) -> float:
    """Points that a row needs whose texts are wrapped: not every program finds out."""
    shown = (_shown(value).split("\n") for value in values)
    lines = (
        sum(max(ceil(_width(line) / width), 1) for line in each)
        for each, width in zip(shown, widths, strict=True)
    )
    return _LINE * max(lines, default=1) + 2


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.2f}"
    return str(value)


def _width(text: str) -> float:
    """In digits: a Chinese character takes two."""
    return sum(2.0 if east_asian_width(c) in "WF" else 1.0 for c in text)
