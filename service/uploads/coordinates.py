"""From the file's coordinates to CRS84: as asked, as the file says, or inferred.

Whatever is not asked for by a person is told with its evidence, and anything that
contradicts it stands in the way until a person names the CRS.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo import detective
from geo.detective import Hypothesis
from geo.frame import FloatArray, ObjectArray
from geo.validity import finite_rows
from service.errors import BadRequest
from service.uploads.problems import Problem
from service.uploads.table import SourceTable

_NAME = re.compile(r"(?:.*EPSG[:/]+(?:0/|:)?)?(?P<code>\d{4,6})(?P<yx>:yx)?", re.I)
_CRS84 = re.compile(r"(?:.*OGC[:/].*)?CRS:?84(?P<yx>:yx)?", re.I)
_LEGACY = ("Xian 1980", "Beijing 1954", "New Beijing")
#: An offset is suspected when undoing it brings this much more of the file inside.
_OFFSET_GAIN = 0.05
#: A few parcels beside the border may as well lie where they are drawn.
_ENOUGH_FEATURES = 10
#: Units that drawings are made in by mistake, in metres.
_UNITS = (
    ("millimetres", "毫米", 0.001),
    ("kilometres", "千米", 1000.0),
    ("feet", "英尺", 0.3048),
)
_MOSTLY, _LARGEST = 0.5, 1e12
#: A zone's number stands in the millions of its eastings; China has these.
_ZONE_M, _ZONES = 1_000_000, (13, 45)
_NO_POINTS: FloatArray = np.empty((0, 2))
#: The reading that was taken, the others, and what stands between them.
_EN = (
    "as {0} ({1}) around {2:.4f}, {3:.4f}, {4} % inside the district",
    "as {0} {1} %",
    "; ",
)
_ZH = (
    "按 {0}（{1}）读，在 {2:.4f}, {3:.4f} 一带，{4} % 落在区内",
    "按 {0} 读为 {1} %",
    "；",
)
_GEOD = Geod(ellps="GRS80")


@dataclass(frozen=True, slots=True)
class Reading:
    """One CRS and axis order to read the numbers in."""

    crs: CRS
    name: str
    swapped: bool = False


@dataclass(frozen=True, slots=True)
class Placement:
    """Geometry in CRS84, and why it lies there."""

    geometry: ObjectArray
    crs: str | None
    evidence: dict[str, Any]
    problems: list[Problem]


def parse_reading(text: str) -> Reading:
    """``EPSG:4547``, ``4547``, ``CRS84``, a CRS URI; ``:yx`` swaps the axes."""
    if found := _CRS84.fullmatch(text.strip()):
        return Reading(CRS("OGC:CRS84"), "OGC:CRS84", bool(found["yx"]))
    found = _NAME.fullmatch(text.strip())
    try:
        if found:
            crs = CRS.from_epsg(int(found["code"]))
            return Reading(crs, f"EPSG:{found['code']}", bool(found["yx"]))
    except CRSError:
        pass
    raise BadRequest(
        f"The CRS {text!r} is not known. Use for example EPSG:4547, EPSG:4526, CRS84.",
        f"不认识坐标系“{text}”。可用例如 EPSG:4547、EPSG:4526、CRS84。",
        parameter="crs",
    )


def place(
    table: SourceTable, district: shapely.Geometry, requested: str | None
) -> Placement:
    """Bring a table's geometry to CRS84."""
    flat, problems = _flat(table.geometry)
    if shapely.is_missing(flat).all():
        unread = {problem.code for problem in table.problems}
        if len(flat) and "unreadable_geometry" not in unread:
            problems.append(Problem("no_geometry"))
        return Placement(flat, None, _evidence("none", None, _NO_POINTS, ()), problems)
    points = detective.anchors(flat)
    if not len(points):
        return _nowhere(flat, problems)
    readings = detective.hypotheses(points, district)
    chosen, source = _choose(table, readings, requested)
    if chosen is None:
        problems.append(_no_crs(points, district))
        nowhere = np.full(len(flat), None, dtype=object)
        return Placement(
            nowhere, None, _evidence("none", None, points, readings), problems
        )
    geometry = _to_crs84(flat, chosen)
    lonlat = _on_earth(detective.anchors(geometry))
    declared = _share(lonlat, district)
    offsets = detective.offsets(lonlat, district) if len(lonlat) else []
    doubts = _doubts(chosen, source, declared, readings, points)
    if source == "inferred" and chosen.swapped:
        doubts.append(_exchanged(table, readings[0]))
    doubts += _offset_doubts(declared, offsets, lonlat)
    doubts += _mixed_zones(chosen, points)
    problems += [p.as_warning() for p in doubts] if source == "requested" else doubts
    own = [r for r in readings if (r.crs, r.swapped) == (chosen.name, chosen.swapped)]
    others = [r for r in readings if r not in own]
    near = detective.share_near(lonlat, district) if len(lonlat) else 0.0
    first = Hypothesis(
        f"{chosen.name}{':yx' * chosen.swapped}",
        chosen.name,
        chosen.swapped,
        declared,
        near,
    )
    told = [*(own or [first]), *others, *offsets]
    evidence = _evidence(source, chosen, points, told, lonlat)
    evidence["inside"] = declared
    return Placement(geometry, chosen.name, evidence, problems)


def _nowhere(flat: ObjectArray, problems: list[Problem]) -> Placement:
    """Nothing but empty shapes and coordinates that are no numbers."""
    lost = np.flatnonzero(~finite_rows(flat)).tolist()
    told = {"example": "inf"}
    problems += [Problem("invalid_coordinate", row, values=told) for row in lost]
    problems += [] if lost else [Problem("no_geometry")]
    nothing = np.full(len(flat), None, dtype=object)
    return Placement(nothing, None, _evidence("none", None, _NO_POINTS, ()), problems)


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
    if table.crs and (declared := _declared(table.crs)):
        return declared, "file"
    best = readings[0] if readings else None
    if table.format == "geojson" and any(r.id == "OGC:CRS84" for r in readings):
        return parse_reading("OGC:CRS84"), "format"
    if best and (best.inside >= 0.5 or best.near >= 0.9):
        return parse_reading(best.id), "inferred"
    return None, "none"


def _declared(text: str) -> Reading | None:
    """The file's own CRS; None if it is no place on earth (an engineering grid)."""
    try:
        crs = CRS.from_user_input(text)
        _to_degrees(crs)
    except ProjError:
        return None
    if "CRS84" in crs.name:
        return parse_reading("OGC:CRS84")
    code = crs.to_epsg(min_confidence=70)
    return Reading(crs, f"EPSG:{code}" if code else crs.name)


def _to_crs84(geometry: ObjectArray, reading: Reading) -> ObjectArray:
    """Geometry in lon/lat; a coordinate that has no image becomes infinite."""

    def move(xy: FloatArray) -> FloatArray:
        x, y = (xy[:, 1], xy[:, 0]) if reading.swapped else (xy[:, 0], xy[:, 1])
        return np.column_stack(_to_degrees(reading.crs).transform(x, y))

    if reading.crs.is_geographic and not reading.swapped and _is_modern(reading.crs):
        return geometry
    finite = finite_rows(geometry)
    result = geometry.copy()
    result[finite] = shapely.transform(geometry[finite], move)
    return result


@cache
def _to_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def _is_modern(crs: CRS) -> bool:
    """WGS 84 and CGCS2000 are one datum at the accuracy of any plan."""
    datum = crs.datum.name if crs.datum else ""
    return "World Geodetic System 1984" in datum or "China 2000" in datum


def _share(lonlat: FloatArray, district: shapely.Geometry) -> float:
    return detective.share_inside(lonlat, district) if len(lonlat) else 0.0


def _no_crs(points: FloatArray, district: shapely.Geometry) -> Problem:
    values = {"example": _example(points)}
    if detective.looks_local(points):
        return Problem("suspected_local_grid", values=values)
    sane = points[(np.abs(points) < _LARGEST).all(axis=1)]
    for unit, unit_zh, metres in _UNITS if len(sane) else ():
        best = next(iter(detective.hypotheses(sane * metres, district)), None)
        if best and best.inside >= _MOSTLY:
            told = {"unit": unit, "unit_zh": unit_zh, "crs": best.id}
            share = {"inside": _percent(best.inside)}
            return Problem("suspected_unit", values={**values, **told, **share})
    return Problem("unknown_crs", values=values)


def _doubts(
    chosen: Reading,
    source: str,
    inside: float,
    readings: Sequence[Hypothesis],
    points: FloatArray,
) -> list[Problem]:
    found = []
    if any(old in chosen.crs.name for old in _LEGACY):
        found.append(Problem("legacy_datum", values={"crs": chosen.name}))
    best = readings[0] if readings else None
    values = {
        "crs": best.id if best else "",
        "inside": _percent(best.inside) if best else "",
        "declared": chosen.name,
        "declared_inside": _percent(inside),
        "example": _example(points),
    }
    if source == "inferred":
        found.append(Problem("crs_inferred", values=values))
    if inside == 0 and detective.looks_local(points):
        return [*found, Problem("suspected_local_grid", values=values)]
    if best and source != "inferred" and inside == 0 and best.inside >= 0.5:
        found.append(Problem(_contradiction(chosen, best, points), values=values))
    return found


def _exchanged(table: SourceTable, reading: Hypothesis) -> Problem:
    """GeoJSON says which axis comes first; in tables surveyors mean north by X."""
    values = {"crs": reading.id, "inside": _percent(reading.inside)}
    found = Problem("swapped_axes", values=values)
    return found if table.format == "geojson" else found.as_warning()


def _contradiction(chosen: Reading, best: Hypothesis, points: FloatArray) -> str:
    if best.swapped != chosen.swapped:
        return "swapped_axes"
    east = float(np.median(points[:, 1 if best.swapped else 0]))
    if "zone" in chosen.crs.name and east < 1_000_000:
        return "missing_zone_prefix"
    return "crs_contradicted"


def _offset_doubts(
    inside: float, offsets: Sequence[Hypothesis], lonlat: FloatArray
) -> list[Problem]:
    better = [
        o for o in offsets if o.inside >= 0.9 and o.inside - inside > _OFFSET_GAIN
    ]
    if not better:
        return []
    best = max(better, key=lambda offset: offset.inside)
    code = {"GCJ-02": "suspected_gcj02", "BD-09": "suspected_bd09"}[best.id]
    found = Problem(code, values={"shift_m": _shift_m(best.id, lonlat)})
    return [found if len(lonlat) >= _ENOUGH_FEATURES else found.as_warning()]


def _mixed_zones(chosen: Reading, points: FloatArray) -> list[Problem]:
    """Eastings of several zones in one file: only those of one can be right."""
    if not chosen.crs.is_projected or not len(points):
        return []
    axis = int(np.median(points, axis=0).argmax())
    zones, counts = np.unique(points[:, axis] // _ZONE_M, return_counts=True)
    named = (zones >= _ZONES[0]) & (zones <= _ZONES[1])
    if named.sum() < 2:
        return []
    found = zip(zones[named].tolist(), counts[named].tolist(), strict=True)
    told = ", ".join(f"{zone:.0f} ({count}×)" for zone, count in found)
    return [Problem("mixed_zones", values={"zones": told, "crs": chosen.name})]


def _shift_m(offset: str, lonlat: FloatArray) -> int:
    lon, lat = np.median(lonlat, axis=0)
    moved = detective.undo(offset, np.array([[lon, lat]]))[0]
    distance = _GEOD.inv(lon, lat, moved[0], moved[1])[2]
    return int(round(distance, -1))


def _evidence(
    source: str,
    chosen: Reading | None,
    points: FloatArray,
    readings: Sequence[Hypothesis],
    lonlat: FloatArray = _NO_POINTS,
) -> dict[str, Any]:
    return {
        "source": source,
        "crs_name": chosen.crs.name if chosen else None,
        "swapped": chosen.swapped if chosen else False,
        "example": _example(points),
        "text": _sentence(points, readings, _EN, lonlat),
        "text_zh": _sentence(points, readings, _ZH, lonlat),
        "hypotheses": [_hypothesis(reading) for reading in readings],
    }


def _hypothesis(reading: Hypothesis) -> dict[str, Any]:
    return {
        "id": reading.id,
        "crs": reading.crs,
        "name": _title(reading),
        "swapped": reading.swapped,
        "inside": reading.inside,
        "near": reading.near,
    }


def _title(reading: Hypothesis) -> str:
    """The registry's name; a file's own CRS without a code, and offsets, have none."""
    try:
        return parse_reading(reading.id).crs.name
    except BadRequest:
        return reading.id


def _sentence(
    points: FloatArray,
    readings: Sequence[Hypothesis],
    words: tuple[str, str, str],
    lonlat: FloatArray,
) -> str:
    """The first reading by its name and where it leads, the others by their share."""
    first, other, joint = words
    told = [other.format(r.id, round(r.inside * 100, 1)) for r in readings[:4]]
    if len(lonlat) and told:
        lon, lat = np.median(lonlat, axis=0)
        share = round(readings[0].inside * 100, 1)
        told[0] = first.format(readings[0].id, _title(readings[0]), lon, lat, share)
    return f"{_example(points)}: {joint.join(told)}"


def _example(points: FloatArray) -> str:
    if not len(points):
        return "–"
    x, y = points[len(points) // 2]
    return f"{x:.10g}, {y:.10g}"


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"
