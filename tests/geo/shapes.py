"""Shapes on the plane EPSG:4547 around Liwan, for tests: metres in, CRS84 out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import shapely

from geo.crs import unproject_xy

#: The check point of FACTS 4.4 on the plane.
EAST, NORTH = 422_583.954, 2_558_680.910
SHARED = Path(__file__).resolve().parents[2] / ".." / "shared"


def geoms(*items):
    """An object array of geometries."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def on_plane(*items):
    """Plane geometries, in metres from the check point, as CRS84."""
    moved = shapely.transform(geoms(*items), lambda xy: np.add(xy, (EAST, NORTH)))
    return unproject_xy(moved)


def square(side: float, x: float = 0, y: float = 0):
    """A plane square of ``side`` metres with its lower left corner at x, y."""
    return shapely.box(x, y, x + side, y + side)


def district():
    """The boundary of Liwan, or None when the shared data is not beside us."""
    path = SHARED / "data" / "district.geojson"
    if not path.exists():
        return None
    feature = json.loads(path.read_text("utf-8"))["features"][0]
    return shapely.geometry.shape(feature["geometry"])
