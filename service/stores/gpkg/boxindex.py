"""What a publication does to a layer's R-tree, done all at once at its end."""

from __future__ import annotations

import numpy as np
import orjson
from numpy.typing import NDArray

from geo.frame import FloatArray
from layers.catalogue import Layer
from service.stores.boxtree import spatial_order
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.gpkg.rtree import Ids, fill_rtree
from service.stores.pieces import Offsets
from service.stores.tables import OPEN, table

#: Fewer changes than this are quicker made entry by entry.
WORTH_FILLING = 500
#: Columns of a bbox as the R-tree has them: least and greatest along each axis.
WESN = [0, 2, 1, 3]


class BoxIndex:
    """Collects entries that end and entries that begin, then writes both."""

    def __init__(self, db: SqliteDatabase, layer: Layer) -> None:
        self._db, self._name = db, f"{layer.id}__index"
        self._table = table(layer.id, "index")
        self._ended: NDArray[np.int64] = np.empty(0, dtype=np.int64)
        self._until = 0
        self._rids: list[Ids] = []
        self._sides: list[FloatArray] = []

    def end(self, rids: list[int], number: int) -> None:
        """These rows hold no longer in version ``number``."""
        self._ended, self._until = np.array(rids, dtype=np.int64), number - 1

    def add(self, rids: Offsets, bounds: FloatArray, number: int) -> None:
        """These rows hold from version ``number`` on; without bounds they are left
        out."""
        located = ~np.isnan(bounds[:, 0])
        sides = np.empty((int(located.sum()), 6))
        sides[:, :4] = bounds[located][:, WESN]
        sides[:, 4:] = number, OPEN - 1
        self._rids.append(rids[located])
        self._sides.append(sides)

    def fill(self) -> None:
        """Write everything."""
        rids = np.concatenate((*self._rids, np.empty(0, dtype=np.int64)))
        sides = np.vstack((*self._sides, np.empty((0, 6))))
        there = (self._db.one(f"SELECT count(*) FROM {self._table}") or (0,))[0]
        if len(rids) + len(self._ended) < max(WORTH_FILLING, there // 4):
            self._one_by_one(rids, sides)
            return
        if there:
            known: FloatArray = np.array(self._db.all(f"SELECT * FROM {self._table}"))
            known[np.isin(known[:, 0], self._ended), 6] = self._until
            rids = np.concatenate((known[:, 0].astype(np.int64), rids))
            sides = np.vstack((known[:, 1:], sides))
        order = spatial_order(sides[:, WESN])
        fill_rtree(self._db, self._name, rids[order], sides[order])

    def _one_by_one(self, rids: Ids, sides: FloatArray) -> None:
        self._db.run(
            f"UPDATE {self._table} SET v_last = ?"
            " WHERE rid IN (SELECT value FROM json_each(?))",
            (self._until, orjson.dumps(self._ended.tolist()).decode()),
        )
        rows = zip(rids.tolist(), *sides.T.tolist(), strict=True)
        self._db.many(f"INSERT INTO {self._table} VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
