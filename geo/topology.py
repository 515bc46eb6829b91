"""What is wrong between polygons, and with their outlines: overlaps, gaps, slivers,
spikes. Everything is found in a local plane in metres around the data."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray

Place = tuple[float, float]
_A, _F = 6378137.0, 1 / 298.257222101  # GRS80
#: Shared edges that were digitised twice differ by less than this.
MIN_OVERLAP_M2 = 0.1
GAP_WIDTH_M = 1.0
MIN_GAP_M2 = 0.05
SLIVER_WIDTH_M = 0.5
SPIKE_ANGLE_DEG = 1.0
_MIN_SPIKE_M = 0.05
_LONG_OUTLINE = 1000
_THREADS = 4


@dataclass(frozen=True, slots=True)
class Overlap:
    """Rows ``a`` < ``b`` share ``area_m2``; ``place`` is lon, lat within it."""

    a: int
    b: int
    area_m2: float
    place: Place


@dataclass(frozen=True, slots=True)
class Spot:
    """Something at one place of one feature. ``value``: m² of a gap, mean width in
    metres of a sliver, degrees of a spike."""

    row: int
    value: float
    place: Place
    area_m2: float = 0.0


class LocalPlane:
    """Metres east and north of the data's middle: degrees times the ellipsoid's radii
    of curvature there. True to 1e-3 within 20 km of latitude, ample for checks."""

    def __init__(self, geoms: ObjectArray) -> None:
        west, south, east, north = shapely.total_bounds(geoms)
        self._origin = np.array([(west + east) / 2, (south + north) / 2])
        lat = np.radians(self._origin[1])
        e2 = _F * (2 - _F)
        w = np.sqrt(1 - e2 * np.sin(lat) ** 2)
        metres_per_radian = np.array([_A / w * np.cos(lat), _A * (1 - e2) / w**3])
        self._scale = np.radians(1) * metres_per_radian

    def to_plane(self, geoms: ObjectArray) -> ObjectArray:
        """Lon, lat geometries in metres."""
        moved: ObjectArray = shapely.transform(
            geoms, lambda xy: (xy - self._origin) * self._scale
        )
        return moved

    def place(self, geometry: shapely.Geometry) -> Place:
        """Lon, lat of a point on a geometry of the plane."""
        point = shapely.get_coordinates(shapely.point_on_surface(geometry))[0]
        return self.lonlat(point)

    def lonlat(self, point: FloatArray) -> Place:
        """Lon, lat of a point of the plane."""
        lon, lat = point / self._scale + self._origin
        return float(lon), float(lat)


def suspects(geoms: ObjectArray) -> NDArray[np.intp]:
    """Rows of valid polygons whose edges do not match their neighbours': all that can
    overlap, or leave a narrow gap. Very long outlines are always among them, because
    matching their edges costs more than comparing them."""
    long = shapely.get_num_coordinates(geoms) > _LONG_OUTLINE
    rest = np.flatnonzero(~long)
    edges = shapely.coverage_invalid_edges(geoms[rest], gap_width=GAP_WIDTH_M)
    return np.concatenate([rest[~shapely.is_empty(edges)], np.flatnonzero(long)])


def overlaps(
    plane: LocalPlane, geoms: ObjectArray, rows: NDArray[np.intp]
) -> list[Overlap]:
    """Pairs of valid polygons that share an area, at least one of them in ``rows``.
    Equal ones are left out."""
    pairs = _crossing(geoms, rows)
    pairs = pairs[:, ~shapely.equals(geoms[pairs[0]], geoms[pairs[1]])]
    shared = shapely.intersection(geoms[pairs[0]], geoms[pairs[1]])
    areas = shapely.area(shared)
    return [
        Overlap(int(a), int(b), float(area), plane.place(shape))
        for a, b, area, shape in zip(*pairs, areas, shared, strict=True)
        if area >= MIN_OVERLAP_M2
    ]


def _crossing(geoms: ObjectArray, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """(2, m) row pairs, the smaller first, whose interiors meet. In threads: GEOS
    works outside the interpreter's lock."""
    tree = shapely.STRtree(geoms)
    jobs = [
        (part, predicate)
        for part in np.array_split(rows, _THREADS * 4)
        for predicate in ("overlaps", "covers", "covered_by")
    ]

    def ask(job: tuple[NDArray[np.intp], str]) -> NDArray[np.intp]:
        part, predicate = job
        found, hit = tree.query(geoms[part], predicate=predicate)
        return np.array([part[found], hit])

    with ThreadPoolExecutor(_THREADS) as pool:
        pairs = np.concatenate(list(pool.map(ask, jobs)), axis=1)
    pairs = pairs[:, pairs[0] != pairs[1]]
    unique: NDArray[np.intp] = np.unique(np.sort(pairs, axis=0), axis=1)
    return unique


def gaps(plane: LocalPlane, geoms: ObjectArray, rows: NDArray[np.intp]) -> list[Spot]:
    """Narrow empty places between neighbouring valid polygons, of which one is in
    ``rows``; ``row`` of a place is the nearest of them."""
    if not len(rows):
        return []
    half = GAP_WIDTH_M / 2
    solid = shapely.union_all(geoms[rows])
    grown = shapely.buffer(solid, half, join_style="mitre")
    closed = shapely.buffer(grown, -half, join_style="mitre")
    places = shapely.get_parts(shapely.difference(closed, solid))
    tree = shapely.STRtree(geoms)
    places = _uncovered(places[shapely.area(places) >= MIN_GAP_M2], geoms, tree)
    owners = tree.nearest(places) if len(places) else []
    areas = shapely.area(places)
    return [
        Spot(int(row), float(area), plane.place(shape), float(area))
        for row, area, shape in zip(owners, areas, places, strict=True)
    ]


def _uncovered(
    places: ObjectArray, geoms: ObjectArray, tree: shapely.STRtree
) -> ObjectArray:
    """What other polygons leave free of the places. A notch in one polygon alone is
    no gap."""
    found, hit = tree.query(shapely.buffer(places, 0.01), predicate="intersects")
    neighbours = np.bincount(found, minlength=len(places))
    free = []
    for index in np.flatnonzero(neighbours >= 2):
        cover = shapely.union_all(geoms[hit[found == index]])
        free.append(shapely.difference(places[index], cover))
    left: ObjectArray = np.array(free, dtype=object)
    kept: ObjectArray = left[shapely.area(left) >= MIN_GAP_M2]
    return kept


def slivers(plane: LocalPlane, geoms: ObjectArray) -> list[Spot]:
    """Polygons whose mean width (2 × area / perimeter) is below half a metre."""
    areas, lengths = shapely.area(geoms), shapely.length(geoms)
    with np.errstate(invalid="ignore", divide="ignore"):
        widths = 2 * areas / lengths
    rows = np.flatnonzero((widths < SLIVER_WIDTH_M) & (areas > 0))
    return [
        Spot(int(row), float(widths[row]), plane.place(geoms[row]), float(areas[row]))
        for row in rows
    ]


def spikes(plane: LocalPlane, geoms: ObjectArray) -> list[Spot]:
    """Vertices at which a boundary turns back on itself."""
    parts, part_row = shapely.get_parts(geoms, return_index=True)
    rings, ring_part = shapely.get_rings(parts, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    if len(xy) < 4:
        return []
    before, after, here = _corners(ring)
    back, ahead = xy[before] - xy[here], xy[after] - xy[here]
    lengths = np.hypot(*back.T) * np.hypot(*ahead.T)
    with np.errstate(invalid="ignore", divide="ignore"):
        cosine = (back * ahead).sum(axis=1) / lengths
    angle = np.degrees(np.arccos(np.clip(cosine, -1, 1)))
    long = np.minimum(np.hypot(*back.T), np.hypot(*ahead.T)) > _MIN_SPIKE_M
    found = np.flatnonzero((angle < SPIKE_ANGLE_DEG) & long)
    rows = part_row[ring_part[ring[here[found]]]]
    return [
        Spot(int(row), float(angle[i]), plane.lonlat(xy[here[i]]))
        for row, i in zip(rows, found, strict=True)
    ]


def _corners(
    ring: NDArray[np.intp],
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Indices of the points before, after and at each vertex; rings repeat their first
    point at the end, which is skipped."""
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    ends = np.append(starts[1:], len(ring)) - 1
    here = np.setdiff1d(np.arange(len(ring)), ends, assume_unique=True)
    before = here - 1
    before[np.searchsorted(here, starts)] = ends - 1
    return before, here + 1, here
