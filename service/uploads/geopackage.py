"""GeoPackages: only their tables are read. A view is a query that somebody else wrote,
and the reader would run it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from service.errors import Unprocessable
from service.uploads import ogr

_TABLES = (
    "SELECT name FROM sqlite_master WHERE type = 'table'"
    " AND sql NOT LIKE 'CREATE VIRTUAL%'"
)


def layer_names(path: Path) -> list[str]:
    """Names of the layers that are tables; refused if there are others only."""
    tables = _tables(path)
    names = ogr.layer_names(path)
    kept = [name for name in names if name.casefold() in tables]
    if names and not kept:
        raise Unprocessable(
            "The GeoPackage's layers are views or virtual tables, which are not read. "
            "Export them as ordinary layers.",
            "GeoPackage 里的图层是视图或虚拟表，不予读取。导出为普通图层后再上传。",
        )
    return kept


def _tables(path: Path) -> set[str]:
    try:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema = OFF")
            return {str(name).casefold() for (name,) in connection.execute(_TABLES)}
    except sqlite3.Error as error:
        raise ogr.unreadable() from error
