"""GeoPackages: only their tables are read. A view is a query that somebody else wrote,
and the reader would run it."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from service.errors import Unprocessable
from service.uploads import ogr
from service.uploads.problems import Problem
from service.uploads.table import ReadOptions, SourceTable

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table'"
    " AND sql NOT LIKE 'CREATE VIRTUAL%'"
)
_SHAPES = "SELECT column_name FROM gpkg_geometry_columns WHERE table_name = ?"
#: Enough of a shape to see its kind: header, box, and the kind of its first part.
_HEAD = 128
#: Bytes of the box by its code; the kinds of shapes that are or may hold curves.
_BOXES = (0, 32, 48, 48, 64)
_CURVED, _HOLDING = (8, 9, 10), (11, 12)


def read_geopackage(path: Path, options: ReadOptions) -> SourceTable:
    """One table; what is left out of the file, and curves made straight, are told."""
    layer = options.layer or next(iter(layer_names(path)), None)
    reading = ogr.read(path, options.limits, layer=layer)
    return SourceTable(
        "gpkg",
        layer or path.stem,
        reading.geometry,
        reading.columns,
        reading.crs,
        problems=(*reading.problems, *_left_out(path), *_curves(path, layer)),
    )


def layer_names(path: Path) -> list[str]:
    """Names of the layers that are tables; refused if there are others only."""
    names, kept = _split(path)
    if names and not kept:
        raise Unprocessable(
            "The GeoPackage's layers are views or virtual tables, which are not read. "
            "Export them as ordinary layers.",
            "GeoPackage 里的图层是视图或虚拟表，不予读取。导出为普通图层后再上传。",
        )
    return kept


def _split(path: Path) -> tuple[list[str], list[str]]:
    """All layers, and those that are tables."""
    with _opened(path) as connection:
        tables = {str(name).casefold() for (name,) in connection.execute(_TABLES)}
    names = ogr.layer_names(path)
    return names, [name for name in names if name.casefold() in tables]


def _left_out(path: Path) -> list[Problem]:
    names, kept = _split(path)
    views = [name for name in names if name not in kept]
    told = {"names": "、".join(views[:10])}
    return [Problem("ignored_views", values=told)] if views else []


def _curves(path: Path, layer: str | None) -> list[Problem]:
    with _opened(path) as connection:
        found = connection.execute(_SHAPES, (layer,)).fetchone()
        if not layer or not found:
            return []
        table, column = (name.replace('"', '""') for name in (layer, str(found[0])))
        query = f'SELECT substr("{column}", 1, {_HEAD}) FROM "{table}"'
        count = sum(is_curved(blob) for (blob,) in connection.execute(query))
    return [Problem("curves_densified", values={"count": count})] if count else []


def is_curved(blob: object) -> bool:
    """Whether the head of a shape's blob is that of a curve, or of a collection that
    begins with one."""
    if not isinstance(blob, bytes) or not blob.startswith(b"GP"):
        return False
    try:
        at = 8 + _BOXES[blob[3] >> 1 & 7]
        kind = _kind(blob, at)
        return kind in _CURVED or (kind in _HOLDING and _kind(blob, at + 9) in _CURVED)
    except (IndexError, struct.error):
        return False


def _kind(blob: bytes, at: int) -> int:
    (code,) = struct.unpack_from("<I" if blob[at] else ">I", blob, at + 1)
    return int(code & 0xFFFF) % 1000


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """The file's own tables, looked at without running anything of it."""
    try:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            yield connection
    except sqlite3.Error as error:
        raise ogr.unreadable() from error
