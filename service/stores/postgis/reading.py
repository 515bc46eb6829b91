"""Reading from PostGIS: bbox, filter, order and page are all its work."""

from __future__ import annotations

import shapely

from geo.frame import Frame, ObjectArray
from service.stores.base import FeatureVersion, ItemPage, ItemQuery
from service.stores.collation import by_words
from service.stores.columns import objects
from service.stores.counts import Counts
from service.stores.database import quoted
from service.stores.framing import framed_rows
from service.stores.history import history_of
from service.stores.orders import Orders
from service.stores.postgis.connection import PostgresDatabase
from service.stores.postgis.selection import PAGE, Selection, select
from service.stores.publishing import Publishing
from service.stores.tables import OPEN, table, value_columns


class PostgisReading(Publishing):
    """The bytes lane and the frame lane."""

    _db: PostgresDatabase
    _counts: Counts
    _orders: Orders

    def items(self, layer: str, version: int, query: ItemQuery) -> ItemPage:
        known, facts = self._layer(layer), self.version(layer, version)
        wanted = select(known, version, query)
        order = self._orders.rids(
            facts, query, lambda: self._rids(wanted), whole=by_words(known, query)
        )
        if order is not None:
            rids = order[query.offset : query.offset + query.limit].tolist()
            return ItemPage(self._texts(layer, rids), len(rids), len(order))
        joined, returned = self._page(wanted) if query.limit else (b"", 0)
        matched = self._counts.matched(
            facts, query, returned, lambda: self._count(wanted)
        )
        return ItemPage(joined, returned, matched)

    def item(self, layer: str, version: int, id: str) -> bytes | None:
        self._layer(layer)
        row = self._db.one(
            f"SELECT json FROM {table(layer, 'features')}"
            " WHERE id = ? AND v_from <= ? AND v_to > ?",
            (id, version, version),
        )
        return None if row is None else row[0].encode()

    def newest(self, layer: str, id: str) -> tuple[int, bytes] | None:
        self._layer(layer)
        row = self._db.one(
            "SELECT (SELECT max(number) FROM atlas_versions WHERE layer = ?), json"
            f" FROM {table(layer, 'features')} WHERE id = ? AND v_to = {OPEN}",
            (layer, id),
        )
        return None if row is None else (row[0], row[1].encode())

    def history(self, layer: str, id: str) -> list[FeatureVersion]:
        self._layer(layer)
        rows = self._db.all(
            f"SELECT v_from, v_to, json FROM {table(layer, 'features')}"
            " WHERE id = ? ORDER BY v_from",
            (id,),
        )
        intervals = ((v_from, v_to, json.encode()) for v_from, v_to, json in rows)
        return history_of(intervals, lambda number: self.version(layer, number))

    def ids(self, layer: str, version: int, query: ItemQuery) -> list[str]:
        known = self._layer(layer)
        self.version(layer, version)
        wanted = select(known, version, query)
        found = f"SELECT f.id {wanted.body} {wanted.order}"
        row = self._db.one(f"SELECT array_agg(id) FROM ({found}) r", wanted.values)
        return list((row and row[0]) or [])

    def frame(
        self, layer: str, version: int, *, query: ItemQuery | None = None
    ) -> Frame:
        known = self._layer(layer)
        self.version(layer, version)
        wanted = select(known, version, query or ItemQuery())
        names = ", ".join(f"f.{quoted(name)}" for name in value_columns(known))
        rows = self._db.all_binary(
            f"SELECT f.id, ST_AsBinary(f.geom), {names} {wanted.body} ORDER BY f.id",
            wanted.values,
        )
        return framed_rows(known, rows, _from_wkb)

    def _page(self, wanted: Selection) -> tuple[bytes, int]:
        row = self._db.one(
            "SELECT string_agg(json, ','), count(*)"
            f" FROM (SELECT f.json {wanted.body} {wanted.order} {PAGE}) page",
            wanted.values,
        )
        joined, returned = row or (None, 0)
        return (joined or "").encode(), returned

    def _rids(self, wanted: Selection) -> list[int]:
        found = f"SELECT f.rid {wanted.body} {wanted.order}"
        row = self._db.one(f"SELECT array_agg(rid) FROM ({found}) r", wanted.values)
        rids: list[int] = (row and row[0]) or []
        return rids

    def _texts(self, layer: str, rids: list[int]) -> bytes:
        row = self._db.one(
            "SELECT string_agg(f.json, ',' ORDER BY p.n)"
            " FROM unnest(?::bigint[]) WITH ORDINALITY AS p (rid, n)"
            f" JOIN {table(layer, 'features')} f ON f.rid = p.rid",
            (rids,),
        )
        return ((row and row[0]) or "").encode()

    def _count(self, wanted: Selection) -> int:
        row = self._db.one(f"SELECT count(*) {wanted.body}", wanted.values)
        return row[0] if row else 0


def _from_wkb(blobs: list[bytes | None]) -> ObjectArray:
    geometries: ObjectArray = shapely.from_wkb(objects(blobs))
    return geometries
