"""Which feature versions a query means, as SQL that PostGIS answers by itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from layers.catalogue import Layer
from service.stores.base import ItemQuery
from service.stores.filters import compile_filter
from service.stores.postgis.dialect import PostgisDialect
from service.stores.tables import table

LIVE = "f.v_from <= %(v)s AND f.v_to > %(v)s"
BOX = "ST_MakeEnvelope(%(w)s, %(s)s, %(e)s, %(n)s, 4326)"
#: A box without width or height is a line or a point; as a polygon it meets nothing.
THIN = (
    "ST_SetSRID(ST_Envelope(ST_MakeLine(ST_MakePoint(%(w)s, %(s)s),"
    " ST_MakePoint(%(e)s, %(n)s))), 4326)"
)
PAGE = "LIMIT %(limit)s OFFSET %(offset)s"


@dataclass(frozen=True, slots=True)
class Selection:
    """``FROM … WHERE …`` over features ``f``, its order, and its values."""

    body: str
    order: str
    values: dict[str, Any]


def select(layer: Layer, version: int, query: ItemQuery) -> Selection:
    """The rows of ``version`` that a query asks for."""
    dialect, where = PostgisDialect(layer), [LIVE]
    values: dict[str, Any] = {"v": version, "limit": query.limit}
    values["offset"] = query.offset
    if query.bbox is not None:
        west, south, east, north = query.bbox
        box = BOX if west < east and south < north else THIN
        where.append(f"ST_Intersects(f.geom, {box})")
        values |= dict(zip("wsen", query.bbox, strict=True))
    if query.filter is not None:
        sql, bound = compile_filter(query.filter, dialect)
        where.append(sql)
        values |= bound
    body = f"FROM {table(layer.id, 'features')} f WHERE {' AND '.join(where)}"
    return Selection(body, f"ORDER BY {dialect.order(query.sortby)}", values)
