"""Shapes in a column of a table: WKT, with or without an SRID, or WKB in hex."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import shapely

from geo.frame import ObjectArray
from service.uploads.openrings import mended_wkt
from service.uploads.problems import Problem
from service.uploads.table import Columns, object_array

_NAMES = ("wkt", "geometry", "geom", "the_geom", "shape", "几何", "图形", "坐标串")
_START = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POINT|LINESTRING|POLYGON|GEOMETRYCOLLECTION)\b",
    re.IGNORECASE,
)
_SRID = re.compile(r"\s*SRID=(\d{4,6});\s*", re.IGNORECASE)
_HEX = re.compile(r"0[01](?:[0-9A-Fa-f]{2}){8,}")
_LOOKED_AT = 50


@dataclass(frozen=True, slots=True)
class Drawn:
    """The columns used, the shapes, the CRS that all of them state, the findings."""

    used: set[str]
    geometry: ObjectArray
    crs: str | None
    problems: list[Problem]


def column_of(columns: Columns) -> str | None:
    """The column that holds shapes, by its name or by what stands in it."""
    by_key = {name.strip().casefold(): name for name in columns}
    named = next((by_key[key] for key in _NAMES if key in by_key), None)
    return named or next(
        (name for name in columns if _holds_shapes(columns[name])), None
    )


def _holds_shapes(values: ObjectArray) -> bool:
    texts = [v for v in values[:_LOOKED_AT].tolist() if isinstance(v, str)]
    return bool(texts) and all(_START.match(text) for text in texts)


def drawn(columns: Columns, name: str) -> Drawn:
    """Shapes too long for a cell go on in ``wkt_2``, ``wkt_3`` …"""
    used = [name, *(n for n in columns if re.fullmatch(rf"{re.escape(name)}_\d+", n))]
    parts = zip(*(columns[n].tolist() for n in used), strict=True)
    texts = ["".join(str(t) for t in row if t is not None) for row in parts]
    srids = {found[1] for text in texts if (found := _SRID.match(text))}
    given = object_array([_SRID.sub("", text, count=1) or None for text in texts])
    geometry = _shapes(given)
    problems: list[Problem] = []
    for row in np.flatnonzero(shapely.is_missing(geometry)).tolist():
        if (text := given[row]) is not None:
            geometry[row], doubts = _closed(row, text, name)
            problems += doubts
    crs = f"EPSG:{srids.pop()}" if len(srids) == 1 else None
    return Drawn(set(used), geometry, crs, problems)


def _closed(
    row: int, text: str, column: str
) -> tuple[shapely.Geometry | None, list[Problem]]:
    """An area whose rings were left open, closed; which they were."""
    if _HEX.fullmatch(text) and (shape := _from_hex(text)) is not None:
        return shape, []
    if (shape := mended_wkt(text)) is None:
        return None, [Problem("unreadable_geometry", row, column)]
    return shape.geometry, [
        Problem("unclosed_ring", row, column, values={"ring": ring})
        for ring in shape.opened
    ]


def _from_hex(text: str) -> shapely.Geometry | None:
    try:
        return shapely.from_wkb(text)
    except (shapely.errors.ShapelyError, NotImplementedError):
        return None


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
