"""What is near what: catchments, bands and the nearest feature, by geodesic distance.

Distances are measured along the ellipsoid. Catchments are drawn on a transverse
Mercator plane of GRS80 whose central meridian runs through the data (nearest whole
degree), with the radius corrected by the local scale of each feature: at 800 m the
edge is within 0.02 m of the geodesic circle for features up to 20 km long.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np
import shapely
from pyproj import Transformer

from geo.frame import FloatArray, ObjectArray
from geo.length import geodesic_m
from geo.parts import Rows, extent
from geo.sphere import SEMI_MAJOR_M
from geo.stopping import waited
from geo.threads import THREADS, threaded

_Move = Callable[[FloatArray], FloatArray]

_QUARTER = 64  # corners in a quarter of a circle
_CORNERS = 4 * _QUARTER
#: Corners lie this much beyond the radius so that the polygon has the circle's area.
_EQUAL_AREA = (2 * np.pi / _CORNERS / np.sin(2 * np.pi / _CORNERS)) ** 0.5
#: Straight edges of a catchment get vertices this often, to stay straight on any plane.
_EDGE_M = 500.0
#: Fewer shapes have their surroundings before threads have begun.
_MANY = 500
#: Fewer have their nearest before threads have begun.
_FEW_NEAREST = 5_000
#: So many or fewer are gone through one by one: no tree is as quick.
_FEW = 64
#: Vertices of B, at most, from which the nearest is sought first.
_VERTICES = 100_000


@dataclass(frozen=True, slots=True)
class Nearest:
    """Per row of A its nearest row of B (-1 where there is none) and the geodesic
    distance in metres (NaN where there is none)."""

    row: Rows
    distance_m: FloatArray


def catchments(geoms: ObjectArray, distance_m: float) -> ObjectArray:
    """What lies within a geodesic distance of each CRS84 geometry, as CRS84 polygons;
    None where missing or empty. Points give polygons of the circle's exact area."""
    there, back = _plane(geoms)
    flat = shapely.transform(np.asarray(geoms, dtype=object), there)
    flat[shapely.is_empty(flat)] = None
    radius = distance_m * _scale(flat)
    radius[shapely.get_dimensions(flat) == 0] *= _EQUAL_AREA

    def around(rows: Rows) -> ObjectArray:
        round_ = shapely.buffer(flat[rows], radius[rows], quad_segs=_QUARTER)
        made: ObjectArray = shapely.segmentize(round_, _EDGE_M)
        return made

    many = THREADS if len(flat) > _MANY else 1
    near = np.concatenate(list(threaded(around, np.arange(len(flat)), many)))
    degrees: ObjectArray = shapely.transform(near, back)
    return degrees


def dissolved(geoms: ObjectArray) -> ObjectArray:
    """The parts of the union: no two of them overlap."""
    present = geoms[~shapely.is_missing(geoms)]
    parts: ObjectArray = shapely.get_parts(_united(present))
    return parts


def bands(geoms: ObjectArray, edges_m: list[float]) -> list[ObjectArray]:
    """Rings between consecutive distances around all geometries together, each as the
    parts of its dissolved area: ``[0, 500, 800]`` gives 0-500 and 500-800 m."""
    reach = [_reach(geoms, edge) for edge in edges_m]
    return [
        shapely.get_parts(shapely.difference(outer, inner))
        for inner, outer in pairwise(reach)
    ]


def nearest(a: ObjectArray, b: ObjectArray) -> Nearest:
    """The nearest of B for each of A, the first of several. Candidates come from the
    plane around the data, where scale varies by less than 1e-4 over a city; the
    distance is geodesic between the two nearest positions."""
    there, back = _plane(np.concatenate([a, b]))
    others = _Others(shapely.transform(b, there))

    def linked(rows: Rows) -> Nearest:
        return _linked(shapely.transform(a[rows], there), others, back)

    many = THREADS if len(a) > _FEW_NEAREST else 1
    found = list(threaded(linked, np.arange(len(a)), many))
    return Nearest(
        np.concatenate([each.row for each in found]),
        np.concatenate([each.distance_m for each in found]),
    )


class _Others:
    """B on the plane, and what finds the nearest of it: made before there are threads,
    and never changed."""

    def __init__(self, flat: ObjectArray) -> None:
        self.flat = flat
        vertices: FloatArray = shapely.get_coordinates(flat)
        self.vertices = vertices[:: len(vertices) // _VERTICES + 1]
        self._bounds = shapely.bounds(flat).tolist()
        many, several = len(self.vertices) > _FEW, len(flat) > _FEW
        points = shapely.points(self.vertices) if many else self.flat[:0]
        self._points = shapely.STRtree(points)
        self._tree = shapely.STRtree(flat if several else flat[:0])
        for tree in (self._points, self._tree):
            tree.query(shapely.box(0, 0, 1, 1))  # the first question finishes a tree

    def to_nearest(self, start: FloatArray) -> FloatArray:
        """Metres from each position to the nearest of the vertices."""
        if len(self.vertices) > _FEW:
            _, near = self._points.query_nearest(
                shapely.points(start), all_matches=False
            )
            found: FloatArray = np.hypot(*(start - self.vertices[near]).T)
            return found
        x, y = np.ascontiguousarray(start.T)
        least = np.full(len(start), np.inf)
        for east, north in self.vertices.tolist():
            np.minimum(least, (x - east) ** 2 + (y - north) ** 2, out=least)
        metres: FloatArray = np.sqrt(least)
        return metres

    def reached(self, reach: FloatArray) -> tuple[Rows, Rows]:
        """Pairs of a box and a row whose box meets it, the boxes ascending."""
        if len(self.flat) > _FEW:
            one, other = self._tree.query(shapely.box(*reach.T))
            return one, other
        west, south, east, north = np.ascontiguousarray(reach.T)
        met = np.zeros((len(reach), len(self.flat)), dtype=bool)
        for row, (left, low, right, high) in enumerate(self._bounds):
            across = (west <= right) & (east >= left)
            met[:, row] = across & (south <= high) & (north >= low)
        one, other = np.divmod(np.flatnonzero(met), len(self.flat))
        return one, other


def _linked(flat_a: ObjectArray, others: _Others, back: _Move) -> Nearest:
    row = np.full(len(flat_a), -1, dtype=np.intp)
    distance = np.full(len(flat_a), np.nan)
    found, other = _nearest_rows(flat_a, others)
    row[found] = other
    link = shapely.shortest_line(flat_a[found], others.flat[other])
    ends = back(shapely.get_coordinates(link)).reshape(-1, 2, 2)
    distance[found] = geodesic_m(ends[:, 0], ends[:, 1])
    return Nearest(row, distance)


def _nearest_rows(flat_a: ObjectArray, others: _Others) -> tuple[Rows, Rows]:
    """Rows of A that have a nearest, and its rows of B. No feature is nearer than the
    nearest vertex allows, so few boxes come so close, mostly one: only between
    several are distances between whole shapes taken."""
    start, rows = _first_vertices(flat_a)
    if len(rows) == 0 or len(others.vertices) == 0:
        return rows[:0], rows[:0]
    most = others.to_nearest(start) * (1 + 1e-9)
    reach = shapely.bounds(flat_a[rows]) + most[:, None] * (-1, -1, 1, 1)
    one, other = others.reached(reach)
    apart = np.zeros(len(one))
    unsure = np.flatnonzero(np.bincount(one)[one] > 1)
    here, there = rows[one[unsure]], other[unsure]
    apart[unsure] = shapely.distance(flat_a[here], others.flat[there])
    order = np.lexsort((other, apart, one))
    best = order[np.unique(one[order], return_index=True)[1]]
    return rows[one[best]], other[best]


def _first_vertices(flat: ObjectArray) -> tuple[FloatArray, Rows]:
    """One vertex of each geometry that has any, and its row."""
    xy, row = shapely.get_coordinates(flat, return_index=True)
    first = np.flatnonzero(np.diff(row, prepend=-1))
    return xy[first], row[first]


def _reach(geoms: ObjectArray, distance_m: float) -> shapely.Geometry:
    if distance_m <= 0:
        return shapely.GeometryCollection()
    return _united(catchments(geoms, distance_m))


def _united(geoms: ObjectArray) -> shapely.Geometry:
    """Of very many that is one long call."""
    if len(geoms) < _MANY:
        return shapely.union_all(geoms)
    return waited(lambda: shapely.union_all(geoms))


def _scale(flat: ObjectArray) -> FloatArray:
    """Scale of the transverse Mercator plane at the middle of each geometry."""
    x = shapely.get_x(shapely.centroid(flat))
    scale: FloatArray = 1 + np.nan_to_num(x) ** 2 / (2 * SEMI_MAJOR_M**2)
    return scale


def _plane(geoms: ObjectArray) -> tuple[_Move, _Move]:
    """To and from the plane around the data."""
    west, _, east, _ = extent(geoms) or (0.0, 0.0, 0.0, 0.0)
    return _moves(round((west + east) / 2))


@cache
def _moves(meridian: int) -> tuple[_Move, _Move]:
    plane = f"+proj=tmerc +lat_0=0 +lon_0={meridian} +k=1 +ellps=GRS80 +units=m"
    there = Transformer.from_crs("EPSG:4490", plane, always_xy=True)

    def forward(xy: FloatArray) -> FloatArray:
        return np.column_stack(there.transform(xy[:, 0], xy[:, 1]))

    def inverse(xy: FloatArray) -> FloatArray:
        x, y = there.transform(xy[:, 0], xy[:, 1], direction="INVERSE")
        return np.column_stack([x, y])

    return forward, inverse
