"""Checks of each geometry by itself: readable, finite, of the right kind, valid, once,
inside the district."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.area import plane_area_m2
from geo.errors import InvalidGeometry
from geo.frame import ObjectArray
from geo.validity import Fault, Repair, check_geometries, finite_rows, repair
from layers.catalogue import Layer
from service.uploads.identity import DECIMALS, normal_form
from service.uploads.problems import Problem
from service.uploads.vocabulary import word

_DIMENSIONS = {"point": 0, "line": 1, "polygon": 2}
_KINDS = ("point", "line", "polygon")
_COLLECTION = 7
#: Within this box (degrees) everything has an area in the plane of record.
_SAFE = (100.0, -80.0, 128.0, 80.0)


@dataclass(frozen=True, slots=True)
class Checked:
    """Geometry that can be kept (None where it cannot), and the findings."""

    geometry: ObjectArray
    problems: list[Problem]


def check_shapes(
    geometry: ObjectArray,
    layer: Layer | None,
    *,
    mend: bool,
    unreadable: frozenset[int],
) -> Checked:
    """Geometries in CRS84. ``unreadable`` rows have been reported already."""
    usable, problems = _usable(geometry)
    problems += [] if layer is None else _wrong_kinds(usable, layer)
    faults = [fault for fault in check_geometries(usable) if fault.kind == "invalid"]
    changes: list[Repair] = []
    if mend:
        usable, changes = repair(usable)
    problems += _invalid(faults, changes)
    reported = unreadable | {problem.row for problem in problems}
    usable[shapely.is_empty(usable)] = None
    usable = _without_needless_multi(usable)
    nulls = np.flatnonzero(shapely.is_missing(usable))
    problems += [
        Problem("null_geometry", int(row)) for row in nulls if row not in reported
    ]
    return Checked(usable, problems)


def duplicates(geometry: ObjectArray, label: Callable[[int], str]) -> list[Problem]:
    """Features drawn twice; each names the first of its likes."""
    rows = _alike(geometry)
    shapes = shapely.to_wkb(normal_form(geometry[rows]))
    first: dict[bytes, int] = {}
    problems = []
    for row, shape in zip(rows.tolist(), shapes, strict=True):
        earlier = first.setdefault(shape, row)
        if earlier != row:
            values = {"other": label(earlier)}
            where = place_of(geometry[row])
            same = Problem("duplicate_geometry", row, place=where, values=values)
            problems.append(replace(same, other=earlier))
    return problems


def _alike(geometry: ObjectArray) -> NDArray[np.intp]:
    """Rows that share box and number of points with another one: a box is rounded as
    its points are, so all that are equal are among them."""
    here = np.flatnonzero(~shapely.is_missing(geometry))
    boxes = np.round(shapely.bounds(geometry[here]), DECIMALS)
    points = shapely.get_num_coordinates(geometry[here])
    keys = np.column_stack([boxes, points]) + 0.0  # no negative zero
    _, of, count = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    return here[count[of.ravel()] > 1]


def outside(geometry: ObjectArray, district: shapely.Geometry) -> list[Problem]:
    """Features that do not touch the district; one finding if that is all of them."""
    shapely.prepare(district)
    present = ~shapely.is_missing(geometry)
    rows = np.flatnonzero(present & ~_touches(geometry, district))
    if len(rows) and len(rows) == present.sum() and len(rows) > 1:
        return [Problem("all_outside_district", values={"count": len(rows)})]
    return [
        Problem("outside_district", int(row), place=place_of(geometry[row]))
        for row in rows
    ]


def located(problems: list[Problem], geometry: ObjectArray) -> list[Problem]:
    """Every finding about a feature gets a place: its own, else the feature's."""
    rows = [p.row for p in problems if p.row is not None and p.place is None]
    bounds = shapely.bounds(geometry[rows]).reshape(-1, 4)
    middles = iter(((bounds[:, :2] + bounds[:, 2:]) / 2).tolist())
    return [
        p if p.row is None or p.place else _placed(p, geometry[p.row], next(middles))
        for p in problems
    ]


def _placed(
    problem: Problem, geometry: shapely.Geometry | None, middle: list[float]
) -> Problem:
    ring = problem.values.get("ring")
    if problem.code == "unclosed_ring" and geometry is not None:
        rings = shapely.get_rings(geometry)
        number = int(str(ring)) if str(ring).isdigit() else 1
        middle = rings[min(number, len(rings)) - 1].coords[0] if len(rings) else middle
    if not np.isfinite(middle).all():
        return problem
    return replace(problem, place=(middle[0], middle[1]))


def place_of(geometry: shapely.Geometry | None) -> tuple[float, float] | None:
    """A position to point at: the middle of the box."""
    if geometry is None or geometry.is_empty:
        return None
    west, south, east, north = geometry.bounds
    return (west + east) / 2, (south + north) / 2


def _touches(geometry: ObjectArray, district: shapely.Geometry) -> NDArray[np.bool_]:
    result = np.zeros(len(geometry), dtype=bool)
    sound = np.flatnonzero(shapely.is_valid(geometry))
    result[sound] = shapely.intersects(district, geometry[sound])
    broken = np.flatnonzero(~shapely.is_valid(geometry) & ~shapely.is_missing(geometry))
    result[broken] = shapely.intersects(district, shapely.envelope(geometry[broken]))
    return result


def _usable(geometry: ObjectArray) -> tuple[ObjectArray, list[Problem]]:
    bounds = shapely.bounds(geometry)
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(bounds[:, [0, 2]]) > 180).any(axis=1)
        beyond |= (np.abs(bounds[:, [1, 3]]) > 90).any(axis=1)
    bad = np.flatnonzero(beyond | ~finite_rows(geometry))
    usable = geometry.copy()
    usable[bad] = None
    far = _beyond_the_plane(usable)
    problems = [
        Problem("invalid_coordinate", row, values={"example": farthest(geometry[row])})
        for row in bad.tolist()
    ]
    problems += [
        Problem("beyond_plane", row, place=place_of(geometry[row])) for row in far
    ]
    usable[far] = None
    return usable, problems


def farthest(geometry: shapely.Geometry) -> str:
    """The coordinate farthest out, to show."""
    x, y = shapely.get_coordinates(geometry)[farthest_vertex(geometry)]
    return f"{x:.10g}, {y:.10g}"


def farthest_vertex(geometry: shapely.Geometry) -> int:
    """Number of the vertex farthest out, or that lies nowhere at all; from 0."""
    points = shapely.get_coordinates(geometry)
    with np.errstate(invalid="ignore"):
        sizes = np.where(np.isfinite(points), np.abs(points), np.inf).max(axis=1)
    return int(sizes.argmax())


def _beyond_the_plane(geometry: ObjectArray) -> list[int]:
    """Rows too far away to have an area in the plane of record."""
    west, south, east, north = shapely.bounds(geometry).T
    with np.errstate(invalid="ignore"):
        doubtful = (west < _SAFE[0]) | (south < _SAFE[1])
        doubtful |= (east > _SAFE[2]) | (north > _SAFE[3])
    rows = np.flatnonzero(doubtful)
    if not len(rows) or not _fails(geometry[rows]):
        return []
    return [row for row in rows.tolist() if _fails(geometry[row : row + 1])]


def _fails(geometry: ObjectArray) -> bool:
    try:
        plane_area_m2(geometry)
    except InvalidGeometry:
        return True
    return False


def _without_needless_multi(geometry: ObjectArray) -> ObjectArray:
    """Formats disagree on whether one part is a collection of one."""
    kinds = shapely.get_type_id(geometry)
    alone = (kinds >= 4) & (kinds <= 6) & (shapely.get_num_geometries(geometry) == 1)
    result = geometry.copy()
    result[alone] = shapely.get_geometry(geometry[alone], 0)
    return result


def _wrong_kinds(geometry: ObjectArray, layer: Layer) -> list[Problem]:
    if layer.geometry == "any":
        return []
    wanted = _DIMENSIONS[layer.geometry]
    dimensions = shapely.get_dimensions(geometry)
    collections = shapely.get_type_id(geometry) == _COLLECTION
    wrong = ((dimensions != wanted) & (dimensions >= 0)) | collections
    return [
        _wrong_kind(int(row), geometry[row], layer) for row in np.flatnonzero(wrong)
    ]


def _wrong_kind(row: int, geometry: shapely.Geometry, layer: Layer) -> Problem:
    is_mixed = geometry.geom_type == "GeometryCollection"
    found = "collection" if is_mixed else _KINDS[shapely.get_dimensions(geometry)]
    values = {
        "found": found,
        "found_zh": word("kinds", found),
        "wanted": layer.geometry,
        "wanted_zh": word("kinds", layer.geometry),
        "layer_zh": layer.title_zh,
        "layer_en": layer.title_en,
    }
    place = place_of(geometry)
    return Problem("wrong_geometry_type", row, place=place, values=values)


def _invalid(faults: list[Fault], changes: list[Repair]) -> list[Problem]:
    by_row = {change.row: change for change in changes}
    return [_invalid_problem(fault, by_row.get(fault.row)) for fault in faults]


def _invalid_problem(fault: Fault, change: Repair | None) -> Problem:
    values = {"reason": fault.reason, "reason_zh": word("reasons", fault.reason)}
    if change is None:
        return Problem("invalid_geometry", fault.row, place=fault.place, values=values)
    counts = {
        "vertices_before": change.vertices[0],
        "vertices_after": change.vertices[1],
        "parts_before": change.parts[0],
        "parts_after": change.parts[1],
    }
    return Problem(
        "invalid_geometry",
        fault.row,
        place=fault.place,
        values={**values, **counts},
        severity="warning",
        repaired=True,
    )
