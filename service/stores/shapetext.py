"""GeoJSON text of geometries, with coordinates to the centimetre."""

from __future__ import annotations

import numpy as np
import orjson
import shapely

from geo.frame import ObjectArray

#: 1e-7 degrees are 1.1 cm: finer than any boundary is known.
DECIMALS = 7
#: GEOS type -> what stands round a plain run of positions.
PLAIN = {
    0: ('{"type":"Point","coordinates":', "}"),
    1: ('{"type":"LineString","coordinates":[', "]}"),
    3: ('{"type":"Polygon","coordinates":[[', "]]}"),
}
CLOSING = ord("]")


def geometry_texts(geometries: ObjectArray) -> list[str]:
    """(n,) GeoJSON geometries; ``null`` where missing."""
    texts = np.full(len(geometries), "null", dtype=object)
    plain = _is_plain(geometries)
    texts[plain] = _plain_texts(geometries[plain])
    other = ~plain & ~shapely.is_missing(geometries)
    rounded = shapely.transform(geometries[other], lambda xy: np.round(xy, DECIMALS))
    texts[other] = shapely.to_geojson(rounded)
    listed: list[str] = texts.tolist()
    return listed


def _is_plain(geometries: ObjectArray) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """One part, no holes, not empty: most features, written in one go."""
    kinds = shapely.get_type_id(geometries)
    whole = np.isin(kinds, list(PLAIN)) & ~shapely.is_empty(geometries)
    plain: np.ndarray[tuple[int], np.dtype[np.bool_]] = whole & (
        shapely.get_num_interior_rings(geometries) == 0
    )
    return plain


def _plain_texts(geometries: ObjectArray) -> list[str]:
    """All positions are written as one list, then cut where geometries end."""
    if not len(geometries):
        return []
    positions = np.round(shapely.get_coordinates(geometries), DECIMALS)
    written = orjson.dumps(positions, option=orjson.OPT_SERIALIZE_NUMPY)
    closings = np.flatnonzero(np.frombuffer(written, np.uint8) == CLOSING)
    lasts = np.cumsum(shapely.get_num_coordinates(geometries)) - 1
    ends = (closings[lasts] + 1).tolist()
    starts = [1, *(end + 1 for end in ends[:-1])]
    text = written.decode("ascii")
    around = [PLAIN[kind] for kind in shapely.get_type_id(geometries).tolist()]
    return [
        f"{before}{text[start:end]}{after}"
        for (before, after), start, end in zip(around, starts, ends, strict=True)
    ]
