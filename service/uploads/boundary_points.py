"""界址点 TXT: the coordinate files of land surveys, in all their dialects.

A header of key=value lines, then per parcel one line that ends in @ and one line per
boundary point: number, ring, X (north), Y (east). Rings are closed or not, separated
by ring number or by closing, with or without the zone's number before the easting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import shapely

from geo.frame import FloatArray
from geo.rings import assemble
from service.errors import Unprocessable
from service.exports.boundary_points import EXTENSION, FILLED
from service.uploads.angles import number
from service.uploads.boundary_crs import crs_of
from service.uploads.boundary_lines import (
    KIND,
    KINDS,
    Parcel,
    Unread,
    is_closed,
    is_point,
    parse,
)
from service.uploads.openrings import closed
from service.uploads.problems import Problem
from service.uploads.table import Columns, ReadOptions, SourceTable, object_array
from service.uploads.text import read_text

#: The parcel line's fields, in order; longer variants have 备注 and others after them.
PARCEL_FIELDS = (
    "界址点数",
    "地块面积",
    "地块编号",
    "地块名称",
    "图形属性",
    "图幅号",
    "地块用途",
    "地类编码",
)
_M2_PER_HA = 10_000.0
#: So much of a text tells what it is.
_HEAD = 20_000
_PARCEL_LINE = re.compile(r"[@＠][\s,，;；]*$", re.MULTILINE)
#: So many points alone, without a header or a parcel line, are a boundary.
_FEWEST_POINTS = 3


def read_boundary_points(path: Path, options: ReadOptions) -> SourceTable:
    """The parcels of a boundary point file, x east and y north as written."""
    text, encoding, doubts = read_text(path, options.encoding)
    document = parse(text.splitlines())
    parcels, header = document.parcels, document.header
    rings = [points for parcel in parcels for _, points in parcel.rings]
    if not rings:
        raise _without_points(document.unread)
    options.limits.check(len(parcels), sum(map(len, rings)))
    problems = [p for row, parcel in enumerate(parcels) for p in _checks(row, parcel)]
    crs, found = crs_of(header, np.array([xy for ring in rings for xy in ring]))
    return SourceTable(
        "boundary-points",
        path.stem,
        object_array([_shape(parcel) for parcel in parcels]),
        _columns(parcels, _extended(header)),
        crs,
        encoding,
        (*doubts, *problems, *_unread(document.unread), *found),
        frozenset(("界址点数", "图形属性", "地块面积")),
    )


def _without_points(unread: list[Unread]) -> Unprocessable:
    first = next(iter(unread), None)
    told = f" Line {first.number} cannot be read: {first.text}" if first else ""
    told_zh = f"第 {first.number} 行无法读取：{first.text}" if first else ""
    return Unprocessable(
        "The text file holds no boundary points (number, ring, X, Y under a parcel "
        f"line that ends in @).{told}",
        "文本文件里没有界址点（以 @ 结尾的地块行下应有：点号,圈号,X,Y）。" + told_zh,
    )


def looks_like(text: str) -> bool:
    """Whether a text file is one of these at all; bare lists of points are."""
    head = text[:_HEAD]
    if has_section(text) or _PARCEL_LINE.search(head):
        return True
    lines = [line for line in head.splitlines()[:-1] or [head] if line.strip()]
    return len(lines) >= _FEWEST_POINTS and all(map(is_point, lines))


def has_section(text: str) -> bool:
    """Whether a text has the format's section, under whatever suffix: spreadsheets
    save it as .csv."""
    return "[地块坐标]" in text[:_HEAD].replace("［", "[").replace("］", "]")


def _extended(header: dict[str, str]) -> list[str]:
    """Names of the fields after the format's own, where the header tells them."""
    names = [name.strip() for name in header.get(EXTENSION, "").split(",")]
    return [name for name in names if name and name not in PARCEL_FIELDS]


def _shape(parcel: Parcel) -> shapely.Geometry | None:
    """An area, or the lines or points that the parcel's line names instead."""
    rings = [np.array(points)[:, ::-1] for _, points in parcel.rings]
    kind = parcel.values[KIND] if len(parcel.values) > KIND else KINDS[0]
    if kind == "点" and rings:
        points = np.vstack([_once(ring) for ring in rings])
        return shapely.points(points[0]) if len(points) == 1 else _multipoint(points)
    if kind == "线" and rings and all(len(ring) > 1 for ring in rings):
        whole = [shapely.linestrings(ring) for ring in rings]
        return whole[0] if len(whole) == 1 else shapely.multilinestrings(whole)
    return assemble([closed(ring) for ring in rings]) if rings else None


def _once(ring: FloatArray) -> FloatArray:
    return ring[:-1] if len(ring) > 1 and (ring[0] == ring[-1]).all() else ring


def _multipoint(points: FloatArray) -> shapely.Geometry:
    return shapely.multipoints(shapely.points(points))


def _checks(row: int, parcel: Parcel) -> Iterator[Problem]:
    is_area = len(parcel.values) <= KIND or parcel.values[KIND] not in KINDS[1:]
    for ring, points in parcel.rings if is_area else ():
        if points and not is_closed(points):
            yield Problem("unclosed_ring", row, values={"ring": ring})
    declared = parcel.values[0] if parcel.values else ""
    written = sum(len(points) for _, points in parcel.rings)
    distinct = written - sum(is_closed(points) for _, points in parcel.rings)
    if declared.isdigit() and int(declared) not in (written, distinct):
        values = {"declared": declared, "found": distinct}
        yield Problem("point_count_differs", row, "界址点数", values=values)
    if parcel.is_shifted:
        code, name = (_value(parcel.values, index) or "–" for index in (2, 3))
        values = {"code": code, "name": name}
        yield Problem("parcel_line_shifted", row, values=values)


def _unread(lines: list[Unread]) -> Iterator[Problem]:
    for line in lines:
        values = {"line": line.number, "text": line.text}
        yield Problem("unread_line", line.parcel, values=values)


def _columns(parcels: list[Parcel], extended: list[str]) -> Columns:
    width = max((len(parcel.values) for parcel in parcels), default=0)
    names = [*PARCEL_FIELDS, *extended]
    names += [f"字段{n}" for n in range(len(names) + 1, width + 1)]
    columns: Columns = {}
    for index, name in enumerate(names):
        values = [_value(parcel.values, index) for parcel in parcels]
        if any(value is not None for value in values):
            columns[name] = object_array(values)
    _leave_out_filled(columns)
    if "地块面积" in columns:
        hectares = columns.pop("地块面积").tolist()
        columns["地块面积"] = object_array([_square_metres(text) for text in hectares])
    return columns


def _leave_out_filled(columns: Columns) -> None:
    """What was only filled in at writing is no statement about the parcel."""
    filled = columns.pop(FILLED, object_array([])).tolist()
    for row, names in enumerate(filled):
        for name in (names or "").split():
            if name in PARCEL_FIELDS and name in columns:
                columns[name][row] = None


def _value(values: list[str], index: int) -> str | None:
    return (values[index] or None) if index < len(values) else None


def _square_metres(hectares: str | None) -> float | str | None:
    """The format states areas in hectares; a text that is no number stays as it is."""
    value = None if hectares is None else number(hectares.replace(",", "."))
    return hectares if value is None else round(value * _M2_PER_HA, 4)
