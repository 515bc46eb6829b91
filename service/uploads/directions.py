"""Which way rings run. Areas do not depend on it, other software may."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from geo.frame import ObjectArray
from service.uploads.problems import Problem

_NAMED = 5
_AREAS = (3, 6)


def directed(
    geometry: ObjectArray, format: str, label: Callable[[int], str]
) -> tuple[ObjectArray, list[Problem]]:
    """Wrong rings turned round, and one finding that says whose.

    A hole that runs the way of its shell is wrong everywhere; a clockwise shell is in
    GeoJSON (RFC 7946, 3.1.6), while surveys and shapefiles draw them so.
    """
    areas = np.isin(shapely.get_type_id(geometry), _AREAS)
    rows = np.flatnonzero(areas & shapely.is_valid(geometry))
    parts, owner = shapely.get_parts(geometry[rows], return_index=True)
    shells = shapely.is_ccw(shapely.get_exterior_ring(parts))
    holes, within = shapely.get_rings(parts, return_index=True)
    first = np.r_[True, within[1:] != within[:-1]] if len(within) else within == 0
    alike = ~first & (shapely.is_ccw(holes) == shells[within])
    wrong = np.zeros(len(rows), dtype=bool)
    wrong[owner[within[alike]]] = True
    if format == "geojson":
        wrong[owner[~shells]] = True
    turned = rows[wrong]
    if not len(turned):
        return geometry, []
    result = geometry.copy()
    result[turned] = shapely.orient_polygons(geometry[turned])
    names = ", ".join(label(row) for row in turned[:_NAMED].tolist())
    names += " …" if len(turned) > _NAMED else ""
    values = {"count": len(turned), "names": names}
    return result, [Problem("ring_direction", values=values)]
