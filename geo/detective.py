"""Which coordinate system is this? Every reading of the numbers, with its evidence.

The evidence is simple and can be checked by eye: under each reading, the share of
features whose middle falls inside the district, and the share that falls near it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from geo.frame import FloatArray, ObjectArray
from geo.gcj02 import from_bd09, from_gcj02

#: How far from the district's box a feature still counts as near it, in degrees.
NEAR_DEG = 0.5
#: 广州2000 has no public parameters; its numbers look like this (E, N in metres).
_LOCAL_E, _LOCAL_N = (10_000, 90_000), (180_000, 280_000)
_LARGEST_DEG, _SIXTY = 180.0, 60.0
_UNDO: dict[str, Callable[[FloatArray], FloatArray]]
_UNDO = {"GCJ-02": from_gcj02, "BD-09": from_bd09}


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One reading of the coordinates. ``crs`` None: a web map's offset."""

    id: str  # "EPSG:4547", "EPSG:4547:yx" (axes swapped), "GCJ-02" …
    crs: str | None
    swapped: bool
    inside: float  # share of features inside the district, 0–1
    near: float  # share of features near it, 0–1


def anchors(geoms: ObjectArray) -> FloatArray:
    """The middle of each geometry's box (m, 2), missing and non-finite left out."""
    bounds = shapely.bounds(geoms)
    middle = bounds[:, :2] / 2 + bounds[:, 2:] / 2
    finite: FloatArray = middle[np.isfinite(middle).all(axis=1)]
    return finite


def hypotheses(points: FloatArray, district: shapely.Geometry) -> list[Hypothesis]:
    """Readings of x, y points that are possible at all, best first.

    points: (n, 2) as written in the file. district: polygon in CRS84.
    """
    if not len(points):
        return []
    shapely.prepare(district)
    readings = [
        _weigh(name, crs, swapped, _lonlat(points, crs, swapped), district)
        for name, crs, swapped in _candidates(points)
    ]
    return sorted(readings, key=lambda h: (-round(h.inside, 3), -h.near, len(h.id)))


def offsets(lonlat: FloatArray, district: shapely.Geometry) -> list[Hypothesis]:
    """How the same positions fare if they carry a web map's offset."""
    return [_weigh(name, None, False, undo(name, lonlat), district) for name in _UNDO]


def undo(offset: str, lonlat: FloatArray) -> FloatArray:
    """Positions (n, 2) with "GCJ-02" or "BD-09" taken back, approximately."""
    return _UNDO[offset](lonlat)


def share_inside(lonlat: FloatArray, district: shapely.Geometry) -> float:
    """Share of lon, lat points inside the district, 0–1."""
    return _weigh("", None, False, lonlat, district).inside


def share_near(lonlat: FloatArray, district: shapely.Geometry) -> float:
    """Share of lon, lat points near the district, 0–1."""
    return _weigh("", None, False, lonlat, district).near


def is_near(lonlat: FloatArray, district: shapely.Geometry) -> NDArray[np.bool_]:
    """(n,) whether each lon, lat point lies near the district."""
    west, south, east, north = shapely.bounds(district)
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    near: NDArray[np.bool_] = (lon > west - NEAR_DEG) & (lon < east + NEAR_DEG)
    near &= (lat > south - NEAR_DEG) & (lat < north + NEAR_DEG)
    return near


def unpacked(points: FloatArray) -> FloatArray:
    """Degrees of numbers like 113.1439 or 1131439 (113°14′39″), as surveyors key them
    in; none if any minute or second would be 60 or more.

    >>> unpacked(np.array([[113.1439, 23.0733]])).round(4).tolist()
    [[113.2442, 23.1258]]
    """
    largest = np.abs(points).max(initial=0)
    packed = points / 10_000 if largest > _LARGEST_DEG else points
    if largest > _LARGEST_DEG * 10_000:
        return np.empty((0, 2))
    degrees, rest = np.divmod(np.round(packed * 10_000, 6), 10_000)
    minutes, seconds = np.divmod(rest, 100)
    if max(minutes.max(initial=0), seconds.max(initial=0)) >= _SIXTY:
        return np.empty((0, 2))
    result: FloatArray = degrees + minutes / _SIXTY + seconds / _SIXTY**2
    return result


def looks_local(points: FloatArray) -> bool:
    """Whether the numbers look like 广州2000, in either axis order."""
    if not len(points):
        return False
    x, y = np.median(points, axis=0)
    return _both_between(x, y) or _both_between(y, x)


def _both_between(east: float, north: float) -> bool:
    inside_e = _LOCAL_E[0] <= east <= _LOCAL_E[1]
    return inside_e and _LOCAL_N[0] <= north <= _LOCAL_N[1]


def _candidates(points: FloatArray) -> Iterator[tuple[str, str, bool]]:
    x, y = np.median(points, axis=0)
    for crs in _plausible(x, y):
        yield crs, crs, False
    for crs in _plausible(y, x):
        yield f"{crs}:yx", crs, True


def _plausible(east: float, north: float) -> list[str]:
    """CRSs in which an easting and a northing of this size can stand in China."""
    if abs(east) <= 180 and abs(north) <= 90:
        return ["OGC:CRS84"]
    if 8_000_000 <= east <= 15_500_000 and 2_000_000 <= north <= 7_500_000:
        return ["EPSG:3857", *_zones(east, north)]
    return _zones(east, north)


def _zones(east: float, north: float) -> list[str]:
    if not 300_000 <= north <= 6_200_000:
        return []
    zone, rest = divmod(east, 1_000_000)
    if not 100_000 <= rest <= 900_000:
        return []
    if zone == 0:
        return ["EPSG:4547", "EPSG:4546", "EPSG:4548", "EPSG:32649"]
    if 25 <= zone <= 45:
        return [f"EPSG:{int(4513 + zone - 25)}"]
    if 13 <= zone <= 23:
        return [f"EPSG:{int(4491 + zone - 13)}"]
    return []


def _lonlat(points: FloatArray, crs: str, swapped: bool) -> FloatArray:
    xy = points[:, ::-1] if swapped else points
    if crs == "OGC:CRS84":
        return xy
    lon, lat = _to_degrees(crs).transform(xy[:, 0], xy[:, 1])
    return np.column_stack([lon, lat])


@cache
def _to_degrees(crs: str) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def _weigh(
    name: str,
    crs: str | None,
    swapped: bool,
    lonlat: FloatArray,
    district: shapely.Geometry,
) -> Hypothesis:
    near = is_near(lonlat, district)
    inside = shapely.contains_xy(district, lonlat[:, 0], lonlat[:, 1])
    return Hypothesis(name, crs, swapped, float(inside.mean()), float(near.mean()))
