"""What a store needs so that another one can take over everything it holds."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator

from layers.catalogue import Layer
from service.stores.base import Store
from service.stores.database import Database, Row

#: Tables that every store has alike -> how their rows are ordered.
PLAIN_TABLES = {
    "atlas_versions": "layer, number",
    "atlas_records": "seq",
    "atlas_changes": "changeset",
    "atlas_audit": "seq",
}
BATCH = 5000


class Copying(Store):
    """Feature rows travel as (rid, id, v_from, v_to, wkb, json, …
    ``tables.value_columns``), in the order of their rid."""

    _db: Database

    def plain_rows(self, name: str) -> Iterator[list[Row]]:
        """A plain table's rows, batch by batch."""
        sql = f"SELECT * FROM {name} ORDER BY {PLAIN_TABLES[name]} LIMIT ? OFFSET ?"
        offset = 0
        while rows := self._db.all(sql, (BATCH, offset)):
            yield rows
            offset += len(rows)

    def add_plain_rows(self, name: str, rows: list[Row]) -> None:
        """Rows that another store's ``plain_rows`` gave."""
        marks = ", ".join("?" * len(rows[0]))
        self._db.many(f"INSERT INTO {name} VALUES ({marks})", rows)

    def clear(self, layers: list[Layer]) -> None:
        """Forget everything; inside a transaction."""
        for name in PLAIN_TABLES:
            self._db.run(f"DELETE FROM {name} WHERE true")
        for layer in layers:
            self.clear_features(layer)

    @property
    def database(self) -> Database:
        """For the transaction that a copy runs in."""
        return self._db

    @abstractmethod
    def count_features(self, layer: Layer) -> int:
        """Feature versions of all time."""

    @abstractmethod
    def features_after(self, layer: Layer, rid: int) -> list[Row]:
        """The next batch of feature rows."""

    @abstractmethod
    def add_features(self, layer: Layer, rows: list[Row]) -> None: ...

    @abstractmethod
    def finish_features(self, layer: Layer) -> None:
        """After the last batch: indexes and whatever else is computed."""

    @abstractmethod
    def clear_features(self, layer: Layer) -> None: ...
