"""Writing feature versions into PostGIS."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from typing import Any

import shapely

from layers.catalogue import Layer
from service.stores.database import quoted
from service.stores.postgis.connection import PostgresDatabase
from service.stores.publishing import Prepared, Publishing, Totals
from service.stores.tables import OPEN, table


class PostgisPublishing(Publishing):
    """How this store closes, inserts and adds up."""

    _db: PostgresDatabase

    def _close(self, layer: Layer, ids: set[str], number: int) -> set[str]:
        rows = self._db.all(
            f"UPDATE {table(layer.id, 'features')} SET v_to = ?"
            f" WHERE v_to = {OPEN} AND id = ANY(?) RETURNING id",
            (number, list(ids)),
        )
        return {id for (id,) in rows}

    def _insert(self, layer: Layer, prepared: Prepared, number: int) -> None:
        features, count = table(layer.id, "features"), len(prepared.frame)
        last = self._db.one(f"SELECT coalesce(max(rid), 0) FROM {features}") or (0,)
        names = ("rid", "id", "v_from", "v_to", "geom", "json", *prepared.columns)
        rows = zip(
            range(last[0] + 1, last[0] + 1 + count),
            prepared.frame.ids.tolist(),
            repeat(number, count),
            repeat(OPEN, count),
            shapely.to_wkb(prepared.frame.geometry, hex=True, flavor="iso").tolist(),
            prepared.texts,
            *map(_without_nan, prepared.columns.values()),
            strict=True,
        )
        self._db.copy(f"{features} ({', '.join(map(quoted, names))})", rows)
        if count > last[0] // 4:
            self._db.run(f"ANALYZE {features}")

    def _totals(self, layer: Layer) -> Totals:
        row = self._db.one(
            "SELECT count(*), count(geom), coalesce(sum(area_m2), 0),"
            " coalesce(sum(length_m), 0), min(ST_XMin(geom)), min(ST_YMin(geom)),"
            " max(ST_XMax(geom)), max(ST_YMax(geom))"
            f" FROM {table(layer.id, 'features')} WHERE v_to = {OPEN}"
        )
        count, located, area, length, *extent = row or (0, 0, 0.0, 0.0, None)
        whole = None if extent[0] is None else (*extent,)
        return Totals(count, located, whole, area, length)


def _without_nan(values: list[Any]) -> Iterator[Any]:
    """NaN is a number to PostgreSQL; to us it is a missing one."""
    return (None if value != value else value for value in values)
