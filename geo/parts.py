"""The simple parts that geometries are made of, and sums over them."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray

Rows = NDArray[np.intp]

_POINTS = (0,)
_LINES = (1, 2)  # LineString, LinearRing
_POLYGONS = (3,)
_FIRST_COLLECTION = 4  # of parts that are simple, or collections themselves


def points_of(geoms: ObjectArray) -> tuple[ObjectArray, Rows]:
    """Every point inside the geometries, however nested, and the row it is from."""
    return _parts_of(geoms, _POINTS)


def lines_of(geoms: ObjectArray) -> tuple[ObjectArray, Rows]:
    """Every line inside the geometries, however nested, and the row it is from."""
    return _parts_of(geoms, _LINES)


def polygons_of(geoms: ObjectArray) -> tuple[ObjectArray, Rows]:
    """Every polygon inside the geometries, however nested, and the row it is from."""
    return _parts_of(geoms, _POLYGONS)


def extent(geoms: ObjectArray) -> tuple[float, float, float, float] | None:
    """west, south, east, north of all geometries together; None where there is none."""
    if len(geoms) == 0:
        return None
    west, south, east, north = (float(v) for v in shapely.total_bounds(geoms))
    return None if np.isnan(west) else (west, south, east, north)


def sum_by_row(rows: Rows, values: FloatArray, count: int) -> FloatArray:
    """Sums of ``values`` by their row number: (count,) float64, 0 where none."""
    return np.bincount(rows, values, minlength=count).astype(np.float64)


def _parts_of(geoms: ObjectArray, kinds: tuple[int, ...]) -> tuple[ObjectArray, Rows]:
    parts: NDArray[Any] = np.asarray(geoms, dtype=object)
    rows = np.arange(len(parts))
    type_id = shapely.get_type_id(parts)
    while (type_id >= _FIRST_COLLECTION).any():
        parts, index = shapely.get_parts(parts, return_index=True)
        rows, type_id = rows[index], shapely.get_type_id(parts)
    wanted = (type_id >= kinds[0]) & (type_id <= kinds[-1])
    return parts[wanted], rows[wanted]
