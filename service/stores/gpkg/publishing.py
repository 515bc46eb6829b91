"""Writing feature versions into a GeoPackage."""

from __future__ import annotations

from itertools import repeat

import numpy as np
import shapely

from geo.frame import FloatArray
from layers.catalogue import Layer
from service.stores.base import Bounds, Changes, Publication, Version
from service.stores.boxtree import spatial_order
from service.stores.database import quoted
from service.stores.gpkg.blob import bounds_of, to_blobs
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.gpkg.packs import Packs
from service.stores.gpkg.rtree import Ids, fill_rtree
from service.stores.gpkg.schema import create_indexes, drop_indexes
from service.stores.publishing import Prepared, Publishing, Totals
from service.stores.tables import OPEN, table

#: Fewer new entries than this are quicker put in one by one.
WORTH_FILLING = 500


class GeoPackagePublishing(Publishing):
    """How this store closes, inserts and adds up."""

    _db: SqliteDatabase
    _packs: Packs

    def publish(self, changes: Changes, publication: Publication) -> Version:
        with self._db.roomy(len(changes.upserts) > WORTH_FILLING):
            version = super().publish(changes, publication)
        self._packs.make(version)
        return version

    def _close(self, layer: Layer, ids: set[str], number: int) -> set[str]:
        db, features = self._db, table(layer.id, "features")
        db.run("CREATE TEMP TABLE IF NOT EXISTS touched (id TEXT PRIMARY KEY)")
        db.run("DELETE FROM temp.touched")
        db.many("INSERT INTO temp.touched VALUES (?)", ((id,) for id in ids))
        rows = db.all(
            f"SELECT f.rid, f.id FROM temp.touched t JOIN {features} f"
            f" ON f.id = t.id WHERE f.v_to = {OPEN}"
        )
        rids = [(number, rid) for rid, _ in rows]
        db.many(f"UPDATE {features} SET v_to = ? WHERE rid = ?", rids)
        index = table(layer.id, "index")
        db.many(f"UPDATE {index} SET v_last = ? - 1 WHERE rid = ?", rids)
        return {id for _, id in rows}

    def _insert(self, layer: Layer, prepared: Prepared, number: int) -> None:
        db, features = self._db, table(layer.id, "features")
        last = db.one(f"SELECT coalesce(max(rid), 0) FROM {features}") or (0,)
        rids = range(last[0] + 1, last[0] + 1 + len(prepared.frame))
        large = len(rids) > max(WORTH_FILLING, last[0])
        if large:
            drop_indexes(db, layer)
        self._insert_features(layer, prepared, rids, number)
        if large:
            create_indexes(db, layer)
        texts = zip(rids, prepared.texts, strict=True)
        db.many(f"INSERT INTO {table(layer.id, 'text')} VALUES (?, ?)", texts)
        blobs = zip(rids, to_blobs(prepared.frame.geometry), strict=True)
        db.many(f"INSERT INTO {table(layer.id, 'geometry')} VALUES (?, ?)", blobs)
        self._add_to_index(layer, *_entries(prepared, rids.start, number))

    def _insert_features(
        self, layer: Layer, prepared: Prepared, rids: range, number: int
    ) -> None:
        names = ("rid", "id", "v_from", "v_to", *map(quoted, prepared.columns))
        ids = prepared.frame.ids.tolist()
        rows = zip(
            rids,
            ids,
            repeat(number, len(ids)),
            repeat(OPEN, len(ids)),
            *prepared.columns.values(),
            strict=True,
        )
        self._db.many(
            f"INSERT INTO {table(layer.id, 'features')} ({', '.join(names)})"
            f" VALUES ({', '.join('?' * len(names))})",
            rows,
        )

    def _add_to_index(self, layer: Layer, rids: Ids, sides: FloatArray) -> None:
        index = table(layer.id, "index")
        there = self._db.one(f"SELECT count(*) FROM {index}") or (0,)
        if len(rids) < max(WORTH_FILLING, there[0] // 4):
            rows = zip(rids.tolist(), *sides.T.tolist(), strict=True)
            self._db.many(f"INSERT INTO {index} VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
            return
        if there[0]:
            known: FloatArray = np.array(self._db.all(f"SELECT * FROM {index}"))
            rids = np.concatenate((known[:, 0].astype(np.int64), rids))
            sides = np.vstack((known[:, 1:], sides))
        order = spatial_order(sides[:, [0, 2, 1, 3]])
        fill_rtree(self._db, f"{layer.id}__index", rids[order], sides[order])

    def _totals(self, layer: Layer) -> Totals:
        row = self._db.one(
            "SELECT count(*), coalesce(sum(area_m2), 0.0), coalesce(sum(length_m), 0.0)"
            f" FROM {table(layer.id, 'features')} WHERE v_to = {OPEN}"
        )
        envelopes = self._db.all(
            f"SELECT substr(g.geom, 9, 32) FROM {table(layer.id, 'features')} f"
            f" JOIN {table(layer.id, 'geometry')} g ON g.rid = f.rid"
            f" WHERE f.v_to = {OPEN} AND g.geom IS NOT NULL"
        )
        count, area, length = row or (0, 0.0, 0.0)
        extent = _extent([envelope for (envelope,) in envelopes])
        self._db.run(
            "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?,"
            " last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now')"
            " WHERE table_name = ?",
            (*(extent or (None,) * 4), layer.id),
        )
        return Totals(count, len(envelopes), extent, area, length)


def _entries(prepared: Prepared, start: int, number: int) -> tuple[Ids, FloatArray]:
    """R-tree entries of the located features: valid from this version on."""
    located = np.flatnonzero(~shapely.is_missing(prepared.frame.geometry))
    sides = np.empty((len(located), 6))
    bounds = shapely.bounds(prepared.frame.geometry[located])
    sides[:, :4] = bounds[:, [0, 2, 1, 3]]
    sides[:, 4:] = number, OPEN - 1
    return start + located, sides


def _extent(envelopes: list[bytes]) -> Bounds | None:
    if not envelopes:
        return None
    bounds = bounds_of(envelopes)
    west, south = bounds[:, :2].min(axis=0).tolist()
    east, north = bounds[:, 2:].max(axis=0).tolist()
    return west, south, east, north
