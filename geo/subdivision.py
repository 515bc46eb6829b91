"""Large polygons as many small ones: what meets a part of them is cut by that part.

Cutting along a polygon costs its vertices, every time. Cut into pieces once, each
question costs the vertices nearby. The pieces are disjoint and together the whole, so
what they share with anything adds up.
"""

from __future__ import annotations

import numpy as np
import shapely
import shapely.errors
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray
from geo.parts import Rows, polygons_of
from geo.stopping import step

MAX_VERTICES = 256
#: Where a box is cut. Not at a round place: a line or point of the data that lay on a
#: cut would be shared by two pieces.
_SHARE = (5**0.5 - 1) / 2 - 0.1
#: A place where this many cuts are not enough holds all its vertices in one spot.
_ROUNDS = 40
#: Areas this close, relatively, differ by rounding only.
_SAME = 1e-12


def subdivided(
    flat: ObjectArray, *, max_vertices: int = MAX_VERTICES
) -> tuple[ObjectArray, Rows]:
    """The polygons of laid geometries as disjoint pieces of up to ``max_vertices``,
    and the row each is from, ascending. What is not a polygon is left out."""
    todo, rows = polygons_of(flat)
    done: list[ObjectArray] = []
    done_rows: list[Rows] = []
    for last in range(_ROUNDS, -1, -1):
        step()
        small = shapely.get_num_coordinates(todo) <= (max_vertices if last else np.inf)
        done.append(todo[small])
        done_rows.append(rows[small])
        todo, rows = _halved(todo[~small], rows[~small])
        if len(todo) == 0:
            break
    all_rows = np.concatenate(done_rows)
    order = np.argsort(all_rows, kind="stable")
    return np.concatenate(done)[order], all_rows[order]


def _halved(polygons: ObjectArray, rows: Rows) -> tuple[ObjectArray, Rows]:
    """Both sides of a cut across the longer side of each polygon's box."""
    if len(polygons) == 0:
        return polygons, rows
    low, high = _sides(polygons)
    halves = np.concatenate([_clipped(polygons, low), _clipped(polygons, high)])
    wrong = ~_whole(polygons, halves)
    if wrong.any():
        boxes = np.concatenate([low, high])[np.tile(wrong, 2)]
        again = np.tile(polygons[wrong], 2)
        halves[np.tile(wrong, 2)] = shapely.intersection(again, shapely.box(*boxes.T))
    parts, index = polygons_of(halves)
    return parts, np.tile(rows, 2)[index]


def _sides(polygons: ObjectArray) -> tuple[FloatArray, FloatArray]:
    """The boxes (n, 4) on both sides of each cut."""
    bounds: FloatArray = shapely.bounds(polygons)
    low, high = bounds.copy(), bounds.copy()
    axis = np.argmax(bounds[:, 2:] - bounds[:, :2], axis=1)
    each = np.arange(len(bounds))
    start, end = bounds[each, axis], bounds[each, axis + 2]
    cut = start + _SHARE * (end - start)
    low[each, axis + 2] = cut
    high[each, axis] = cut
    return low, high


def _clipped(polygons: ObjectArray, boxes: FloatArray) -> ObjectArray:
    """By rectangles: eight times quicker than an intersection, but not always right."""
    found = np.empty(len(polygons), dtype=object)
    for n, (polygon, box) in enumerate(zip(polygons, boxes.tolist(), strict=True)):
        try:
            found[n] = shapely.clip_by_rect(polygon, *box)
        except shapely.errors.GEOSException:
            found[n] = None
    return found


def _whole(polygons: ObjectArray, halves: ObjectArray) -> NDArray[np.bool_]:
    """Which polygons the two halves make up, both valid."""
    area = np.nan_to_num(shapely.area(halves)).reshape(2, -1).sum(axis=0)
    valid = shapely.is_valid(halves).reshape(2, -1).all(axis=0)
    whole = shapely.area(polygons)
    right: NDArray[np.bool_] = valid & (np.abs(area - whole) <= _SAME * whole)
    return right
