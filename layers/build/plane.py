"""The plane that shapes are drawn on (EPSG:4547, x east and y north), and back."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import shapely
from pyproj import Geod, Transformer
from shapely.geometry.base import BaseGeometry

#: Degrees; about 1 cm. Every vertex that leaves the builder lies on this grid, so
#: neighbours share their edges exactly.
GRID = 1e-7
GRS80 = Geod(ellps="GRS80")


@cache
def _projection() -> Transformer:
    return Transformer.from_crs(4490, 4547, always_xy=True)


def to_plane(geometry: Any) -> Any:
    """Longitude and latitude to metres."""
    return _moved(geometry, "FORWARD")


def to_degrees(geometry: Any) -> Any:
    """Metres to longitude and latitude."""
    return _moved(geometry, "INVERSE")


def _moved(geometry: Any, direction: str) -> Any:
    def move(points: Any) -> Any:
        x, y = _projection().transform(points[:, 0], points[:, 1], direction=direction)
        return np.column_stack([x, y])

    return shapely.transform(geometry, move)


def snapped(geometry: Any) -> Any:
    """The geometry in degrees with every vertex on the grid."""
    return shapely.set_precision(geometry, GRID)


def area_m2(geometry: BaseGeometry) -> float:
    """Area on the ellipsoid, for a geometry in degrees."""
    return float(
        abs(GRS80.geometry_area_perimeter(shapely.orient_polygons(geometry))[0])
    )


def as_point(lon: float, lat: float) -> Any:
    """A position in degrees as a point on the plane."""
    return to_plane(shapely.Point(lon, lat))
