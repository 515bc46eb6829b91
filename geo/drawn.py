"""One shape on a surface, ready to be asked of very many features."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import shapely

from geo.corner import corner_areas
from geo.frame import FloatArray, ObjectArray
from geo.outline import Outline
from geo.overlap import AREA, COUNT, TOUCH, BoolArray, Dimensions, Laid, lay, measure
from geo.parts import Rows, points_of, sum_by_row
from geo.stopping import waited
from geo.strips import shared_areas
from geo.subdivision import MAX_VERTICES, subdivided
from geo.surface import STRIP_M, Surface
from geo.threads import THREADS, threaded
from geo.wkb import Wkb

_WORTH_THREADS = 100
#: Of longer outlines cutting pieces along each other is quicker than edges by edges.
_STRIP_EDGES = 20_000
#: Vertices of the pieces that features are cut by: most are small themselves.
_PIECE = 128
#: Vertices of a shape that is laid and looked over in one long call.
_LONG = 50_000
_AREAL = ("Polygon", "MultiPolygon")


class Drawn:
    """A polygon, line or point, single or multiple. For one thread."""

    def __init__(self, surface: Surface, shape: shapely.Geometry) -> None:
        laid = _laid(surface, shape)
        self.surface = surface
        self.flat: shapely.Geometry = laid.geoms[0]
        self.dimension = int(laid.dimension[0])
        self.amount = float(laid.amount[0])

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """west, south, east, north on the surface."""
        west, south, east, north = shapely.bounds(self.flat).tolist()
        return west, south, east, north

    @cached_property
    def outline(self) -> Outline:
        return Outline.of(self.flat)

    @property
    def areal(self) -> bool:
        return self.flat is not None and self.flat.geom_type in _AREAL

    @cached_property
    def _own(self) -> shapely.Geometry:
        """A prepared copy."""
        own = shapely.force_2d(self.flat)
        shapely.prepare(own)
        return own

    def holds(self, sides: FloatArray) -> BoolArray:
        """Which boxes (4, n) lie inside, of boxes through which no edge runs."""
        if not self.areal:
            return np.zeros(sides.shape[1], dtype=bool)
        x, y = (sides[:2] + sides[2:]) / 2
        held: BoolArray = shapely.contains_xy(self._own, x, y)
        return held

    def shared(
        self,
        geoms: Wkb,
        dimension: Dimensions,
        whole: FloatArray,
        first: Rows,
        second: Rows,
    ) -> tuple[FloatArray, BoolArray]:
        """What it shares with each geometry, in m², m or a count, and whether they
        meet at all. ``first`` and ``second``: the edges of ``geo.corner``."""
        lower = np.minimum(dimension, self.dimension)
        amount = np.zeros(len(geoms))
        corner = (first >= 0) & (lower == AREA) & self.areal
        amount[corner] = corner_areas(
            self.surface,
            geoms.rings(np.flatnonzero(corner)),
            whole[corner],
            self.outline,
            first[corner],
            second[corner],
        )
        meets = amount > TOUCH[lower]
        unsure = np.flatnonzero(~meets)
        meets[unsure] = shapely.intersects(self._own, geoms.geometry(unsure))
        rest = np.flatnonzero(meets & ~corner)
        larger = geoms.geometry(rest)
        strips = self._by_strips(larger, lower[rest])
        amount[rest[strips]] = shared_areas(self.surface, self.outline, larger[strips])
        amount[rest[~strips]] = self._cut(larger[~strips], lower[rest[~strips]])
        return amount, meets

    def beyond(self, boxes: FloatArray) -> FloatArray:
        """How many m² of it lie outside each box (n, 4)."""
        west, south, east, north = self.bounds
        within = (boxes[:, :2] <= (west, south)) & (boxes[:, 2:] >= (east, north))
        rows = np.flatnonzero(~within.all(axis=1))
        amount = np.zeros(len(boxes))
        around = shapely.box(west - 1, south - 1, east + 1, north + 1)
        frames = shapely.difference(around, shapely.box(*boxes[rows].T))
        wide = np.full(len(rows), AREA)
        strips = self._by_strips(frames, wide)
        by_strips = shared_areas(self.surface, self.outline, frames[strips])
        amount[rows[strips]] = by_strips
        amount[rows[~strips]] = self._cut(frames[~strips], wide[~strips])
        return amount

    def _by_strips(self, geoms: ObjectArray, lower: Dimensions) -> BoolArray:
        if not self.areal or len(self.outline.after) > _STRIP_EDGES:
            return np.zeros(len(geoms), dtype=bool)
        own = self.bounds
        west, _, east, _ = shapely.bounds(geoms).T
        width = np.minimum(east, own[2]) - np.maximum(west, own[0])
        narrow: BoolArray = (lower == AREA) & (width <= STRIP_M)
        return narrow

    def _cut(self, geoms: ObjectArray, lower: Dimensions) -> FloatArray:
        if self.areal and shapely.get_num_coordinates(self.flat) > MAX_VERTICES:
            return self._cut_by_piece(geoms, lower)
        piece = _intersections(np.full(len(geoms), self.flat, dtype=object), geoms)
        return measure(self.surface, piece, lower)

    @cached_property
    def _pieces(self) -> tuple[ObjectArray, FloatArray, shapely.STRtree]:
        whole = np.array([self.flat], dtype=object)
        pieces, _ = subdivided(whole, max_vertices=_PIECE)
        return pieces, self.surface.area(pieces), shapely.STRtree(pieces)

    def _cut_by_piece(self, geoms: ObjectArray, lower: Dimensions) -> FloatArray:
        """Cutting along all of a long outline would cost its vertices each time."""
        pieces, area, tree = self._pieces
        rows, part = tree.query(geoms)
        kind = lower[rows]
        amount = np.zeros(len(rows))
        held = np.flatnonzero(kind == AREA)
        held = held[_held(geoms, rows[held], pieces[part[held]])]
        amount[held] = area[part[held]]
        rest = kind != COUNT
        rest[held] = False
        cut = _intersections(pieces[part[rest]], geoms[rows[rest]])
        amount[rest] = measure(self.surface, cut, kind[rest])
        total = sum_by_row(rows, amount, len(geoms))
        total[lower == COUNT] = self._points_in(geoms[lower == COUNT])
        return total

    def _points_in(self, geoms: ObjectArray) -> FloatArray:
        points, rows = points_of(geoms)
        inside = shapely.intersects(self._own, points).astype(np.float64)
        return sum_by_row(rows, inside, len(geoms))


def _laid(surface: Surface, shape: shapely.Geometry) -> Laid:
    one = np.array([shape], dtype=object)
    if shapely.get_num_coordinates(shape) < _LONG:
        return lay(surface, one)
    return waited(lambda: lay(surface, one))


def _intersections(a: ObjectArray, b: ObjectArray) -> ObjectArray:
    def cut(rows: Rows) -> ObjectArray:
        pieces: ObjectArray = shapely.intersection(a[rows], b[rows])
        return pieces

    rows = np.arange(len(a))
    threads = THREADS if len(a) > _WORTH_THREADS else 1
    return np.concatenate(list(threaded(cut, rows, threads)))


def _held(geoms: ObjectArray, rows: Rows, pieces: ObjectArray) -> BoolArray:
    """Which pieces lie wholly in the geometry of their row; boxes are asked first."""
    outer, inner = shapely.bounds(geoms)[rows].T, shapely.bounds(pieces).T
    found: BoolArray = (outer[:2] <= inner[:2]).all(0) & (outer[2:] >= inner[2:]).all(0)
    wide = np.unique(rows[found])
    own = np.full(len(geoms), None, dtype=object)
    own[wide] = shapely.force_2d(geoms[wide])
    shapely.prepare(own[wide])
    found[found] = shapely.contains_properly(own[rows[found]], pieces[found])
    return found
