"""Lines that end where they began, but for a little: parcels that nobody snapped."""

from __future__ import annotations

import numpy as np
import shapely

from geo.frame import ObjectArray
from service.uploads.problems import Problem

#: Of the line's length; what ends farther away was meant to be open.
_LITTLE = 0.02
_FEWEST, _NAMED = 4, 5


def nearly_closed(geometry: ObjectArray) -> list[Problem]:
    """One finding with the places, in the drawing's own coordinates."""
    rows = np.flatnonzero(shapely.get_type_id(geometry) == 1)
    lines = geometry[rows]
    lines = lines[shapely.get_num_coordinates(lines) >= _FEWEST]
    gap = shapely.distance(shapely.get_point(lines, 0), shapely.get_point(lines, -1))
    near = (gap > 0) & (gap < _LITTLE * shapely.length(lines))
    if not near.any():
        return []
    ends = shapely.get_coordinates(shapely.get_point(lines[near], -1))
    places = [f"{x:.3f}, {y:.3f}" for x, y in ends[:_NAMED].tolist()]
    told = {
        "count": int(near.sum()),
        "gap_m": f"{gap[near].max():.3g}",
        "places": "; ".join(places) + (" …" if near.sum() > _NAMED else ""),
    }
    return [Problem("nearly_closed", values=told)]
