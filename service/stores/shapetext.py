"""GeoJSON text of geometries, with coordinates to the centimetre."""

from __future__ import annotations

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.errors import InvalidGeometry
from geo.frame import FloatArray, ObjectArray
from service.stores.pieces import Column

#: 1e-7 degrees are 1.1 cm: finer than any boundary is known.
DECIMALS = 7
#: GEOS type -> what stands round a plain run of positions.
PLAIN = {
    0: (b'{"type":"Point","coordinates":', b"}"),
    1: (b'{"type":"LineString","coordinates":[', b"]}"),
    3: (b'{"type":"Polygon","coordinates":[[', b"]]}"),
}
#: Written between the positions of two geometries: no geometry holds such a one.
BETWEEN = b"[null,null]"


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
    rounded = shapely.transform(geometries[other], _rounded)
    texts[other] = [text.encode() for text in shapely.to_geojson(rounded)]
    return b"", texts.tolist(), b""


def geometry_text(geometry: shapely.Geometry | None) -> bytes:
    """One GeoJSON geometry."""
    one = np.empty(1, dtype=object)
    one[0] = geometry
    before, texts, after = geometry_column(one)
    return before + (texts or [b""])[0] + after


def _is_plain(geometries: ObjectArray) -> NDArray[np.bool_]:
    """One part, no holes, not empty: most features, written in one go."""
    kinds = shapely.get_type_id(geometries)
    whole = np.isin(kinds, list(PLAIN)) & ~shapely.is_empty(geometries)
    plain: NDArray[np.bool_] = whole & (shapely.get_num_interior_rings(geometries) == 0)
    return plain


def _positions(geometries: ObjectArray) -> list[bytes]:
    """All positions are written as one list, then parted where geometries end."""
    if not len(geometries):
        return []
    xy, row = shapely.get_coordinates(geometries, return_index=True)
    spaced = np.full((len(xy) + len(geometries), 2), np.nan)
    spaced[np.arange(len(xy)) + row] = _rounded(xy)
    written = orjson.dumps(spaced, option=orjson.OPT_SERIALIZE_NUMPY)
    return written[1 : -len(BETWEEN) - 2].split(b"," + BETWEEN + b",")


def _rounded(xy: FloatArray) -> FloatArray:
    rounded: FloatArray = np.round(xy, DECIMALS)
    if not np.isfinite(rounded).all():
        raise InvalidGeometry(
            "A position is not a number. Check the file's coordinates.",
            "坐标不是有效数字，请检查文件中的坐标。",
        )
    return rounded
