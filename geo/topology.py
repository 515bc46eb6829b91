"""What is wrong between polygons, and with their outlines: overlaps, gaps, slivers,
spikes. Everything is found in a local plane in metres around the data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import shapely

from geo.frame import FloatArray, ObjectArray
from geo.gaps import GAP_WIDTH_M, narrow_places
from geo.neighbours import groups
from geo.outline import BoolArray
from geo.parts import Rows
from geo.progress import Told, silent
from geo.threads import THREADS, Spread, one_by_one, threaded

Place = tuple[float, float]
#: Polygons whose outlines are not long, and the rows that they are of.
_Pieces = tuple[ObjectArray, Rows]
#: Which pairs of rows are asked for.
_Wanted = Callable[[Rows, Rows], BoolArray]
_A, _F = 6378137.0, 1 / 298.257222101  # GRS80
#: Shared edges that were digitised twice differ by less than this.
MIN_OVERLAP_M2 = 0.1
SLIVER_WIDTH_M = 0.5
SPIKE_ANGLE_DEG = 1.0
_MIN_SPIKE_M = 0.05
_LONG_OUTLINE = 1000
_SHORT_OUTLINE = 200
_GROUP = 2_000


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

    def places(self, geoms: ObjectArray) -> list[Place]:
        """Lon, lat of a point on each geometry of the plane, none empty."""
        return self.lonlat(shapely.get_coordinates(shapely.point_on_surface(geoms)))

    def lonlat(self, points: FloatArray) -> list[Place]:
        """Lon, lat of points (n, 2) of the plane."""
        lonlat = points / self._scale + self._origin
        return [(lon, lat) for lon, lat in lonlat.tolist()]


def suspects(geoms: ObjectArray, *, spread: Spread = one_by_one) -> Rows:
    """Rows of valid polygons whose edges do not match their neighbours': all that can
    overlap, or leave a narrow gap. Very long outlines are among them wherever something
    is near, because matching their edges costs more than comparing them.

    ``spread`` works on groups side by side; GEOS keeps the interpreter's lock here.
    """
    long = shapely.get_num_coordinates(geoms) > _LONG_OUTLINE
    rest = np.flatnonzero(~long)
    short = geoms[rest]
    boxes = shapely.bounds(short) + np.array([-1, -1, 1, 1]) * GAP_WIDTH_M
    tree = shapely.STRtree(short)

    def unmatched(group: Rows) -> Rows:
        near = np.unique(tree.query(shapely.box(*boxes[group].T))[1])
        edges = shapely.coverage_invalid_edges(short[near], gap_width=GAP_WIDTH_M)
        return np.intersect1d(near[~shapely.is_empty(edges)], group)

    found = list(spread(unmatched, groups(short, _GROUP)))
    accompanied = _accompanied(geoms, np.flatnonzero(long))
    return np.concatenate([rest[np.sort(np.concatenate(found))], accompanied])


def _accompanied(geoms: ObjectArray, rows: Rows) -> Rows:
    """Those near which another polygon is."""
    if not len(rows):
        return rows
    around = shapely.bounds(geoms[rows]) + np.array([-1, -1, 1, 1]) * GAP_WIDTH_M
    near, _ = shapely.STRtree(geoms).query(shapely.box(*around.T))
    kept: Rows = rows[np.bincount(near, minlength=len(rows)) > 1]
    return kept


def overlaps(
    plane: LocalPlane, geoms: ObjectArray, rows: Rows, *, told: Told = silent
) -> list[Overlap]:
    """Pairs of valid polygons that share an area, at least one of them in ``rows``.
    Equal ones are left out."""
    pieces = _pieces(geoms, rows)
    whole = geoms, np.arange(len(geoms))

    def once(a: Rows, b: Rows) -> BoolArray:
        asks = ~np.isin(b, rows) | (a < b)  # of two suspects, one asks
        kept: BoolArray = asks & (a != b)
        return kept

    (a, b), shared = _shared_areas(pieces, whole, once, told)
    return _found(plane, geoms, geoms, np.sort([a, b], axis=0), shared)


def overlaps_between(
    plane: LocalPlane, geoms: ObjectArray, others: ObjectArray, *, told: Told = silent
) -> list[Overlap]:
    """Pairs of valid polygons that share an area: row ``a`` of ``geoms``, row ``b`` of
    ``others``. Equal ones are left out."""
    ours = _pieces(geoms, np.arange(len(geoms)))
    theirs = _pieces(others, np.arange(len(others)))
    pairs, shared = _shared_areas(ours, theirs, _every, told)
    return _found(plane, geoms, others, pairs, shared)


def _every(a: Rows, b: Rows) -> BoolArray:
    return np.ones(len(a), dtype=bool)


def _found(
    plane: LocalPlane,
    geoms: ObjectArray,
    others: ObjectArray,
    pairs: Rows,
    shared: ObjectArray,
) -> list[Overlap]:
    """Rows (2, m) that share the pieces given; a pair may share several."""
    areas = shapely.area(shared)
    pairs, shared, areas = pairs[:, areas > 0], shared[areas > 0], areas[areas > 0]
    unique, of = np.unique(pairs, axis=1, return_inverse=True)
    total = np.bincount(of, weights=areas, minlength=unique.shape[1])
    largest = np.zeros(unique.shape[1], dtype=np.intp)
    order = np.argsort(areas)
    largest[of[order]] = order
    kept = total >= MIN_OVERLAP_M2
    kept &= ~shapely.equals(geoms[unique[0]], others[unique[1]])
    a, b = unique[:, kept].tolist()
    columns = a, b, total[kept].tolist(), plane.places(shared[largest[kept]])
    return [Overlap(*one) for one in zip(*columns, strict=True)]


def _shared_areas(
    ours: _Pieces, theirs: _Pieces, wanted: _Wanted, told: Told
) -> tuple[Rows, ObjectArray]:
    """(2, m) pairs of owners, those wanted, and what they share, piece by piece. In
    threads: GEOS works outside the interpreter's lock. Most neighbours only touch along
    an edge, which prepared geometries tell at a tenth of what cutting them costs."""
    (parts, owner), (others, other_owner) = ours, theirs
    tree = shapely.STRtree(others)

    def share(rows: Rows) -> tuple[int, Rows, ObjectArray]:
        # Prepared geometries are not safe between threads: own copies.
        own = shapely.force_2d(parts[rows])
        shapely.prepare(own)
        near, other = tree.query(own)
        keep = wanted(owner[rows[near]], other_owner[other])
        near, other = near[keep], other[keep]
        for differs in (shapely.disjoint, shapely.touches):
            keep = ~differs(own[near], others[other])
            near, other = near[keep], other[keep]
        both = shapely.intersection(own[near], others[other])
        return len(rows), np.stack([owner[rows[near]], other_owner[other]]), both

    found: list[tuple[int, Rows, ObjectArray]] = []
    done = 0
    for some in threaded(share, np.arange(len(parts)), THREADS):
        found.append(some)
        told(done := done + some[0], len(parts))
    _, pairs, shared = zip(*found, strict=True)
    return np.concatenate(pairs, axis=1), np.concatenate(shared)


def _pieces(geoms: ObjectArray, rows: Rows) -> _Pieces:
    """The polygons of ``rows``, long outlines cut into small ones; and whose they
    are. Comparing a river with each parcel along it would take minutes."""
    long = shapely.get_num_coordinates(geoms[rows]) > _SHORT_OUTLINE
    short, cut = rows[~long], [(list(_cut(geoms[row])), row) for row in rows[long]]
    pieces = [piece for some, _ in cut for piece in some]
    owner = [row for some, row in cut for _ in some]
    array = np.empty(len(short) + len(pieces), dtype=object)
    array[: len(short)] = geoms[short]
    array[len(short) :] = pieces
    return array, np.concatenate([short, np.array(owner, dtype=np.intp)])


def _cut(shape: shapely.Geometry) -> Iterator[shapely.Geometry]:
    """Halves of halves, until no outline is long."""
    if shape.is_empty:
        return
    if shapely.get_num_coordinates(shape) <= _SHORT_OUTLINE:
        yield shape
        return
    west, south, east, north = shape.bounds
    x, y = (west + east) / 2, (south + north) / 2
    halves = ((west, south, x, north), (x, south, east, north))
    if north - south > east - west:
        halves = ((west, south, east, y), (west, y, east, north))
    for half in halves:
        yield from _cut(shapely.intersection(shape, shapely.box(*half)))


def gaps(
    plane: LocalPlane, geoms: ObjectArray, rows: Rows, *, told: Told = silent
) -> list[Spot]:
    """Narrow empty places between neighbouring valid polygons, of which one is in
    ``rows``; ``row`` of a place is the nearest of them."""
    shapes, owners = narrow_places(geoms, rows, told=told)
    areas = shapely.area(shapes).tolist()
    return [
        Spot(row, area, place, area)
        for row, area, place in zip(
            owners.tolist(), areas, plane.places(shapes), strict=True
        )
    ]


def slivers(plane: LocalPlane, geoms: ObjectArray) -> list[Spot]:
    """Polygons whose mean width (2 × area / perimeter) is below half a metre."""
    areas, lengths = shapely.area(geoms), shapely.length(geoms)
    with np.errstate(invalid="ignore", divide="ignore"):
        widths = 2 * areas / lengths
    rows = np.flatnonzero((widths < SLIVER_WIDTH_M) & (areas > 0))
    columns = widths[rows].tolist(), plane.places(geoms[rows]), areas[rows].tolist()
    return [Spot(*one) for one in zip(rows.tolist(), *columns, strict=True)]


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
    columns = angle[found].tolist(), plane.lonlat(xy[here[found]])
    return [Spot(*one) for one in zip(rows.tolist(), *columns, strict=True)]


def _corners(
    ring: Rows,
) -> tuple[Rows, Rows, Rows]:
    """Indices of the points before, after and at each vertex; rings repeat their first
    point at the end, which is skipped."""
    starts = np.flatnonzero(np.diff(ring, prepend=-1))
    ends = np.append(starts[1:], len(ring)) - 1
    inner = np.ones(len(ring), dtype=bool)
    inner[ends] = False
    here = np.flatnonzero(inner)
    before = here - 1
    before[np.searchsorted(here, starts)] = ends - 1
    return before, here + 1, here
