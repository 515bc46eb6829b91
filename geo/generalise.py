"""Fewer, simpler polygons for small scales, with no cracks between neighbours.

Tolerances are in degrees: this is for the eye, nothing is measured on the result.
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray

_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def pixel_deg(zoom: int) -> float:
    """The width of a pixel of a 256-pixel web map tile, in degrees of longitude."""
    return 360 / 256 / (1 << zoom)


def simplify(geoms: ObjectArray, tolerance_deg: float) -> ObjectArray:
    """Polygons with fewer vertices; an edge that two of them share stays shared.
    Everything else, and missing geometries, come back as they are."""
    out = geoms.copy()
    areal = np.isin(shapely.get_type_id(geoms), _POLYGONAL)
    areal &= ~shapely.is_empty(geoms)
    if areal.any():
        out[areal] = shapely.coverage_simplify(geoms[areal], tolerance_deg)
    return out


def dissolve(geoms: ObjectArray, group: NDArray[np.intp], count: int) -> ObjectArray:
    """One geometry per group number 0 … ``count`` - 1, its polygons joined."""
    order = np.argsort(group, kind="stable")
    parts = np.split(geoms[order], np.searchsorted(group[order], np.arange(1, count)))
    join = shapely.coverage_union_all if is_coverage(geoms) else shapely.union_all
    out = np.empty(count, dtype=object)
    out[:] = [join(part) for part in parts]
    return out


def is_coverage(geoms: ObjectArray) -> bool:
    """Whether polygons meet only along matching edges, none overlapping another."""
    present = geoms[~shapely.is_missing(geoms)]
    areal = np.isin(shapely.get_type_id(present), _POLYGONAL).all()
    return bool(areal and shapely.coverage_is_valid(present))
