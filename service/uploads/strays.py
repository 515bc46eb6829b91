"""Features that lie far from the rest: a map of all of them would show none."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geo.detective import is_near
from geo.frame import ObjectArray

_NAMED = 20


def of(
    geometry: ObjectArray, ids: ObjectArray, district: shapely.Geometry
) -> dict[str, Any]:
    """``far``, how many and which, and ``home``, the box of the others; nothing if all
    are near or all are far."""
    bounds = shapely.bounds(geometry)
    rows = np.flatnonzero(np.isfinite(bounds).all(axis=1))
    here = bounds[rows]
    near = is_near((here[:, :2] + here[:, 2:]) / 2, district)
    if near.all() or not near.any():
        return {}
    named = [
        {"feature": str(ids[row]), "index": row}
        for row in rows[~near][:_NAMED].tolist()
    ]
    return {
        "far": {"count": int((~near).sum()), "features": named},
        "home": shapely.total_bounds(geometry[rows[near]]).tolist(),
    }
