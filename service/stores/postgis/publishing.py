"""Writing feature versions into PostGIS."""

from __future__ import annotations

import shapely

from geo.frame import ObjectArray
from layers.catalogue import Layer
from service.stores.base import Version
from service.stores.database import quoted
from service.stores.postgis.connection import PostgresDatabase
from service.stores.postgis.copytext import copy_rows
from service.stores.publishing import Prepared, Publishing, Totals, Writing
from service.stores.tables import OPEN, table


class PostgisPublishing(Publishing):
    """How this store writes."""

    _db: PostgresDatabase

    def _writing(self, layer: Layer, number: int, count: int) -> Writing:
        return PostgisWriting(self._db, layer, number)


class PostgisWriting(Writing):
    """Rows go in by COPY; everything else is the database's work."""

    def __init__(self, db: PostgresDatabase, layer: Layer, number: int) -> None:
        self._db, self._number = db, number
        self._features = table(layer.id, "features")
        row = db.one(f"SELECT coalesce(max(rid), 0) FROM {self._features}") or (0,)
        self._before = self._last = row[0]

    def end(self, ids: set[str]) -> set[str]:
        rows = self._db.all(
            f"UPDATE {self._features} SET v_to = ?"
            f" WHERE v_to = {OPEN} AND id = ANY(?) RETURNING id",
            (self._number, list(ids)),
        )
        return {id for (id,) in rows}

    def insert(self, prepared: Prepared) -> None:
        count, first = len(prepared.frame), self._last + 1
        self._last += count
        names = ("rid", "id", "v_from", "v_to", "geom", "json", *prepared.columns)
        columns = [
            list(range(first, first + count)),
            prepared.frame.ids.tolist(),
            [self._number] * count,
            [OPEN] * count,
            _hexadecimal(prepared.frame.geometry),
            prepared.texts.listed(without=1),
            *prepared.columns.values(),
        ]
        head = f"{self._features} ({', '.join(map(quoted, names))})"
        self._db.copy(head, copy_rows(columns, count))

    def finish(self) -> Totals:
        if self._last - self._before > self._before // 4:
            self._db.run(f"ANALYZE {self._features}")
        row = self._db.one(
            "SELECT count(*), count(geom), coalesce(sum(area_m2), 0),"
            " coalesce(sum(length_m), 0), min(ST_XMin(geom)), min(ST_YMin(geom)),"
            " max(ST_XMax(geom)), max(ST_YMax(geom))"
            f" FROM {self._features} WHERE v_to = {OPEN}"
        )
        count, located, area, length, *extent = row or (0, 0, 0.0, 0.0, None)
        whole = None if extent[0] is None else (*extent,)
        return Totals(count, located, whole, area, length)

    def published(self, version: Version) -> None:
        """Nothing is kept beside the database."""

    def close(self) -> None:
        """Nothing to give back."""


def _hexadecimal(geometries: ObjectArray) -> list[str | None]:
    """GEOS itself is several times slower at this."""
    wkb = shapely.to_wkb(geometries, flavor="iso").tolist()
    return [None if body is None else body.hex() for body in wkb]
