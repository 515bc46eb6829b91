"""Reading a GeoPackage's versions: stored bytes for the wire, arrays for sums."""

from __future__ import annotations

from contextlib import nullcontext
from functools import cache

import orjson

from geo.frame import Frame
from layers.catalogue import Layer
from service.stores.base import FeatureVersion, ItemPage, ItemQuery
from service.stores.collation import by_words
from service.stores.counts import Counts
from service.stores.database import quoted
from service.stores.framing import framed_rows
from service.stores.gpkg.blob import from_blobs
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.gpkg.laying import LAID
from service.stores.gpkg.pack import Pack
from service.stores.gpkg.packs import Packs
from service.stores.gpkg.selection import Selection, by_box_alone, select
from service.stores.gpkg.textblocks import texts_at
from service.stores.history import history_of
from service.stores.orders import Orders
from service.stores.publishing import Publishing
from service.stores.tables import OPEN, table, value_columns


class GeoPackageReading(Publishing):
    """The bytes lane and the frame lane."""

    _db: SqliteDatabase
    _counts: Counts
    _orders: Orders
    _packs: Packs

    def items(self, layer: str, version: int, query: ItemQuery) -> ItemPage:
        known, facts = self._layer(layer), self.version(layer, version)
        pack = self._packs.get(facts)
        if pack is not None and query.filter is None and not query.sortby:
            return ItemPage(*pack.page(query))
        # The R-tree knows every version; other ways ask whether this one is current.
        moment = nullcontext() if by_box_alone(query) else self._db.snapshot()
        with moment:
            wanted = self._select(known, version, query)
            order = self._orders.rids(
                facts,
                query,
                lambda: self._rids(wanted, paged=False),
                whole=by_words(known, query),
            )
            if order is not None:
                rids = order[query.offset : query.offset + query.limit].tolist()
                return ItemPage(self._joined(layer, pack, rids), len(rids), len(order))
            rids = self._rids(wanted) if query.limit else []
            matched = self._counts.matched(
                facts, query, len(rids), lambda: self._count(wanted)
            )
        return ItemPage(self._joined(layer, pack, rids), len(rids), matched)

    def item(self, layer: str, version: int, id: str) -> bytes | None:
        self._layer(layer)
        row = self._db.one(
            f"SELECT rid FROM {table(layer, 'features')}"
            " WHERE id = ? AND v_from <= ? AND v_to > ?",
            (id, version, version),
        )
        if row is None:
            return None
        return self._joined(layer, self._packs.peek(layer, version), [row[0]])

    def newest(self, layer: str, id: str) -> tuple[int, bytes] | None:
        self._layer(layer)
        row = self._db.one(_newest(layer), (layer, id))
        if row is None:
            return None
        number, rid = row
        pack = self._packs.get(self.version(layer, number))
        if pack is not None:
            return number, pack.text(rid)
        return number, self._joined(layer, None, [rid])

    def history(self, layer: str, id: str) -> list[FeatureVersion]:
        self._layer(layer)
        rows = self._db.all(
            f"SELECT v_from, v_to, rid FROM {table(layer, 'features')}"
            f" WHERE id = ? AND v_to <> {LAID} ORDER BY v_from",
            (id,),
        )
        texts = texts_at(self._db, layer, [rid for *_, rid in rows])
        lives = [(*row[:2], text) for row, text in zip(rows, texts, strict=True)]
        return history_of(lives, lambda number: self.version(layer, number))

    def ids(self, layer: str, version: int, query: ItemQuery) -> list[str]:
        known = self._layer(layer)
        self.version(layer, version)
        with self._db.snapshot():
            rids = self._rids(self._select(known, version, query), paged=False)
            row = self._db.one(
                "SELECT json_group_array(id) FROM (SELECT f.id FROM json_each(?) e"
                f" CROSS JOIN {table(layer, 'features')} f ON f.rid = e.value"
                " ORDER BY e.key)",
                (orjson.dumps(rids).decode(),),
            )
        found: list[str] = orjson.loads(row[0]) if row else []
        return found

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

    def _rids(self, wanted: Selection, *, paged: bool = True) -> list[int]:
        """In one row: fetched one by one, threads would wait for one another."""
        sql = f"SELECT json_group_array(rid) FROM ({wanted.rids(paged=paged)})"
        row = self._db.one(sql, wanted.values)
        rids: list[int] = orjson.loads(row[0]) if row else []
        return rids

    def _joined(self, layer: str, pack: Pack | None, rids: list[int]) -> bytes:
        if pack is not None:
            return pack.texts(rids)
        return b",".join(texts_at(self._db, layer, rids))

    def _count(self, wanted: Selection) -> int:
        row = self._db.one(wanted.count(), wanted.values)
        return row[0] if row else 0


@cache
def _newest(layer: str) -> str:
    return (
        "SELECT (SELECT max(number) FROM atlas_versions WHERE layer = ?), rid"
        # The plus keeps SQLite from looking through all that is current.
        f" FROM {table(layer, 'features')} WHERE id = ? AND +v_to = {OPEN}"
    )
