"""Long edges with points of their geodesic in them.

Between two vertices an ellipsoidal area has a geodesic. All is measured with the great
circle of the authalic sphere in its place, which strays from it by the cube of the
edge: an edge of 2 km encloses 0.15 m² more or less, one of 250 m 0.0003 m².
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import shapely

from geo.frame import FloatArray, ObjectArray
from geo.parts import Rows

if TYPE_CHECKING:
    from pyproj import Geod

#: Edges up to here are great circles.
LONGEST_M = 250.0
#: Of one edge: where edges are that long, areas are so large that it is exact enough.
_MOST_PIECES = 100
#: What has more long edges is no map, and must not fill the memory.
_MOST_POINTS = 5_000_000
#: A degree of latitude is never shorter; one of longitude is, by the cosine.
_DEGREE_M = 110_500.0
_HALF_TURN = 180.0
_RAGGED = frozenset(
    {
        shapely.GeometryType.LINESTRING,
        shapely.GeometryType.LINEARRING,
        shapely.GeometryType.POLYGON,
        shapely.GeometryType.MULTILINESTRING,
        shapely.GeometryType.MULTIPOLYGON,
    }
)


@cache
def grs80() -> Geod:
    """The geodesics of GRS80."""
    from pyproj import Geod  # reading stored figures needs none

    return Geod(ellps="GRS80")


def followed(xy: FloatArray, path: Rows) -> tuple[FloatArray, Rows]:
    """Vertices (n, 2) in degrees of the paths (n,) that they belong to, in order, with
    more of them in edges longer than ``LONGEST_M``. An edge gets the same points
    from either end: what shared it goes on sharing it."""
    edge = _long(xy, path)
    if not len(edge):
        return xy, path
    start, end = xy[edge], xy[edge + 1]
    turned = (start[:, 0] > end[:, 0]) | (
        (start[:, 0] == end[:, 0]) & (start[:, 1] > end[:, 1])
    )
    low = np.where(turned[:, None], end, start)
    high = np.where(turned[:, None], start, end)
    azimuth, _, metres = grs80().inv(*low.T, *high.T)
    pieces = np.ceil(np.minimum(metres / LONGEST_M, _MOST_PIECES))
    count = np.maximum(pieces, 1).astype(np.intp) - 1
    if count.sum() > _MOST_POINTS:
        return xy, path
    of = np.repeat(np.arange(len(edge)), count)
    number = np.arange(len(of)) - np.repeat(np.cumsum(count) - count, count) + 1
    number = np.where(turned[of], count[of] + 1 - number, number)
    away = metres[of] * number / (count[of] + 1)
    lon, lat, _ = grs80().fwd(low[of, 0], low[of, 1], azimuth[of], away)
    at = edge[of] + 1
    between = np.column_stack([lon, lat])
    return np.insert(xy, at, between, axis=0), np.insert(path, at, path[edge[of]])


def _long(xy: FloatArray, path: Rows) -> Rows:
    """The first vertices of edges that may be too long."""
    lon, lat = np.diff(xy, axis=0).T
    east = lon * np.cos(np.radians(np.minimum(np.abs(xy[:-1, 1]), np.abs(xy[1:, 1]))))
    far = (np.hypot(east, lat) * _DEGREE_M > LONGEST_M) & (np.abs(lon) < _HALF_TURN)
    edge: Rows = np.flatnonzero(far & (path[:-1] == path[1:]))
    return edge


def bent(geoms: ObjectArray) -> ObjectArray:
    """CRS84 geometries whose long edges follow their geodesics; the same where none is
    long."""
    xy, row = shapely.get_coordinates(geoms, return_index=True)
    rows = np.unique(row[_long(xy, row)])
    if not len(rows):
        return geoms
    result = np.array(geoms, dtype=object)
    kinds = shapely.get_type_id(geoms[rows])
    for kind in np.unique(kinds).tolist():
        some = rows[kinds == kind]
        if kind in _RAGGED:
            result[some] = _ragged(geoms[some])
        elif kind == shapely.GeometryType.GEOMETRYCOLLECTION:
            for n in some.tolist():
                parts = bent(shapely.get_parts(geoms[n]))
                result[n] = shapely.geometrycollections(parts)
    return result


def _ragged(geoms: ObjectArray) -> ObjectArray:
    """The same of geometries of one kind."""
    kind, xy, offsets = shapely.to_ragged_array(geoms, include_z=False)
    first, *outer = offsets
    path = np.repeat(np.arange(len(first) - 1), np.diff(first))
    longer, paths = followed(xy, path)
    begins = np.searchsorted(paths, np.arange(len(first)))
    made: ObjectArray = shapely.from_ragged_array(kind, longer, (begins, *outer))
    return made
