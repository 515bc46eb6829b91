"""Everything that is wrong with invalid areas, place by place.

GEOS stops at the first reason. Here every ring is looked at by itself, then the rings
of a part, then the parts of an area.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray
from geo.ringfaults import CROSSES, DOUBLED, ring_faults

#: A reason and its place; what GEOS knows as well is called as GEOS calls it.
Found = tuple[str, tuple[float, float]]
DUPLICATE, OUTSIDE = "Duplicate Rings", "Hole lies outside shell"
NESTED_HOLES, NESTED_SHELLS = "Holes are nested", "Nested shells"
DISCONNECTED = "Interior is disconnected"
_POLYGON, _MULTIPOLYGON = 3, 6


def faults_of(geoms: ObjectArray) -> list[list[Found]]:
    """Per geometry of ``geoms`` (n,), none missing: every fault with its place. Lines
    and collections have none that are known here."""
    found: list[list[Found]] = [[] for _ in geoms]
    rows = np.flatnonzero(
        np.isin(shapely.get_type_id(geoms), (_POLYGON, _MULTIPOLYGON))
    )
    parts, owner = shapely.get_parts(geoms[rows], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    for fault in ring_faults(rings):
        found[rows[owner[part[fault.ring]]]].append((fault.reason, fault.place))
    for number in np.flatnonzero(shapely.get_num_interior_rings(parts) > 0).tolist():
        found[rows[owner[number]]] += _between_rings(_run(rings, part, number))
    for number in np.flatnonzero(shapely.get_num_geometries(geoms[rows]) > 1).tolist():
        found[rows[number]] += _between_parts(_run(parts, owner, number))
    return found


def _run(items: ObjectArray, owner: NDArray[np.intp], number: int) -> ObjectArray:
    """The items of one owner, which lie one after the other."""
    first, end = np.searchsorted(owner, [number, number + 1])
    return items[first:end]


def _between_rings(rings: ObjectArray) -> Iterator[Found]:
    """rings: a shell and its holes."""
    areas = _sound(shapely.polygons(rings))
    shell, holes = areas[0], areas[1:]
    shapely.prepare(shell)
    inside = shapely.covers(shell, holes)
    meets = shapely.intersects(rings[0], rings[1:])
    for hole in np.flatnonzero(~inside | meets).tolist():
        yield from _shell_and_hole(rings[[0, hole + 1]], areas[[0, hole + 1]])
    for a, b in _pairs(holes):
        pair = [a + 1, b + 1]
        yield from _alike(rings[pair], areas[pair], NESTED_HOLES, cuts=True)


def _between_parts(parts: ObjectArray) -> Iterator[Found]:
    areas = _sound(parts)
    outlines = shapely.boundary(parts)
    for a, b in _pairs(areas):
        yield from _alike(outlines[[a, b]], areas[[a, b]], NESTED_SHELLS, cuts=False)


def _pairs(areas: ObjectArray) -> Iterator[tuple[int, int]]:
    left, right = shapely.STRtree(areas).query(areas, predicate="intersects")
    first = left < right
    return zip(left[first].tolist(), right[first].tolist(), strict=True)


def _sound(areas: ObjectArray) -> ObjectArray:
    """Areas that can be compared, whatever their outlines do."""
    result = areas.copy()
    broken = ~shapely.is_valid(areas)
    result[broken] = shapely.make_valid(areas[broken])
    return result


def _shell_and_hole(outlines: ObjectArray, areas: ObjectArray) -> Iterator[Found]:
    shell, hole = areas
    if shapely.equals(shell, hole):
        yield DUPLICATE, _spot(hole)
        return
    points, doubled = _shared(outlines)
    yield from doubled
    if shapely.covers(shell, hole):
        yield from ((DISCONNECTED, point) for point in points[1:])
    elif _overlap(areas) and points and not shapely.covers(hole, shell):
        yield from ((CROSSES, point) for point in points)
    else:
        yield OUTSIDE, _spot(hole)


def _alike(
    outlines: ObjectArray, areas: ObjectArray, nested: str, *, cuts: bool
) -> Iterator[Found]:
    """Two holes, or two parts. ``cuts``: touching twice cuts the interior."""
    a, b = areas
    if shapely.equals(a, b):
        yield DUPLICATE, _spot(b)
    elif shapely.covers(a, b) or shapely.covers(b, a):
        yield nested, _spot(b if shapely.covers(a, b) else a)
    else:
        points, doubled = _shared(outlines)
        yield from doubled
        reason = CROSSES if _overlap(areas) else DISCONNECTED
        meant = points if reason == CROSSES else points[1:] if cuts else []
        yield from ((reason, point) for point in meant)


def _overlap(areas: ObjectArray) -> bool:
    return bool(shapely.relate_pattern(areas[0], areas[1], "2********"))


def _shared(outlines: ObjectArray) -> tuple[list[tuple[float, float]], list[Found]]:
    """Points that two outlines have in common, and edges, by their middles."""
    common = shapely.get_parts(shapely.intersection(*outlines))
    dimensions = shapely.get_dimensions(common)
    merged = shapely.line_merge(shapely.union_all(common[dimensions == 1]))
    lines = shapely.get_parts(merged)
    middles = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    points = _places(common[dimensions == 0])
    return points, [(DOUBLED, place) for place in _places(middles)]


def _places(points: ObjectArray) -> list[tuple[float, float]]:
    return [(x, y) for x, y in shapely.get_coordinates(points).tolist()]


def _spot(area: shapely.Geometry) -> tuple[float, float]:
    point = shapely.point_on_surface(area)
    return float(point.x), float(point.y)
