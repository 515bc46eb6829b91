"""The measures every feature version carries: computed once, when it is published."""

from __future__ import annotations

import shapely

from geo.area import area_m2, plane_area_m2
from geo.crs import plane_xy
from geo.frame import FloatArray, ObjectArray
from geo.length import length_m, plane_length_m
from geo.parts import points_of

#: Column names; properties of these names in an upload are ours to compute.
MEASURES = ("area_m2", "area_plane_m2", "length_m", "length_plane_m")


def measures(geoms: ObjectArray) -> dict[str, FloatArray]:
    """Ellipsoidal and plane area and length of (n,) CRS84 geometries, in m² and m.
    Raises ``InvalidGeometry`` where a position is not on the plane, points too."""
    plane_xy(shapely.get_coordinates(points_of(geoms)[0]))
    return {
        "area_m2": area_m2(geoms),
        "area_plane_m2": plane_area_m2(geoms),
        "length_m": length_m(geoms),
        "length_plane_m": plane_length_m(geoms),
    }
