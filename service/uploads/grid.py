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
import shapely

from geo.frame import ObjectArray
from service.errors import Unprocessable
from service.uploads import ogr
from service.uploads.limits import Limits
from service.uploads.openrings import mended_wkt
from service.uploads.problems import Problem
from service.uploads.table import (
    Columns,
    Encoding,
    ReadOptions,
    SourceTable,
    object_array,
)
from service.uploads.text import read_text
from service.uploads.workbook import read_sheet

_WKT_NAMES = ("wkt", "geometry", "geom", "the_geom", "shape", "几何", "图形", "坐标串")
#: Names of x (east) and y (north) columns; the plain letters come last because
#: surveyors mean north by X: which it is shows on the map, and in the diagnosis.
_AXES = (
    ("lon", "lat"),
    ("lng", "lat"),
    ("long", "lat"),
    ("longitude", "latitude"),
    ("经度", "纬度"),
    ("东坐标", "北坐标"),
    ("横坐标", "纵坐标"),
    ("easting", "northing"),
    ("e", "n"),
    ("x", "y"),
    ("x坐标", "y坐标"),
)
_MAX_COLUMNS = 1000
_GUARDED = ("'=", "'+", "'-", "'@")


def read_csv(path: Path, options: ReadOptions) -> SourceTable:
    """A table in a text file; every value stays text, so codes keep their zeros."""
    text, encoding, doubts = read_text(path, options.encoding)
    rows = csv.reader(io.StringIO(text), _dialect(text[:65_536]))
    table = _table("csv", path.stem, _checked(rows), encoding, options.limits)
    return replace(table, problems=(*doubts, *table.problems))


def read_workbook(path: Path, options: ReadOptions) -> SourceTable:
    """One sheet of a workbook, its first row being the names."""
    name, rows = read_sheet(path, options.layer, options.limits)
    encoding = Encoding("utf-8", "format")
    return _table("xlsx", name, rows, encoding, options.limits)


def _dialect(head: str) -> type[csv.Dialect]:
    try:
        return csv.Sniffer().sniff(head, delimiters=",;\t|")
    except csv.Error:
        return csv.excel


def _checked(rows: Iterator[list[str]]) -> list[Sequence[str | None]]:
    try:
        return [[_plain(value) for value in row] for row in rows]
    except csv.Error as error:
        raise ogr.unreadable() from error


def _plain(value: str) -> str | None:
    """A text that our own CSV kept Excel from running as a formula."""
    return (value[1:] if value[:2] in _GUARDED else value) or None


def _table(
    format: str,
    name: str,
    rows: Sequence[Sequence[Any]],
    encoding: Encoding,
    limits: Limits,
) -> SourceTable:
    filled = [row for row in rows if any(value is not None for value in row)]
    if not filled:
        raise Unprocessable("The table is empty.", "表格是空的。")
    names = list(_names(filled[0]))
    columns = {
        name: object_array([row[i] if i < len(row) else None for row in filled[1:]])
        for i, name in enumerate(names)
    }
    geometry, used, problems = _geometry(columns, len(filled) - 1)
    ogr.check_vertices(geometry, limits)
    kept = {name: values for name, values in columns.items() if name not in used}
    return SourceTable(format, name, geometry, kept, None, encoding, tuple(problems))


def _names(heading: Sequence[Any]) -> Iterator[str]:
    """Column names, made unique; blank ones are numbered."""
    if len(heading) > _MAX_COLUMNS:
        raise Unprocessable(
            f"The table has {len(heading)} columns; {_MAX_COLUMNS} are allowed.",
            f"表格有 {len(heading)} 列，最多 {_MAX_COLUMNS} 列。",
        )
    seen: set[str] = set()
    for number, value in enumerate(heading, start=1):
        name = str(value).strip() if value is not None else f"列{number}"
        unique = name if name not in seen else f"{name}_{number}"
        seen.add(unique)
        yield unique


def _geometry(
    columns: Columns, count: int
) -> tuple[ObjectArray, set[str], list[Problem]]:
    by_key = {name.strip().casefold(): name for name in columns}
    for key in _WKT_NAMES:
        if (name := by_key.get(key)) is not None:
            return _from_wkt(columns, name)
    for x, y in _AXES:
        if x in by_key and y in by_key:
            used = {by_key[x], by_key[y]}
            return _from_axes(columns[by_key[x]], columns[by_key[y]]), used, []
    return np.full(count, None, dtype=object), set(), []


def _from_wkt(
    columns: Columns, name: str
) -> tuple[ObjectArray, set[str], list[Problem]]:
    """Shapes too long for a cell go on in ``wkt_2``, ``wkt_3`` …"""
    used = [name, *(n for n in columns if re.fullmatch(rf"{re.escape(name)}_\d+", n))]
    parts = zip(*(columns[n].tolist() for n in used), strict=True)
    texts = ["".join(str(t) for t in row if t is not None) for row in parts]
    given = object_array([text or None for text in texts])
    geometry = _shapes(given)
    problems: list[Problem] = []
    for row in np.flatnonzero(shapely.is_missing(geometry)).tolist():
        if (text := given[row]) is not None:
            geometry[row], found = _closed(row, text, name)
            problems += found
    return geometry, set(used), problems


def _closed(
    row: int, text: str, column: str
) -> tuple[shapely.Geometry | None, list[Problem]]:
    """An area whose rings were left open, closed; which they were."""
    if (shape := mended_wkt(text)) is None:
        return None, [Problem("unreadable_geometry", row, column)]
    return shape.geometry, [
        Problem("unclosed_ring", row, column, values={"ring": ring})
        for ring in shape.opened
    ]


def _shapes(texts: ObjectArray) -> ObjectArray:
    try:
        shapes: ObjectArray = shapely.from_wkt(texts, on_invalid="ignore")
    except (shapely.errors.ShapelyError, NotImplementedError):
        return object_array([_shape(text) for text in texts.tolist()])
    return shapes


def _shape(text: str | None) -> shapely.Geometry | None:
    try:
        return None if text is None else shapely.from_wkt(text)
    except (shapely.errors.ShapelyError, NotImplementedError):
        return None  # curves and slips of the pen are reported alike


def _from_axes(x: ObjectArray, y: ObjectArray) -> ObjectArray:
    pairs = [(_number(a), _number(b)) for a, b in zip(x, y, strict=True)]
    known = np.isfinite(np.array(pairs, dtype=np.float64).reshape(-1, 2)).all(axis=1)
    geometry = np.full(len(pairs), None, dtype=object)
    geometry[known] = shapely.points(np.array(pairs).reshape(-1, 2)[known])
    return geometry


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return float("nan")
