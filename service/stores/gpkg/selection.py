"""Which feature versions a query means, as SQL over the layer's tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from layers.catalogue import Layer
from service.stores.base import Bounds, ItemQuery
from service.stores.filters import compile_filter
from service.stores.gpkg.dialect import GeoPackageDialect
from service.stores.tables import OPEN, table

#: The R-tree keeps 32-bit floats rounded outward by at most this at 180 degrees.
SLACK = 180 * 2.0**-22

#: Of a feature whose box meets the query's box: surely meets it itself when, along
#: one axis, its box lies within and, along the other, one of its extremes does.
SURE = f"""(
 (i.w >= :w AND i.e <= :e AND
  ((i.s >= :s AND i.s + {SLACK} <= :n) OR (i.n <= :n AND i.n - {SLACK} >= :s))) OR
 (i.s >= :s AND i.n <= :n AND
  ((i.w >= :w AND i.w + {SLACK} <= :e) OR (i.e <= :e AND i.e - {SLACK} >= :w))))"""
MEETS = "i.w <= :e AND i.e >= :w AND i.s <= :n AND i.n >= :s"
AT_VERSION = "i.v_from <= :v AND i.v_last >= :v"


@dataclass(frozen=True, slots=True)
class Selection:
    """``FROM … WHERE …`` and its values; ``rid`` names the row to take."""

    body: str
    values: dict[str, Any]
    rid: str
    order: str

    def rids(self, *, paged: bool = True) -> str:
        """SQL giving the rows in order."""
        page = " LIMIT :limit OFFSET :offset" if paged else ""
        return f"SELECT {self.rid} {self.body} ORDER BY {self.order}{page}"

    def count(self) -> str:
        """SQL giving how many there are without paging."""
        return f"SELECT count(*) {self.body}"


def by_box_alone(query: ItemQuery) -> bool:
    """Whether the R-tree answers by itself, for any version."""
    return query.bbox is not None and query.filter is None and not query.sortby


def select(layer: Layer, version: int, query: ItemQuery, *, current: bool) -> Selection:
    """The rows of ``version`` that a query asks for."""
    values: dict[str, Any] = {"v": version, "limit": query.limit}
    values["offset"] = query.offset
    if query.bbox is not None:
        values |= _corners(query.bbox)
    if by_box_alone(query):
        return Selection(_boxed(layer), values, "i.rid", "i.rid")
    where = [f"f.v_to = {OPEN}" if current else "f.v_from <= :v AND f.v_to > :v"]
    source, dialect = f"FROM {table(layer.id, 'features')} f", GeoPackageDialect(layer)
    if query.bbox is not None:
        where.append(f"f.rid IN (SELECT i.rid {_boxed(layer)})")
    if query.filter is not None:
        sql, bound = compile_filter(query.filter, dialect)
        where.append(sql)
        values |= bound
    body = f"{source} WHERE {' AND '.join(where)}"
    return Selection(body, values, "f.rid", dialect.order(query.sortby))


def _boxed(layer: Layer) -> str:
    geometry = f"(SELECT geom FROM {table(layer.id, 'geometry')} WHERE rid = i.rid)"
    exact = f"atlas_crosses_box({geometry}, :w, :s, :e, :n)"
    return (
        f"FROM {table(layer.id, 'index')} i"
        f" WHERE {MEETS} AND {AT_VERSION} AND ({SURE} OR {exact})"
    )


def _corners(bbox: Bounds) -> dict[str, float]:
    return dict(zip(("w", "s", "e", "n"), bbox, strict=True))
