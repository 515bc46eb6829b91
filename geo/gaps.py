"""Narrow empty places between neighbouring polygons, looked for cell by cell: a cell
knows all that lies near it, so cells can be worked on side by side."""

from __future__ import annotations

from math import ceil, sqrt

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray
from geo.parts import Rows
from geo.progress import Told, silent
from geo.threads import THREADS, threaded

GAP_WIDTH_M = 1.0
MIN_GAP_M2 = 0.05
#: Polygons of a cell, about: fewer and neighbours are worked on twice too often.
_PER_CELL = 200
_MOST_CELLS = 64  # a side
_WORTH_THREADS = 500
#: Around a cell: farther than a mitred corner reaches.
_MARGIN_M = 10.0
#: A place cut by cells grows together where its parts meet this closely.
_GRID_M = 1e-5


def narrow_places(
    geoms: ObjectArray, rows: Rows, *, told: Told = silent
) -> tuple[ObjectArray, Rows]:
    """Places between valid polygons, of which one is in ``rows``, and the row of the
    nearest of all. geoms: (n,) in metres."""
    if not len(rows):
        return _none(), np.array([], dtype=np.intp)
    tree = shapely.STRtree(geoms)
    places = _places(geoms[rows], told)
    places = places[shapely.area(places) >= MIN_GAP_M2]
    found = _uncovered(places, geoms, tree)
    nearest = tree.nearest(found) if len(found) else np.array([], dtype=np.intp)
    return found, nearest


def _places(geoms: ObjectArray, told: Told) -> ObjectArray:
    """What closing by half the width on either side fills, between these alone."""
    cells = _cells(geoms)
    around = shapely.buffer(cells, _MARGIN_M, join_style="mitre")
    # Asked before there are threads: a tree is finished by its first question.
    of, near = shapely.STRtree(geoms).query(around)
    rows = np.split(near, np.searchsorted(of, np.arange(1, len(cells))))
    found: list[ObjectArray] = [_none()]
    done = 0

    def work(some: Rows) -> list[ObjectArray]:
        return [_filled(geoms[rows[n]], cells[n], around[n]) for n in some.tolist()]

    for several in threaded(work, np.arange(len(cells)), THREADS):
        found += several
        done += len(several)
        told(done, len(cells))
    return _grown_together(np.concatenate(found), cells)


def _cells(geoms: ObjectArray) -> ObjectArray:
    """Boxes that cover everything."""
    west, south, east, north = shapely.total_bounds(geoms)
    side = min(_MOST_CELLS, ceil(sqrt(len(geoms) / _PER_CELL)))
    x = np.linspace(west - 1, east + 1, side + 1)
    y = np.linspace(south - 1, north + 1, side + 1)
    left, low = (edges.ravel() for edges in np.meshgrid(x[:-1], y[:-1]))
    right, high = (edges.ravel() for edges in np.meshgrid(x[1:], y[1:]))
    boxes: ObjectArray = shapely.box(left, low, right, high)
    return boxes


def _filled(
    near: ObjectArray, cell: shapely.Geometry, around: shapely.Geometry
) -> ObjectArray:
    if not len(near):
        return _none()
    half = GAP_WIDTH_M / 2
    solid = shapely.union_all(_cut_to(near, around))
    grown = shapely.buffer(solid, half, join_style="mitre")
    closed = shapely.buffer(grown, -half, join_style="mitre")
    filled = shapely.get_parts(shapely.difference(closed, solid))
    filled = filled[shapely.intersects(filled, cell)]
    within: ObjectArray = shapely.get_parts(shapely.intersection(filled, cell))
    areas: ObjectArray = within[shapely.get_dimensions(within) == 2]
    return areas


def _cut_to(geoms: ObjectArray, around: shapely.Geometry) -> ObjectArray:
    """A river is long, a cell small; small polygons are quicker left whole."""
    result = geoms.copy()
    long = np.flatnonzero(shapely.get_num_coordinates(geoms) > 100)
    result[long] = shapely.intersection(geoms[long], around)
    return result


def _grown_together(places: ObjectArray, cells: ObjectArray) -> ObjectArray:
    """Places that reach into several cells are one again."""
    cut = _at_borders(places, cells)
    if not cut.any():
        return places
    joined = shapely.get_parts(shapely.union_all(places[cut], grid_size=_GRID_M))
    return np.concatenate([places[~cut], joined])


def _at_borders(places: ObjectArray, cells: ObjectArray) -> NDArray[np.bool_]:
    west, south, *_ = shapely.total_bounds(cells)
    left, low, right, high = shapely.bounds(cells[0])
    origin, step = np.array([west, south] * 2), np.array([right - left, high - low] * 2)
    sides = (shapely.bounds(places) - origin) / step
    away: FloatArray = np.abs(sides - np.round(sides)) * step
    at: NDArray[np.bool_] = np.any(away <= _GRID_M, axis=1)
    return at


def _uncovered(
    places: ObjectArray, geoms: ObjectArray, tree: shapely.STRtree
) -> ObjectArray:
    """What other polygons leave free of the places. A notch in one polygon alone is
    no gap. In rounds, a neighbour of each place at a time: few and large calls."""
    found, hit = tree.query(shapely.buffer(places, 0.01), predicate="intersects")
    order = np.argsort(found, kind="stable")
    found, hit = found[order], hit[order]
    neighbours = np.bincount(found, minlength=len(places))
    turn = np.arange(len(found)) - np.repeat(
        np.cumsum(neighbours) - neighbours, neighbours
    )
    left = places.copy()
    for number in range(int(neighbours.max(initial=0))):
        now = turn == number
        left[found[now]] = _differences(left[found[now]], geoms[hit[now]])
    kept: ObjectArray = left[(neighbours >= 2) & (shapely.area(left) >= MIN_GAP_M2)]
    return kept


def _differences(places: ObjectArray, covers: ObjectArray) -> ObjectArray:
    def work(some: Rows) -> ObjectArray:
        rest: ObjectArray = shapely.difference(places[some], covers[some])
        return rest

    threads = THREADS if len(places) > _WORTH_THREADS else 1
    parts = threaded(work, np.arange(len(places)), threads)
    return np.concatenate([_none(), *parts])


def _none() -> ObjectArray:
    return np.empty(0, dtype=object)
