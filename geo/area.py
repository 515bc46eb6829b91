"""Areas: on the ellipsoid (GRS80) and on the plane (EPSG:4547). Never Web Mercator.

Which edge a polygon has between two vertices is part of the definition of its area:

``area_m2``        edges are geodesics, as ``pyproj.Geod`` takes them
``plane_area_m2``  edges are straight on the Gauss-Kruger plane
``geo.trapezoid``  the 2008 survey formula: straight on the plane, densified there

For edges up to a kilometre the three edges enclose the same area within 0.005 m² an
edge; between an 8 km square's geodesic and plane edges lie 5-8 m² in 64 km².
``densify`` inserts vertices on the plane where a shape was drawn there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import shapely

from geo.crs import plane_xy, project_xy, unproject_xy
from geo.frame import FloatArray, ObjectArray
from geo.geodesic import followed
from geo.parts import polygons_of, sum_by_row
from geo.sphere import RADIUS_M, authalic_sine

M2_PER_MU = 2000 / 3  # exact: 1 亩 = 2000/3 m², so 15 亩 = 1 公顷
M2_PER_HA = 10_000.0

RingAreas = Callable[[ObjectArray], FloatArray]


def to_mu(m2: FloatArray | float) -> FloatArray | float:
    """Square metres as 亩 (exactly 3/2000 of them)."""
    return m2 * 3 / 2000


def to_ha(m2: FloatArray | float) -> FloatArray | float:
    """Square metres as hectares (公顷)."""
    return m2 / M2_PER_HA


def area_m2(geoms: ObjectArray) -> FloatArray:
    """Geodesic area on GRS80 of CRS84 geometries, in m².

    geoms: (n,) object array, any kinds, nested collections too. Returns (n,) float64:
    holes subtracted, parts added, orientation ignored; 0 for lines, points and empty
    geometries, NaN for missing ones. Polygons around a pole are out of scope.

    Vertices go to the authalic sphere, where great-circle edges stand for geodesics;
    long ones get points of theirs (``geo.geodesic``). The signed spherical excess under
    each edge is 2 atan2(tan(dlon/2) (t1 + t2), 1 + t1 t2), where t is the tangent of
    half the authalic latitude.
    """
    return sum_over_rings(geoms, _ring_areas)


def plane_area_m2(geoms: ObjectArray) -> FloatArray:
    """Area on the plane EPSG:4547 of CRS84 geometries, in m². NaN where missing."""
    return sum_over_rings(geoms, _plane_ring_areas)


def densify(geoms: ObjectArray, max_edge_m: float = 250.0) -> ObjectArray:
    """CRS84 geometries with vertices added so that no edge, straight on the plane
    EPSG:4547, is longer than ``max_edge_m``."""
    return unproject_xy(shapely.segmentize(project_xy(geoms), max_edge_m))


def sum_over_rings(geoms: ObjectArray, ring_areas: RingAreas) -> FloatArray:
    """Exterior minus holes, summed per geometry. ``ring_areas`` signs nothing."""
    polygons, rows = polygons_of(geoms)
    rings, polygon = polygons, np.arange(len(polygons))
    if shapely.get_num_interior_rings(polygons).any():
        # Without holes a polygon has its ring's coordinates: no rings to be made.
        rings, polygon = shapely.get_rings(polygons, return_index=True)
    areas = ring_areas(rings)
    exterior = np.r_[True, polygon[1:] != polygon[:-1]][: len(rings)]
    signed = np.where(exterior, areas, -areas)
    total = sum_by_row(rows[polygon], signed, len(geoms))
    total[shapely.is_missing(geoms)] = np.nan
    return total


def _ring_areas(rings: ObjectArray) -> FloatArray:
    """Unsigned areas of closed rings in degrees, in m²."""
    xy, ring = followed(*shapely.get_coordinates(rings, return_index=True))
    lon = np.radians(xy[:, 0])
    sin_beta = authalic_sine(np.radians(xy[:, 1]))
    t = sin_beta / (1 + np.sqrt((1 - sin_beta) * (1 + sin_beta)))
    step = np.diff(lon)
    # Wrapped at the antimeridian only: adding pi to every step would cost 0.01 m².
    far = np.abs(step) > np.pi
    step[far] -= np.copysign(2 * np.pi, step[far])
    excess = 2 * np.arctan2(np.tan(step / 2) * (t[:-1] + t[1:]), 1 + t[:-1] * t[1:])
    inside = ring[1:] == ring[:-1]
    sums = sum_by_row(ring[:-1][inside], excess[inside], len(rings))
    areas: FloatArray = np.abs(sums) * RADIUS_M**2
    return areas


def _plane_ring_areas(rings: ObjectArray) -> FloatArray:
    """The same on the plane, from each ring's first vertex: digits are not lost."""
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    first = np.r_[True, ~inside][: len(ring)]
    flat = plane_xy(xy)
    east, north = (flat - flat[first][np.cumsum(first) - 1]).T
    edges = east[:-1] * north[1:] - east[1:] * north[:-1]
    sums = sum_by_row(ring[:-1][inside], edges[inside], len(rings))
    areas: FloatArray = np.abs(sums) / 2
    return areas
