"""From the file's coordinates to CRS84: as asked, as the file says, or inferred.

Whatever is not asked for by a person is told with its evidence, and anything that
contradicts it stands in the way until a person names the CRS.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo import detective
from geo.detective import Hypothesis
from geo.frame import FloatArray, ObjectArray
from geo.validity import finite_rows
from service.uploads.crs_evidence import NO_POINTS, evidence_of
from service.uploads.doubts import Case, doubts_of, is_web_map, no_crs
from service.uploads.problems import Problem
from service.uploads.readings import (
    Reading,
    declared_reading,
    is_modern,
    parse_reading,
    to_crs84,
)
from service.uploads.table import SourceTable


@dataclass(frozen=True, slots=True)
class Placement:
    """Geometry in CRS84, and why it lies there."""

    geometry: ObjectArray
    crs: str | None
    evidence: dict[str, Any]
    problems: list[Problem]


def place(
    table: SourceTable, district: shapely.Geometry, requested: str | None
) -> Placement:
    """Bring a table's geometry to CRS84."""
    flat, problems = _flat(table.geometry)
    if shapely.is_missing(flat).all():
        return _unlocated(table, flat, problems)
    points = detective.anchors(flat)
    if not len(points):
        return _nowhere(flat, problems)
    readings = detective.hypotheses(points, district)
    chosen, source = _choose(table, readings, requested)
    if chosen is None:
        problems.append(no_crs(flat, district))
        nowhere = np.full(len(flat), None, dtype=object)
        told = evidence_of("none", None, points, readings)
        return Placement(nowhere, None, told, problems)
    geometry = to_crs84(flat, chosen)
    lonlat = _on_earth(detective.anchors(geometry))
    inside = detective.share_inside(lonlat, district) if len(lonlat) else 0.0
    offsets = detective.offsets(lonlat, district) if len(lonlat) else []
    case = Case(
        table, district, flat, points, chosen, source, inside, lonlat, readings, offsets
    )
    doubts = doubts_of(case)
    problems += [p.as_warning() for p in doubts] if source == "requested" else doubts
    evidence = evidence_of(source, chosen, points, _told(case, doubts), lonlat)
    evidence["inside"] = inside
    return Placement(geometry, chosen.name, evidence, problems)


def _told(case: Case, doubts: Sequence[Problem]) -> list[Hypothesis]:
    """The reading that was taken, then the others. An offset is told of where one can
    be: surveyors' grids have none unless it is suspected."""
    chosen, readings = case.chosen, case.readings
    own = [r for r in readings if (r.crs, r.swapped) == (chosen.name, chosen.swapped)]
    others = [r for r in readings if r not in own]
    if chosen.crs.is_geographic and is_modern(chosen.crs):
        others = [r for r in others if (r.crs, r.swapped) != _plain(chosen)]
    suspected = any(problem.code.startswith("suspected") for problem in doubts)
    offsets = case.offsets if suspected or is_web_map(chosen.crs) else ()
    return [*(own or [_taken(case)]), *others, *offsets]


def _plain(chosen: Reading) -> tuple[str, bool]:
    """Degrees by the name that the readings have for them."""
    return "OGC:CRS84", chosen.swapped


def _taken(case: Case) -> Hypothesis:
    chosen, lonlat = case.chosen, case.lonlat
    near = detective.share_near(lonlat, case.district) if len(lonlat) else 0.0
    id = f"{chosen.name}{':yx' * chosen.swapped}"
    return Hypothesis(id, chosen.name, chosen.swapped, case.inside, near)


def _unlocated(
    table: SourceTable, flat: ObjectArray, problems: list[Problem]
) -> Placement:
    """No shape at all: none was there, or none could be read."""
    unread = {problem.code for problem in table.problems}
    if len(flat) and not unread & {"unreadable_geometry", "unread_coordinate"}:
        problems.append(Problem("no_geometry"))
    return Placement(flat, None, evidence_of("none", None, NO_POINTS, ()), problems)


def _nowhere(flat: ObjectArray, problems: list[Problem]) -> Placement:
    """Nothing but empty shapes and coordinates that are no numbers."""
    lost = np.flatnonzero(~finite_rows(flat)).tolist()
    told = {"example": "inf"}
    problems += [Problem("invalid_coordinate", row, values=told) for row in lost]
    problems += [] if lost else [Problem("no_geometry")]
    nothing = np.full(len(flat), None, dtype=object)
    return Placement(nothing, None, evidence_of("none", None, NO_POINTS, ()), problems)


def _on_earth(lonlat: FloatArray) -> FloatArray:
    sane: FloatArray = lonlat[(np.abs(lonlat) <= (180, 90)).all(axis=1)]
    return sane


def _flat(geometry: ObjectArray) -> tuple[ObjectArray, list[Problem]]:
    deep = shapely.has_z(geometry) | shapely.has_m(geometry)
    if not deep.any():
        return geometry, []
    flat: ObjectArray = shapely.force_2d(geometry)
    count = int(_telling(geometry, deep).sum())
    note = Problem("dropped_dimension", values={"count": count})
    return flat, [note] if count else []


def _telling(geometry: ObjectArray, deep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whose heights say anything: drawings put everything at nought."""
    xyz, owner = shapely.get_coordinates(geometry, include_z=True, return_index=True)
    high = np.isfinite(xyz[:, 2]) & (xyz[:, 2] != 0)
    result: NDArray[np.bool_] = shapely.has_m(geometry)
    result[owner[high]] = True
    return result & deep


def _choose(
    table: SourceTable, readings: Sequence[Hypothesis], requested: str | None
) -> tuple[Reading | None, str]:
    if requested:
        return parse_reading(requested), "requested"
    if table.crs and (declared := declared_reading(table.crs)):
        return declared, "file"
    best = readings[0] if readings else None
    if table.format == "geojson" and any(r.id == "OGC:CRS84" for r in readings):
        return parse_reading("OGC:CRS84"), "format"
    if best and (best.inside >= 0.5 or best.near >= 0.9):
        return parse_reading(best.id), "inferred"
    return None, "none"
