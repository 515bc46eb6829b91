"""Fewer, simpler polygons for small scales, with no cracks between neighbours.

Tolerances are in degrees: this is for the eye, nothing is measured on the result.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray

#: Groups joined side by side: GEOS lets other threads run.
THREADS = 4
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def pixel_deg(zoom: int) -> float:
    """The width of a pixel of a 256-pixel web map tile, in degrees of longitude."""
    return 360 / 256 / (1 << zoom)


def simplify(geoms: ObjectArray, tolerance_deg: float) -> ObjectArray:
    """Polygons with fewer vertices; an edge that two of them share stays shared.
    Everything else, and missing geometries, come back as they are."""
    out = geoms.copy()
    areal = is_areal(geoms)
    if areal.any():
        out[areal] = shapely.coverage_simplify(geoms[areal], tolerance_deg)
    return out


def dissolve(geoms: ObjectArray, group: NDArray[np.intp], count: int) -> ObjectArray:
    """One geometry per group number 0 … ``count`` - 1: its polygons joined, with
    whatever else there is beside them."""
    order = np.argsort(group, kind="stable")
    parts = np.split(geoms[order], np.searchsorted(group[order], np.arange(1, count)))
    out = np.empty(count, dtype=object)
    with ThreadPoolExecutor(THREADS) as pool:
        out[:] = list(pool.map(_collect, parts))
    return out


def _collect(geoms: ObjectArray) -> shapely.Geometry:
    areal = is_areal(geoms)
    joined = _join(geoms[areal])
    rest = geoms[~areal & ~shapely.is_missing(geoms)]
    return shapely.GeometryCollection([joined, *rest]) if len(rest) else joined


def is_areal(geoms: ObjectArray) -> NDArray[np.bool_]:
    """Which are polygons that enclose something."""
    polygonal = np.isin(shapely.get_type_id(geoms), _POLYGONAL)
    return np.asarray(polygonal & ~shapely.is_empty(geoms))


def _join(polygons: ObjectArray) -> shapely.Geometry:
    """The union: by dropping shared edges, which is quick and right for polygons that
    do not overlap; else in full."""
    try:
        joined = shapely.coverage_union_all(polygons)
        if joined.is_valid:
            return joined
    except shapely.GEOSException:
        pass
    return shapely.union_all(shapely.make_valid(polygons))
