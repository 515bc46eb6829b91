"""Faults of geometries, with their place, and repairs that say what they changed."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.faults import faults_of
from geo.frame import ObjectArray

_REASON = re.compile(r"^(?P<reason>[^\[]+)\[(?P<x>\S+) (?P<y>\S+?)(?: \S+)?\]$")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with one geometry. ``place`` is x, y in the input's CRS."""

    row: int
    kind: str  # "missing" | "empty" | "not_finite" | "invalid"
    reason: str
    place: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did to one geometry: vertices and parts before and after."""

    row: int
    vertices: tuple[int, int]
    parts: tuple[int, int]


def check_geometries(geoms: ObjectArray) -> list[Fault]:
    """Every missing, empty, non-finite or invalid geometry, in row order.

    geoms: (n,) array of shapely geometries or None, any CRS (units as given).
    An invalid area has a fault for each place; what GEOS knows too has its wording.
    """
    missing = shapely.is_missing(geoms)
    empty = shapely.is_empty(geoms) & ~missing
    finite = finite_rows(geoms)
    invalid = ~shapely.is_valid(geoms) & ~missing & finite
    faults = [Fault(int(row), "missing", "") for row in np.flatnonzero(missing)]
    faults += [Fault(int(row), "empty", "") for row in np.flatnonzero(empty)]
    faults += [Fault(int(row), "not_finite", "") for row in np.flatnonzero(~finite)]
    faults += _invalid_faults(geoms, np.flatnonzero(invalid))
    return sorted(faults, key=lambda fault: fault.row)


def finite_rows(geoms: ObjectArray) -> NDArray[np.bool_]:
    """Whether every coordinate of each geometry is a finite number (n,)."""
    coordinates, owner = shapely.get_coordinates(geoms, return_index=True)
    finite = np.ones(len(geoms), dtype=bool)
    finite[owner[~np.isfinite(coordinates).all(axis=1)]] = False
    return finite


def repair(geoms: ObjectArray) -> tuple[ObjectArray, list[Repair]]:
    """Invalid geometries rebuilt from their rings; all others as they are.

    A repaired geometry keeps its dimension (an area stays an area). One that
    cannot be kept that way, because nothing of it is left, is returned unchanged
    and not listed. GEOS "structure" method: rings are unioned, holes subtracted.
    """
    broken = ~shapely.is_valid(geoms) & ~shapely.is_missing(geoms)
    rows = np.flatnonzero(broken & finite_rows(geoms))
    mended = _same_dimension(
        shapely.make_valid(geoms[rows], method="structure", keep_collapsed=False),
        shapely.get_dimensions(geoms[rows]),
    )
    kept = ~shapely.is_empty(mended)
    rows, mended = rows[kept], mended[kept]
    before = geoms[rows]
    result = geoms.copy()
    result[rows] = mended
    return result, _changes(rows, before, mended)


def _invalid_faults(geoms: ObjectArray, rows: NDArray[np.intp]) -> list[Fault]:
    """Only what is invalid is looked at closely; GEOS has the word for the rest."""
    reasons = shapely.is_valid_reason(geoms[rows])
    found = faults_of(geoms[rows])
    faults = []
    for row, text, several in zip(rows.tolist(), reasons, found, strict=True):
        faults += [Fault(row, "invalid", *one) for one in several]
        faults += [] if several else [_fault(row, str(text))]
    return faults


def _fault(row: int, text: str) -> Fault:
    found = _REASON.match(text)
    if not found:
        return Fault(row, "invalid", text)
    place = (float(found["x"]), float(found["y"]))
    return Fault(row, "invalid", found["reason"], place)


def _same_dimension(geoms: ObjectArray, dimension: NDArray[np.int_]) -> ObjectArray:
    """Collections reduced to their parts of the wanted dimension."""
    mixed = np.flatnonzero(shapely.get_type_id(geoms) == 7)
    result = geoms.copy()
    for row in mixed:
        parts = shapely.get_parts(geoms[row])
        wanted = parts[shapely.get_dimensions(parts) == dimension[row]]
        result[row] = shapely.union_all(wanted)
    return result


def _changes(
    rows: NDArray[np.intp], before: ObjectArray, after: ObjectArray
) -> list[Repair]:
    counts = zip(
        rows.tolist(),
        shapely.get_num_coordinates(before).tolist(),
        shapely.get_num_coordinates(after).tolist(),
        shapely.get_num_geometries(before).tolist(),
        shapely.get_num_geometries(after).tolist(),
        strict=True,
    )
    return [Repair(row, (v0, v1), (p0, p1)) for row, v0, v1, p0, p1 in counts]
