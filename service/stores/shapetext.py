"""GeoJSON text of geometries, with coordinates to the centimetre."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray
from service.stores.pieces import Column
from service.stores.positions import position_texts, rounded

#: GEOS type -> what stands round a plain run of positions.
PLAIN = {
    0: (b'{"type":"Point","coordinates":', b"}"),
    1: (b'{"type":"LineString","coordinates":[', b"]}"),
    3: (b'{"type":"Polygon","coordinates":[[', b"]]}"),
}


def geometry_column(geometries: ObjectArray) -> Column:
    """GeoJSON geometries as a column; ``null`` where missing."""
    plain = _is_plain(geometries)
    kinds = set(shapely.get_type_id(geometries).tolist())
    if plain.all() and len(kinds) == 1:
        before, after = PLAIN[kinds.pop()]
        return before, _positions(geometries), after
    texts = np.full(len(geometries), b"null", dtype=object)
    around = [PLAIN[kind] for kind in shapely.get_type_id(geometries[plain]).tolist()]
    pairs = zip(around, _positions(geometries[plain]), strict=True)
    texts[plain] = [before + text + after for (before, after), text in pairs]
    other = ~plain & ~shapely.is_missing(geometries)
    near = shapely.transform(geometries[other], rounded)
    texts[other] = [text.encode() for text in shapely.to_geojson(near)]
    return b"", texts.tolist(), b""


def geometry_texts(geometries: ObjectArray) -> list[bytes]:
    """(n,) GeoJSON geometries; ``null`` where missing."""
    before, texts, after = geometry_column(geometries)
    return [before + text + after for text in texts or ()]


def _is_plain(geometries: ObjectArray) -> NDArray[np.bool_]:
    """One part, no holes, not empty: most features, written in one go."""
    kinds = shapely.get_type_id(geometries)
    whole = np.isin(kinds, list(PLAIN)) & ~shapely.is_empty(geometries)
    plain: NDArray[np.bool_] = whole & (shapely.get_num_interior_rings(geometries) == 0)
    return plain


def _positions(geometries: ObjectArray) -> list[bytes]:
    counts = shapely.get_num_coordinates(geometries)
    return position_texts(shapely.get_coordinates(geometries), counts)
