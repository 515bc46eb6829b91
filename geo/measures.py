"""The measures every feature version carries: computed once, when it is published."""

from __future__ import annotations

import shapely

from geo.area import area_m2
from geo.crs import project_xy
from geo.frame import FloatArray, ObjectArray
from geo.length import length_m, plane_lengths

#: Column names; properties of these names in an upload are ours to compute.
MEASURES = ("area_m2", "area_plane_m2", "length_m", "length_plane_m")


def measures(geoms: ObjectArray) -> dict[str, FloatArray]:
    """Ellipsoidal and plane area and length of (n,) CRS84 geometries, in m² and m."""
    flat = project_xy(geoms)  # the dearest step, shared by both plane measures
    return {
        "area_m2": area_m2(geoms),
        "area_plane_m2": shapely.area(flat),
        "length_m": length_m(geoms),
        "length_plane_m": plane_lengths(flat),
    }
