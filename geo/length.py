"""Lengths of lines: geodesic on GRS80 and straight on the plane EPSG:4547."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from geo.crs import plane_xy
from geo.frame import FloatArray, ObjectArray
from geo.geodesic import grs80
from geo.parts import lines_of, sum_by_row

_Edges = Callable[[FloatArray, FloatArray], FloatArray]


def length_m(geoms: ObjectArray) -> FloatArray:
    """Geodesic length of the lines in CRS84 geometries, in metres.

    geoms: (n,) object array. Returns (n,) float64: parts added; 0 for polygons (a
    perimeter is not a length), points and empty geometries, NaN for missing ones.
    """
    return _lengths(geoms, geodesic_m)


def plane_length_m(geoms: ObjectArray) -> FloatArray:
    """The same on the plane EPSG:4547."""
    return _lengths(
        geoms, lambda start, end: _plane_edges(*map(plane_xy, (start, end)))
    )


def plane_lengths(flat: ObjectArray) -> FloatArray:
    """Lengths of the lines in geometries that already lie on a plane."""
    return _lengths(flat, _plane_edges)


def geodesic_m(from_xy: FloatArray, to_xy: FloatArray) -> FloatArray:
    """Geodesic distances between (n, 2) arrays of lon, lat, in metres."""
    if len(from_xy) == 0:
        return np.zeros(0)
    _, _, metres = grs80().inv(*from_xy.T, *to_xy.T)
    return np.asarray(metres, dtype=np.float64)


def _lengths(geoms: ObjectArray, edges: _Edges) -> FloatArray:
    lines, rows = lines_of(geoms)
    xy, line = shapely.get_coordinates(lines, return_index=True)
    inside = line[1:] == line[:-1]
    metres = edges(xy[:-1][inside], xy[1:][inside])
    total = sum_by_row(rows[line[:-1][inside]], metres, len(geoms))
    total[shapely.is_missing(geoms)] = np.nan
    return total


def _plane_edges(start: FloatArray, end: FloatArray) -> FloatArray:
    east, north = (end - start).T
    return np.asarray(np.hypot(east, north), dtype=np.float64)
