"""Feature rows of PostGIS, out and in."""

from __future__ import annotations

from layers.catalogue import Layer
from service.stores.copying import BATCH, Copying
from service.stores.database import Row, quoted
from service.stores.postgis.connection import PostgresDatabase
from service.stores.postgis.copytext import copy_rows
from service.stores.tables import table, value_columns


class PostgisCopying(Copying):
    """Indexes stay: PostgreSQL fills them as rows arrive."""

    _db: PostgresDatabase

    def count_features(self, layer: Layer) -> int:
        row = self._db.one(f"SELECT count(*) FROM {table(layer.id, 'features')}")
        return row[0] if row else 0

    def features_after(self, layer: Layer, rid: int) -> list[Row]:
        names = ", ".join(map(quoted, value_columns(layer)))
        return self._db.all_binary(
            f"SELECT rid, id, v_from, v_to, ST_AsBinary(geom), json, {names}"
            f" FROM {table(layer.id, 'features')}"
            f" WHERE rid > ? ORDER BY rid LIMIT {BATCH}",
            (rid,),
        )

    def add_features(self, layer: Layer, rows: list[Row]) -> None:
        names = ("rid", "id", "v_from", "v_to", "geom", "json", *value_columns(layer))
        booleans = {
            6 + value_columns(layer).index(field.name)
            for field in layer.fields
            if field.type == "boolean"
        }
        copied = (_as_copied(row, booleans) for row in rows)
        columns = [list(values) for values in zip(*copied, strict=True)]
        head = f"{table(layer.id, 'features')} ({', '.join(map(quoted, names))})"
        self._db.copy(head, copy_rows(columns, len(rows)))

    def finish_features(self, layer: Layer) -> None:
        self._db.run(f"ANALYZE {table(layer.id, 'features')}")

    def clear_features(self, layer: Layer) -> None:
        self._db.run(f"DELETE FROM {table(layer.id, 'features')}")

    def add_plain_rows(self, name: str, rows: list[Row]) -> None:
        super().add_plain_rows(name, rows)
        if name == "atlas_records":
            self._db.one(
                "SELECT setval(pg_get_serial_sequence(?, 'seq'),"
                " (SELECT max(seq) FROM atlas_records))",
                (f"{self._db.schema}.{name}",),
            )


def _as_copied(row: Row, booleans: set[int]) -> Row:
    """WKB in hexadecimal, SQLite's 0 and 1 as what they mean."""
    values = [
        bool(value) if place in booleans and value is not None else value
        for place, value in enumerate(row)
    ]
    values[4] = None if row[4] is None else bytes(row[4]).hex()
    return tuple(values)
