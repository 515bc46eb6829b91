"""The official ellipsoid-area formula of the land survey, kept as a second opinion.

国土调查办发〔2008〕32号: every edge makes a trapezoid with a reference meridian; the
signed sum of the trapezoids is the area. ``b`` is the semi-minor axis, ΔB and Bm are
the difference and the mean of the latitudes, ΔL the mean longitude less the reference.
"""

from __future__ import annotations

import numpy as np
import shapely

from geo.area import densify, sum_over_rings
from geo.frame import FloatArray, ObjectArray
from geo.parts import sum_by_row
from geo.sphere import FLATTENING, SEMI_MAJOR_M

_E2 = FLATTENING * (2 - FLATTENING)
_B2 = (SEMI_MAJOR_M * (1 - FLATTENING)) ** 2
_E4, _E6, _E8 = _E2**2, _E2**3, _E2**4

#: A, -B, C, -D, E of the formula, by the odd multiple 1, 3, 5, 7, 9 they go with.
_TERMS = (
    (1, 1 + 3 / 6 * _E2 + 30 / 80 * _E4 + 35 / 112 * _E6 + 630 / 2304 * _E8),
    (3, -(1 / 6 * _E2 + 15 / 80 * _E4 + 21 / 112 * _E6 + 420 / 2304 * _E8)),
    (5, 3 / 80 * _E4 + 7 / 112 * _E6 + 180 / 2304 * _E8),
    (7, -(1 / 112 * _E6 + 45 / 2304 * _E8)),
    (9, 5 / 2304 * _E8),
)


def trapezoid_area_m2(
    geoms: ObjectArray, *, max_edge_m: float | None = 250.0
) -> FloatArray:
    """Area of CRS84 geometries in m² by the 2008 formula: (n,) float64, NaN where
    missing, 0 where not areal. Edges are straight on the plane EPSG:4547 and densified
    there to ``max_edge_m`` first; None takes the vertices as they are."""
    if max_edge_m is not None:
        geoms = densify(geoms, max_edge_m)
    return sum_over_rings(geoms, _ring_areas)


def _ring_areas(rings: ObjectArray) -> FloatArray:
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    # Each ring has its own reference meridian: its first vertex. A far one would
    # cost digits in the signed sum.
    first = np.r_[True, ~inside][: len(ring)]
    reference = xy[first, 0][ring]
    lon, lat = np.radians(xy[:, 0] - reference), np.radians(xy[:, 1])
    mean_lon, mean_lat = (lon[:-1] + lon[1:]) / 2, (lat[:-1] + lat[1:]) / 2
    half = (lat[1:] - lat[:-1]) / 2
    series = sum(c * np.sin(k * half) * np.cos(k * mean_lat) for k, c in _TERMS)
    edges = 2 * _B2 * mean_lon * series
    return np.abs(sum_by_row(ring[:-1][inside], edges[inside], len(rings)))
