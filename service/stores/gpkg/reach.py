"""How far a layer's current features reach, without looking at all of them again."""

from __future__ import annotations

import numpy as np
import orjson

from geo.frame import FloatArray
from layers.catalogue import Layer
from service.stores.base import Bounds, Version
from service.stores.database import Values
from service.stores.gpkg.blob import bounds_of
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.tables import OPEN, table

#: How many features have a place, and the box around them.
Reach = tuple[int, Bounds | None]


def reach_after(
    db: SqliteDatabase,
    layer: Layer,
    previous: Version | None,
    ended: list[int],
    added: FloatArray,
) -> Reach:
    """From the previous version, the rows ended since and the bounds (n, 4) of those
    added. Only where what ended lay at the edge is everything looked at."""
    count = len(added)
    if previous is None or previous.extent is None:
        return count, around(added)
    extent = np.array([previous.extent])
    where = "g.rid IN (SELECT value FROM json_each(?))"
    gone = _bounds(db, layer, where, (orjson.dumps(ended).decode(),))
    if (gone == extent).any():
        left = _bounds(db, layer, f"f.v_to = {OPEN}")
        return len(left), around(left)
    whole = around(np.vstack((added, extent)))
    return previous.located_count - len(gone) + count, whole


def around(bounds: FloatArray) -> Bounds | None:
    """The box around (n, 4) boxes."""
    if not len(bounds):
        return None
    west, south = bounds[:, :2].min(axis=0).tolist()
    east, north = bounds[:, 2:].max(axis=0).tolist()
    return west, south, east, north


def tell_extent(db: SqliteDatabase, layer: Layer, extent: Bounds | None) -> None:
    """To other programs that open the file."""
    db.run(
        "UPDATE gpkg_contents SET min_x = ?, min_y = ?, max_x = ?, max_y = ?,"
        " last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE table_name = ?",
        (*(extent or (None,) * 4), layer.id),
    )


def _bounds(
    db: SqliteDatabase, layer: Layer, where: str, values: Values = ()
) -> FloatArray:
    rows = db.all(
        f"SELECT substr(g.geom, 9, 32) FROM {table(layer.id, 'features')} f"
        f" JOIN {table(layer.id, 'geometry')} g ON g.rid = f.rid"
        f" WHERE {where} AND g.geom IS NOT NULL",
        values,
    )
    return bounds_of([envelope for (envelope,) in rows])
