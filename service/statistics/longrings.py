"""Polygons of very many positions, read from GeoJSON that is parsed already.

Writing a million positions as text again and reading them once more takes seconds, in
one call that nothing can stop.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain
from typing import Any

import numpy as np
import shapely

from geo.frame import FloatArray
from geo.stopping import step

_RING = 4
_NUMBERS = {int, float}


def long_polygons(given: Mapping[str, Any]) -> shapely.Geometry | None:
    """A Polygon or MultiPolygon in two dimensions; None where it is neither, or where
    anything about it needs a closer look."""
    parts = given.get("coordinates")
    if given.get("type") == "Polygon":
        return _polygon(parts)
    if given.get("type") != "MultiPolygon" or not isinstance(parts, list):
        return None
    polygons = [_polygon(rings) for rings in parts]
    if not polygons or None in polygons:
        return None
    several: shapely.Geometry = shapely.multipolygons(polygons)
    return several


def _polygon(rings: Any) -> shapely.Geometry | None:
    if not isinstance(rings, list) or not rings:
        return None
    read = []
    for ring in rings:
        step()
        xy = _positions(ring)
        if xy is None or len(xy) < _RING or (xy[0] != xy[-1]).any():
            return None
        read.append(shapely.linearrings(xy))
    return shapely.Polygon(read[0], read[1:])


def _positions(ring: Any) -> FloatArray | None:
    if not isinstance(ring, list) or set(map(type, ring)) != {list}:
        return None
    widths = set(map(len, ring))
    if len(widths) != 1 or (width := widths.pop()) < 2:
        return None
    numbers = list(chain.from_iterable(ring))
    if not set(map(type, numbers)) <= _NUMBERS:
        return None
    xy: FloatArray = np.array(numbers, dtype=np.float64).reshape(-1, width)[:, :2]
    return np.ascontiguousarray(xy) if np.isfinite(xy).all() else None
