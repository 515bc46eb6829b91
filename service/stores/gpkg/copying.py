"""Feature rows of a GeoPackage, out and in."""

from __future__ import annotations

import numpy as np
import shapely

from layers.catalogue import Layer
from service.stores.boxtree import spatial_order
from service.stores.columns import objects
from service.stores.copying import BATCH, Copying
from service.stores.database import Row, quoted
from service.stores.gpkg.blob import WKB_AT, bounds_of, to_blobs
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.gpkg.laying import LAID
from service.stores.gpkg.publishing import GeoPackagePublishing
from service.stores.gpkg.reach import around, tell_extent
from service.stores.gpkg.rtree import fill_rtree
from service.stores.gpkg.schema import create_indexes, drop_indexes
from service.stores.gpkg.textblocks import blocks_of, store_blocks, texts_at
from service.stores.pieces import Pieces
from service.stores.tables import OPEN, table, value_columns

PARTS = ("features", "geometry", "texts", "index")


class GeoPackageCopying(Copying, GeoPackagePublishing):
    """The R-tree and the other indexes are built when all rows are there."""

    _db: SqliteDatabase

    def count_features(self, layer: Layer) -> int:
        features = table(layer.id, "features")
        sql = f"SELECT count(*) FROM {features} WHERE v_to <> {LAID}"
        row = self._db.one(sql)
        return row[0] if row else 0

    def features_after(self, layer: Layer, rid: int) -> list[Row]:
        names = ", ".join(f"f.{quoted(name)}" for name in value_columns(layer))
        rows = self._db.all(
            f"SELECT f.rid, f.id, f.v_from, f.v_to, substr(g.geom, {WKB_AT + 1}),"
            f" {names} FROM {table(layer.id, 'features')} f"
            f" JOIN {table(layer.id, 'geometry')} g ON g.rid = f.rid"
            f" WHERE f.rid > ? AND f.v_to <> {LAID} ORDER BY f.rid LIMIT {BATCH}",
            (rid,),
        )
        texts = texts_at(self._db, layer.id, [row[0] for row in rows])
        pairs = zip(rows, texts, strict=True)
        return [(*row[:5], text.decode(), *row[5:]) for row, text in pairs]

    def add_features(self, layer: Layer, rows: list[Row]) -> None:
        names = ("rid", "id", "v_from", "v_to", *map(quoted, value_columns(layer)))
        self._db.many(
            f"INSERT INTO {table(layer.id, 'features')} ({', '.join(names)})"
            f" VALUES ({', '.join('?' * len(names))})",
            ((*row[:4], *row[6:]) for row in rows),
        )
        rids = [row[0] for row in rows]
        shapes = shapely.from_wkb(objects([row[4] for row in rows]))
        blobs = to_blobs(shapes, shapely.bounds(shapes)).listed()
        pairs = ((rid, blob or None) for rid, blob in zip(rids, blobs, strict=True))
        self._db.many(f"INSERT INTO {table(layer.id, 'geometry')} VALUES (?, ?)", pairs)
        texts = Pieces.of(row[5].encode() + b"," for row in rows)
        store_blocks(self._db, layer.id, blocks_of(np.array(rids), texts))

    def finish_features(self, layer: Layer) -> None:
        create_indexes(self._db, layer)
        rows = self._db.all(
            "SELECT f.rid, f.v_from, f.v_to - 1, substr(g.geom, 9, 32)"
            f" FROM {table(layer.id, 'features')} f"
            f" JOIN {table(layer.id, 'geometry')} g ON g.rid = f.rid"
            " WHERE g.geom IS NOT NULL ORDER BY f.rid"
        )
        bounds = bounds_of([row[3] for row in rows])
        spans = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
        sides = np.hstack([bounds[:, [0, 2, 1, 3]], spans[:, 1:]])
        order = spatial_order(bounds)
        fill_rtree(self._db, f"{layer.id}__index", spans[order, 0], sides[order])
        tell_extent(self._db, layer, around(bounds[spans[:, 2] == OPEN - 1]))

    def clear_features(self, layer: Layer) -> None:
        for part in PARTS:
            self._db.run(f"DELETE FROM {table(layer.id, part)} WHERE true")
        drop_indexes(self._db, layer)
