"""Versions of layers: which there are, and what each one amounts to."""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime

from service.errors import BadRequest, NotFound
from service.stores.base import Store, Version
from service.stores.database import Database, Row, stamp

HEAD = (
    *("layer", "number", "published_at", "author", "approver", "changeset", "note"),
    *("feature_count", "located_count"),
)
TAIL = ("area_m2", "length_m", "adds", "changes", "removes")
COLUMNS = ", ".join((*HEAD, "west", "south", "east", "north", *TAIL))
CREATE = """CREATE TABLE IF NOT EXISTS atlas_versions (
 layer text NOT NULL, number integer NOT NULL, published_at text NOT NULL,
 author text NOT NULL, approver text, changeset text, note text NOT NULL,
 feature_count integer NOT NULL, located_count integer NOT NULL,
 west {double}, south {double},
 east {double}, north {double},
 area_m2 {double} NOT NULL, length_m {double} NOT NULL,
 adds integer NOT NULL, changes integer NOT NULL, removes integer NOT NULL,
 PRIMARY KEY (layer, number))"""
INSERT = f"INSERT INTO atlas_versions ({COLUMNS}) VALUES ({', '.join('?' * 18)})"


class Versions(Store):
    """The version part of the contract, over ``atlas_versions``. Published versions
    never change, so what was read once is kept."""

    _db: Database
    _versions: dict[tuple[str, int], Version]

    def current_version(self, layer: str) -> int:
        row = self._db.one(
            "SELECT max(number) FROM atlas_versions WHERE layer = ?", (layer,)
        )
        return (row and row[0]) or 0

    def current_versions(self) -> dict[str, int]:
        sql = "SELECT layer, max(number) FROM atlas_versions GROUP BY layer"
        return dict(self._db.all(sql))

    def version(self, layer: str, number: int) -> Version:
        if (known := self._versions.get((layer, number))) is not None:
            return known
        sql = f"SELECT {COLUMNS} FROM atlas_versions WHERE layer = ? AND number = ?"
        row = self._db.one(sql, (layer, number))
        if row is None:
            raise _no_version(layer, number)
        return self._versions.setdefault((layer, number), _version(row))

    def versions(self, layer: str) -> list[Version]:
        sql = f"SELECT {COLUMNS} FROM atlas_versions WHERE layer = ?"
        rows = self._db.all(f"{sql} ORDER BY number DESC", (layer,))
        return [_version(row) for row in rows]

    def version_as_of(self, layer: str, timestamp: str) -> int:
        row = self._db.one(
            "SELECT max(number) FROM atlas_versions"
            " WHERE layer = ? AND published_at <= ?",
            (layer, _moment(timestamp)),
        )
        return (row and row[0]) or 0

    def _insert_version(self, version: Version) -> None:
        before, extent, after = _split(version)
        self._db.run(INSERT, (*before, *extent, *after))


def _split(version: Version) -> tuple[Row, Row, Row]:
    values = astuple(version)
    return values[:9], values[9] or (None,) * 4, values[10:]


def _version(row: Row) -> Version:
    extent = None if row[9] is None else (row[9], row[10], row[11], row[12])
    head = dict(zip(HEAD, row[:9], strict=True))
    return Version(**head, extent=extent, **dict(zip(TAIL, row[13:], strict=True)))


def _moment(timestamp: str) -> str:
    try:
        return stamp(datetime.fromisoformat(timestamp))
    except (ValueError, OverflowError):
        raise BadRequest(
            f"{timestamp!r} is not a time. Write it like 2026-01-31T08:00:00Z.",
            f"“{timestamp}”不是有效时间，请写成 2026-01-31T08:00:00Z 的形式。",
            parameter="as-of",
        ) from None


def _no_version(layer: str, number: int) -> NotFound:
    return NotFound(
        f"The layer {layer!r} has no version {number}."
        f" See /api/collections/{layer}/versions for those there are.",
        f"图层“{layer}”没有第 {number} 版；"
        f"可用版本见 /api/collections/{layer}/versions。",
        layer=layer,
        version=number,
    )
