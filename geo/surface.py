"""Surfaces: the plane on which the edges of a basis are straight.

Cutting a polygon changes no area only if both pieces keep the edge that the whole had.
Cut in degrees, a 1 km edge bends metres away from the geodesic that ``area_m2`` takes,
and a table of pieces no longer sums to the whole. So every overlay is made on the plane
where the edges of its basis are straight, and measured there:

``ellipsoidal``  the gnomonic plane of the authalic sphere: great circles are straight;
                 long edges bend with their geodesics (``geo.geodesic``)
``plane``        EPSG:4547, the Gauss-Kruger plane itself

On both, the areas of the pieces sum to the area of the whole to rounding, and the whole
has the area that was stored at publishing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from math import floor
from typing import Literal

import numpy as np
import shapely

from geo.area import sum_over_rings
from geo.crs import project_xy, unproject_xy
from geo.frame import FloatArray, ObjectArray
from geo.geodesic import bent
from geo.length import length_m, plane_lengths
from geo.parts import sum_by_row
from geo.paths import following
from geo.ragged import IntArray
from geo.sphere import RADIUS_M, authalic_sine, geodetic_latitude

Basis = Literal["ellipsoidal", "plane"]
BASES: tuple[Basis, ...] = ("ellipsoidal", "plane")

#: Wider strips are not summed exactly enough.
STRIP_M = 30_000.0
#: Where sums along an edge are taken, from -1 to 1, and how much each counts: two of
#: them are exact enough for strips of ``_SHORT_M``.
_TWO = ((-(3**-0.5), 1.0), (3**-0.5, 1.0))
_THREE = ((-(0.6**0.5), 5 / 9), (0.0, 8 / 9), (0.6**0.5, 5 / 9))
_SHORT_M = 200.0
#: Beyond 78 degrees from the centre the gnomonic plane is useless: left out there.
_NEAR = 0.2
#: This many degrees of longitude and of latitude together are less than 78.
_SURELY_DEGREES = 35


class Surface(ABC):
    """Where geometries are cut and measured. Coordinates are metres, near enough the
    centre for widths and tolerances to be read off them."""

    basis: Basis

    @abstractmethod
    def lay(self, geoms: ObjectArray) -> ObjectArray:
        """CRS84 geometries on the surface; None where missing or out of its reach."""

    @abstractmethod
    def lift(self, flat: ObjectArray) -> ObjectArray:
        """Back to CRS84."""

    @abstractmethod
    def area(self, flat: ObjectArray) -> FloatArray:
        """Areas in m² of laid geometries (NaN where missing)."""

    @abstractmethod
    def ring_areas(self, xy: FloatArray, start: IntArray) -> FloatArray:
        """Unsigned areas in m² of unclosed rings on the surface: (2, c) coordinates
        with offsets; 0 where a ring is empty."""

    @abstractmethod
    def beneath(
        self,
        left: FloatArray,
        low: FloatArray,
        right: FloatArray,
        high: FloatArray,
        base: FloatArray,
    ) -> FloatArray:
        """Areas in m² of strips between a base and an edge from ``left, low`` to
        ``right, high``, negative below the base. Strips up to ``STRIP_M`` wide."""

    @abstractmethod
    def length(self, flat: ObjectArray) -> FloatArray:
        """Lengths in m of the lines in laid geometries (NaN where missing)."""


def surface(basis: Basis, near: tuple[float, float]) -> Surface:
    """The surface of a basis for data around a lon, lat. Its centre is the nearest
    odd degree, so that laid geometries can be kept and shared, and mostly all layers of
    a city lie on one."""
    if basis == "plane":
        return Plane()
    lon, lat = near
    return Gnomonic(_odd(lon), max(-89, min(89, _odd(lat))))


def _odd(degrees: float) -> int:
    """Liwan lies around 113.2, 23.1."""
    return 2 * floor(degrees / 2) + 1


@dataclass(frozen=True, slots=True)
class Plane(Surface):
    """EPSG:4547."""

    basis: Basis = "plane"

    def lay(self, geoms: ObjectArray) -> ObjectArray:
        return project_xy(geoms)

    def lift(self, flat: ObjectArray) -> ObjectArray:
        return unproject_xy(flat)

    def area(self, flat: ObjectArray) -> FloatArray:
        areas: FloatArray = shapely.area(flat)
        return areas

    def ring_areas(self, xy: FloatArray, start: IntArray) -> FloatArray:
        if xy.shape[1] == 0:
            return np.zeros(len(start) - 1)
        lengths = np.diff(start)
        ring = np.repeat(np.arange(len(lengths)), lengths)
        x, y = xy - xy.take(np.minimum(start[:-1], xy.shape[1] - 1), axis=1).take(
            ring, axis=1
        )
        after = following(np.unique(start))
        cross = x * y[after] - x[after] * y
        areas: FloatArray = np.abs(sum_by_row(ring, cross, len(lengths))) / 2
        return areas

    def beneath(
        self,
        left: FloatArray,
        low: FloatArray,
        right: FloatArray,
        high: FloatArray,
        base: FloatArray,
    ) -> FloatArray:
        strips: FloatArray = (right - left) * ((low + high) / 2 - base)
        return strips

    def length(self, flat: ObjectArray) -> FloatArray:
        return plane_lengths(flat)


@dataclass(frozen=True, slots=True)
class Gnomonic(Surface):
    """The gnomonic plane of the authalic sphere around lon, lat (odd degrees)."""

    lon: int
    lat: int
    basis: Basis = "ellipsoidal"

    def lay(self, geoms: ObjectArray) -> ObjectArray:
        geoms = np.array(bent(geoms), dtype=object)
        if len(geoms) and not self._holds(shapely.total_bounds(geoms)):
            xy, row = shapely.get_coordinates(geoms, return_index=True)
            geoms[row[self._height(xy) < _NEAR]] = None
        laid: ObjectArray = shapely.transform(geoms, self._forward)
        return laid

    def lift(self, flat: ObjectArray) -> ObjectArray:
        lifted: ObjectArray = shapely.transform(flat, self.unlaid)
        return lifted

    def area(self, flat: ObjectArray) -> FloatArray:
        return sum_over_rings(flat, _ring_areas)

    def ring_areas(self, xy: FloatArray, start: IntArray) -> FloatArray:
        ring = np.repeat(np.arange(len(start) - 1), np.diff(start))
        after = following(np.unique(start))
        excess = _excess(xy, xy.take(after, axis=1))
        sums = sum_by_row(ring, excess, len(start) - 1)
        areas: FloatArray = np.abs(sums) * RADIUS_M**2
        return areas

    def beneath(
        self,
        left: FloatArray,
        low: FloatArray,
        right: FloatArray,
        high: FloatArray,
        base: FloatArray,
    ) -> FloatArray:
        """A point of the plane stands for (1 + x² + y²)^-1.5 of the sphere's ground.
        Upwards that is summed exactly, along x at a few places (Gauss): within 1e-7 m²
        for strips of ``STRIP_M``."""
        half, middle = (right - left) / 2, (right + left) / 2
        slope, level = (high - low) / 2, (low + high) / 2
        base2 = (base / RADIUS_M) ** 2
        total = np.zeros(len(left))
        for place, weight in _TWO if half.max(initial=0) < _SHORT_M / 2 else _THREE:
            x2 = 1 + ((middle + place * half) / RADIUS_M) ** 2
            y = level + place * slope
            strip = _column(x2, y, (y / RADIUS_M) ** 2)
            strip -= _column(x2, base, base2)
            strip *= weight
            total += strip
        total *= half
        return total

    def length(self, flat: ObjectArray) -> FloatArray:
        return length_m(self.lift(flat))

    def _centre(self) -> tuple[float, float, float]:
        """Longitude, sine and cosine of the authalic latitude."""
        sine = float(authalic_sine(np.radians([self.lat]))[0])
        return float(np.radians(self.lon)), sine, (1 - sine * sine) ** 0.5

    def _holds(self, bounds: FloatArray) -> bool:
        """Whether everything is so close that no vertex can be out of reach."""
        away = np.abs(bounds - np.tile((self.lon, self.lat), 2))
        return bool(away.max() < _SURELY_DEGREES)

    def _height(self, xy: FloatArray) -> FloatArray:
        """Cosine of the angle from the centre."""
        lon0, sin0, cos0 = self._centre()
        sine = authalic_sine(np.radians(xy[:, 1]))
        cosine = np.sqrt((1 - sine) * (1 + sine))
        height: FloatArray = sin0 * sine + cos0 * cosine * np.cos(
            np.radians(xy[:, 0]) - lon0
        )
        return height

    def _forward(self, xy: FloatArray) -> FloatArray:
        lon0, sin0, cos0 = self._centre()
        lon = np.radians(xy[:, 0]) - lon0
        sine = authalic_sine(np.radians(xy[:, 1]))
        cosine = np.sqrt((1 - sine) * (1 + sine))
        towards = cosine * np.cos(lon)
        height = sin0 * sine + cos0 * towards
        east, north = cosine * np.sin(lon), cos0 * sine - sin0 * towards
        flat: FloatArray = np.column_stack([east / height, north / height])
        flat *= RADIUS_M
        return flat

    def unlaid(self, flat: FloatArray) -> FloatArray:
        """Positions on the surface, (n, 2), in degrees."""
        lon0, sin0, cos0 = self._centre()
        x, y = flat.T / RADIUS_M
        norm = np.sqrt(1 + x * x + y * y)
        lon = lon0 + np.arctan2(x, cos0 - y * sin0)
        lat = geodetic_latitude((sin0 + y * cos0) / norm)
        degrees: FloatArray = np.degrees(np.column_stack([lon, lat]))
        return degrees


def _ring_areas(rings: ObjectArray) -> FloatArray:
    """Unsigned areas of rings on a gnomonic plane, in m²."""
    flat, ring = shapely.get_coordinates(rings, return_index=True)
    excess = _excess(flat[:-1].T, flat[1:].T)
    inside = ring[1:] == ring[:-1]
    sums = sum_by_row(ring[:-1][inside], excess[inside], len(rings))
    areas: FloatArray = np.abs(sums) * RADIUS_M**2
    return areas


def _column(x2: FloatArray, y: FloatArray, y2: FloatArray) -> FloatArray:
    """The ground, per metre of x, between y = 0 and y; ``x2`` is 1 + (x/R)², ``y2``
    (y/R)²."""
    column: FloatArray = x2 + y2
    np.sqrt(column, out=column)
    column *= x2
    np.divide(y, column, out=column)
    return column


def _excess(start: FloatArray, end: FloatArray) -> FloatArray:
    """Spherical excess under edges (2, n) on a gnomonic plane, signed.

    Each edge and the centre span a spherical triangle; its excess is
    2 atan2(x1 y2 - x2 y1, n1 n2 + n1 + n2 + 1 + x1 x2 + y1 y2), n = |(x, y, 1)|
    (Oosterom and Strackee 1983). The cross product is written with differences, which
    keeps its digits where the edge is short and the centre far.
    """
    x1, y1 = start / RADIUS_M
    x2, y2 = end / RADIUS_M
    n1, n2 = np.sqrt(1 + x1 * x1 + y1 * y1), np.sqrt(1 + x2 * x2 + y2 * y2)
    cross = x1 * (y2 - y1) - y1 * (x2 - x1)
    dot = x1 * x2 + y1 * y2
    excess: FloatArray = 2 * np.arctan2(cross, n1 * n2 + n1 + n2 + 1 + dot)
    return excess
