"""CSV and XLSX: rows of text, with geometry in a WKT column, in two coordinate columns,
or not at all (attributes for features that are known by their id)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from service.errors import Unprocessable
from service.uploads import (
    anglecolumns,
    axes,
    headings,
    ogr,
    paircolumn,
    pointrows,
    sections,
    wkt,
)
from service.uploads.headings import Line
from service.uploads.problems import Problem
from service.uploads.table import (
    Columns,
    Encoding,
    ReadOptions,
    SourceTable,
    object_array,
)
from service.uploads.text import read_text
from service.uploads.workbook import Sheet, empty_formulas, read_sheet

_GUARDED = re.compile(r"'+[=+\-@]")
_DELIMITERS = ",\t;|，；"
_SAMPLE_LINES, _SAMPLE_SIGNS = 20, 20_000
#: What Excel understands as its first line.
_SEP = re.compile(r"sep=(?P<sign>.)\r?\n", re.IGNORECASE)
#: One shape may be a cell of many megabytes.
_LARGEST_CELL = 1 << 28
_MOST_CELLS = 50_000_000


def read_csv(path: Path, options: ReadOptions) -> SourceTable:
    """A table in a text file; every value stays text, so codes keep their zeros."""
    text, encoding, doubts = read_text(path, options.encoding)
    csv.field_size_limit(_LARGEST_CELL)
    stated = _SEP.match(text)
    body = text[stated.end() :] if stated else text
    sign = stated["sign"] if stated else _delimiter(body)
    rows = _checked(csv.reader(io.StringIO(body, newline=""), delimiter=sign))
    table = _table("csv", Sheet(path.stem, rows, []), encoding, options)
    return replace(table, problems=(*doubts, *table.problems))


def read_workbook(path: Path, options: ReadOptions) -> SourceTable:
    """One sheet of a workbook."""
    sheet = read_sheet(path, options.layer, options.limits)
    encoding = Encoding("utf-8", "format")
    table = _table("xlsx", sheet, encoding, options)
    count = empty_formulas(path)
    told = [Problem("formulas_without_values", values={"count": count})] * bool(count)
    return replace(table, problems=(*told, *table.problems))


def _delimiter(text: str) -> str:
    """The sign that occurs in most of the first lines, and most often."""
    lines = [line for line in text[:_SAMPLE_SIGNS].splitlines() if line.strip()]
    lines = [re.sub(r'"[^"]*"', "", line) for line in lines[:_SAMPLE_LINES]]

    def weight(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in lines]
        return sum(map(bool, counts)), sum(counts)

    best = max(_DELIMITERS, key=weight)
    return best if any(weight(best)) else ","


def _checked(rows: Iterator[list[str]]) -> list[list[str | None]]:
    kept: list[list[str | None]] = []
    cells = 0
    try:
        for row in rows:
            cells += len(row)
            if cells > _MOST_CELLS:
                raise Unprocessable(
                    f"The table has more than {_MOST_CELLS:,} cells. Split it.",
                    f"表格超过 {_MOST_CELLS:,} 个单元格。分成几个文件上传。",
                )
            kept.append([_plain(value) for value in row])
    except csv.Error as error:
        raise ogr.unreadable() from error
    return kept


def _plain(value: str) -> str | None:
    """A text that our own CSV kept Excel from running as a formula."""
    return (value[1:] if _GUARDED.match(value) else value) or None


def _table(
    format: str, sheet: Sheet, encoding: Encoding, options: ReadOptions
) -> SourceTable:
    lines = [
        Line(number, row)
        for number, row in enumerate(sheet.rows, start=1)
        if any(value is not None for value in row)
    ]
    if not lines:
        raise Unprocessable(
            "The table is empty. Check which sheet or query was exported.",
            "表格是空的。检查导出的工作表或查询。",
        )
    parts = headings.split(lines, options.heading_row)
    sheet.fill_down(parts.lines[0].number - 1 if parts.lines else len(sheet.rows))
    names, rows = sections.merged(parts)
    table = SourceTable(
        format,
        sheet.name,
        np.full(len(rows), None, dtype=object),
        _columns(names, rows),
        None,
        encoding,
        (*parts.problems, *_beyond(names, rows)),
        heading=parts.heading,
    )
    table = _located(table, options.kind)
    ogr.check_vertices(table.geometry, options.limits)
    return table


def _columns(names: list[str], rows: Sequence[Sequence[Any]]) -> Columns:
    return {
        name: object_array([row[i] if i < len(row) else None for row in rows])
        for i, name in enumerate(names)
    }


def _beyond(names: list[str], rows: Sequence[Sequence[Any]]) -> Iterator[Problem]:
    """Rows with more cells than there are names: something is shifted or lost."""
    width = len(names)
    for row, values in enumerate(rows):
        extra = [str(value) for value in values[width:] if value is not None]
        if extra:
            told = {"count": len(extra), "values": ", ".join(extra)[:80]}
            yield Problem("cells_beyond_heading", row, values=told)


def _located(table: SourceTable, kind: str) -> SourceTable:
    """The table with its shapes, from a column of shapes or from two of coordinates;
    points of boundaries become areas where areas are wanted."""
    columns, angles = table.columns, anglecolumns.joined(table.columns)
    used: set[str]
    pair = None
    if (name := wkt.column_of(columns)) is not None:
        found = wkt.drawn(columns, name)
        geometry, crs, told, used = (
            found.geometry,
            found.crs,
            found.problems,
            found.used,
        )
    elif (pair := axes.from_columns(angles)) is not None:
        columns = angles
        geometry, crs, told, used = (
            pair.geometry,
            pair.crs,
            pair.problems,
            {*pair.names},
        )
    elif (halves := paircolumn.parted(columns)) is not None:
        columns, said = halves
        told_too = (*table.problems, *said)
        halved = replace(table, columns=columns, problems=told_too)
        return replace(_located(halved, kind), crs=None)  # its name says nothing
    else:
        return table
    located = replace(
        table,
        geometry=geometry,
        crs=crs,
        columns={name: v for name, v in columns.items() if name not in used},
        problems=(*table.problems, *told),
        axes=pair.names if pair else None,
    )
    areas = pointrows.joined(located, kind) if pair else None
    return areas or located
