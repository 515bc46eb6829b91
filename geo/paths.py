"""A layer's shapes as flat arrays on the square that web map tiles divide.

The square has its origin in the north-west corner of Web Mercator's world, x to the
east and y to the south, both from 0 to 1. It is a way to fill a screen: nothing is
ever measured on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray
from geo.parts import lines_of, points_of, polygons_of
from geo.ragged import IntArray, offsets_of, spans

#: Web Mercator's square ends here (degrees).
MAX_LATITUDE = 85.05112877980659


@dataclass(frozen=True, slots=True)
class Paths:
    """``n`` rings, lines or points, feature by feature; a polygon's holes follow
    its outer ring.

    xy: (2, c) float64. Rings do not repeat their first point; outer rings have a
        positive area with y to the south, holes a negative one.
    start: (n + 1,) offsets into ``xy``.
    row: (n,) the feature each path belongs to, ascending.
    outer: (n,) bool, False for holes.
    box: (4, n) west, north, east, south on the square.
    """

    xy: FloatArray
    start: IntArray
    row: IntArray
    outer: NDArray[np.bool_]
    box: FloatArray


def to_square(lonlat: FloatArray) -> FloatArray:
    """Degrees (n, 2) to the square (2, n); latitudes beyond Web Mercator's go to its
    edge."""
    latitude = np.radians(np.clip(lonlat[:, 1], -MAX_LATITUDE, MAX_LATITUDE))
    y = 0.5 - np.arctanh(np.sin(latitude)) / (2 * np.pi)
    return np.stack((lonlat[:, 0] / 360 + 0.5, y))


def from_square(xy: FloatArray) -> FloatArray:
    """The square (2, n) to degrees: longitudes, latitudes; within the world's ends."""
    x, y = np.clip(xy, 0, 1)
    return np.stack(
        (x * 360 - 180, np.degrees(np.arctan(np.sinh((0.5 - y) * 2 * np.pi))))
    )


def polygon_paths(geoms: ObjectArray) -> Paths:
    """The rings of every polygon in the geometries (CRS84)."""
    polygons, row = polygons_of(geoms)
    rings, polygon = shapely.get_rings(polygons, return_index=True)
    outer = np.diff(polygon, prepend=-1) > 0
    xy, closed = _points(rings)
    xy = np.delete(xy, offsets_of(closed)[1:] - 1, axis=1)
    start = offsets_of(closed - 1)
    turn = (areas(xy, start) > 0) != outer
    return _paths(_reverse(xy, start, turn), start, row[polygon], outer)


def line_paths(geoms: ObjectArray) -> Paths:
    """Every line in the geometries (CRS84)."""
    return _open_paths(*lines_of(geoms))


def point_paths(geoms: ObjectArray) -> Paths:
    """Every point in the geometries (CRS84), as a path of its own."""
    return _open_paths(*points_of(geoms))


def areas(xy: NDArray[Any], start: IntArray) -> NDArray[Any]:
    """Twice the signed area of every ring, none of which may be empty; positive is
    clockwise as seen, with y to the south. Exact for whole numbers."""
    if len(start) == 1:
        return np.empty(0)
    # Relative to the ring's first point, so that no precision is lost far out.
    x, y = xy - np.repeat(xy.take(start[:-1], axis=1), np.diff(start), axis=1)
    after = following(start)
    wide = np.result_type(xy, np.int64)
    return np.add.reduceat(x * y[after] - x[after] * y, start[:-1], dtype=wide)


def following(start: IntArray) -> IntArray:
    """The position of the point after each point, for rings none of which is empty;
    after the last comes the first."""
    after = np.arange(1, int(start[-1]) + 1)
    after[start[1:] - 1] = start[:-1]
    return after


def _points(geoms: ObjectArray) -> tuple[FloatArray, IntArray]:
    lonlat, index = shapely.get_coordinates(geoms, return_index=True)
    return to_square(lonlat), np.bincount(index, minlength=len(geoms))


def _reverse(xy: FloatArray, start: IntArray, turn: NDArray[np.bool_]) -> FloatArray:
    """Turn some rings round."""
    first, stop = start[:-1][turn], start[1:][turn]
    at = spans(first, stop - first)
    order = np.arange(xy.shape[1])
    order[at] = np.repeat(first + stop - 1, stop - first) - at
    return xy.take(order, axis=1)


def _open_paths(geoms: ObjectArray, row: NDArray[np.intp]) -> Paths:
    filled = ~shapely.is_empty(geoms)
    xy, lengths = _points(geoms[filled])
    outer = np.ones(len(lengths), dtype=bool)
    return _paths(xy, offsets_of(lengths), row[filled], outer)


def _paths(
    xy: FloatArray, start: IntArray, row: NDArray[np.intp], outer: NDArray[np.bool_]
) -> Paths:
    box = np.empty((4, len(row)))
    if len(row):
        box[:2] = np.minimum.reduceat(xy, start[:-1], axis=1)
        box[2:] = np.maximum.reduceat(xy, start[:-1], axis=1)
    # Row-major, as NumPy would otherwise copy the whole of it at every look-up.
    return Paths(np.ascontiguousarray(xy), start, row.astype(np.int64), outer, box)
