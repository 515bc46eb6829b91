"""Reading a GeoPackage's versions: stored bytes for the wire, arrays for sums."""

from __future__ import annotations

from contextlib import nullcontext

from geo.frame import Frame
from layers.catalogue import Layer
from service.stores.base import FeatureVersion, ItemPage, ItemQuery
from service.stores.counts import Counts
from service.stores.database import quoted
from service.stores.framing import framed_rows
from service.stores.gpkg.blob import from_blobs
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.gpkg.packs import Packs
from service.stores.gpkg.selection import Selection, by_box_alone, select
from service.stores.history import history_of
from service.stores.publishing import Publishing
from service.stores.tables import table, value_columns


class GeoPackageReading(Publishing):
    """The bytes lane and the frame lane."""

    _db: SqliteDatabase
    _counts: Counts
    _packs: Packs

    def items(self, layer: str, version: int, query: ItemQuery) -> ItemPage:
        known, facts = self._layer(layer), self.version(layer, version)
        if query.filter is None and not query.sortby:
            pack = self._packs.get(facts)
            if pack is not None:
                return ItemPage(*pack.page(query))
        # The R-tree knows every version; other ways ask whether this one is current.
        moment = nullcontext() if by_box_alone(query) else self._db.snapshot()
        with moment:
            wanted = self._select(known, version, query)
            joined, returned = self._page(known, wanted) if query.limit else (b"", 0)
            matched = self._counts.matched(
                facts, query, returned, lambda: self._count(wanted)
            )
        return ItemPage(joined, returned, matched)

    def item(self, layer: str, version: int, id: str) -> bytes | None:
        self._layer(layer)
        row = self._db.one(
            f"SELECT CAST(t.json AS BLOB) FROM {table(layer, 'features')} f"
            f" JOIN {table(layer, 'text')} t ON t.rid = f.rid"
            " WHERE f.id = ? AND f.v_from <= ? AND f.v_to > ?",
            (id, version, version),
        )
        return None if row is None else row[0]

    def history(self, layer: str, id: str) -> list[FeatureVersion]:
        self._layer(layer)
        rows = self._db.all(
            "SELECT f.v_from, f.v_to, CAST(t.json AS BLOB)"
            f" FROM {table(layer, 'features')} f"
            f" JOIN {table(layer, 'text')} t ON t.rid = f.rid"
            " WHERE f.id = ? ORDER BY f.v_from",
            (id,),
        )
        return history_of(rows, lambda number: self.version(layer, number))

    def frame(
        self, layer: str, version: int, *, query: ItemQuery | None = None
    ) -> Frame:
        known = self._layer(layer)
        self.version(layer, version)
        with self._db.snapshot():
            wanted = self._select(known, version, query or ItemQuery())
            names = ", ".join(f"f.{quoted(name)}" for name in value_columns(known))
            rows = self._db.all(
                f"SELECT f.id, g.geom, {names} FROM ({wanted.rids(paged=False)}) r"
                f" CROSS JOIN {table(layer, 'features')} f ON f.rid = r.rid"
                f" JOIN {table(layer, 'geometry')} g ON g.rid = f.rid ORDER BY f.id",
                wanted.values,
            )
        return framed_rows(known, rows, from_blobs)

    def _select(self, layer: Layer, version: int, query: ItemQuery) -> Selection:
        current = not by_box_alone(query) and self.current_version(layer.id) == version
        return select(layer, version, query, current=current)

    def _page(self, layer: Layer, wanted: Selection) -> tuple[bytes, int]:
        row = self._db.one(
            "SELECT CAST(group_concat(json) AS BLOB), count(*) FROM"
            f" (SELECT t.json FROM ({wanted.rids()}) r"
            f" CROSS JOIN {table(layer.id, 'text')} t ON t.rid = r.rid)",
            wanted.values,
        )
        joined, returned = row or (None, 0)
        return joined or b"", returned

    def _count(self, wanted: Selection) -> int:
        row = self._db.one(wanted.count(), wanted.values)
        return row[0] if row else 0
