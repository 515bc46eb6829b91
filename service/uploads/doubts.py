"""What speaks against the way in which a file's coordinates were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from pyproj import CRS, Geod

from geo import detective
from geo.detective import Hypothesis
from geo.frame import FloatArray, ObjectArray
from service.uploads.axisnames import axis_of
from service.uploads.crs_evidence import example, percent
from service.uploads.problems import Problem
from service.uploads.readings import Reading, lonlat_of, parse_reading
from service.uploads.table import SourceTable
from service.uploads.units import UNITS

_LEGACY = ("Xian 1980", "Beijing 1954", "New Beijing")
#: An offset is suspected when undoing it brings nearly all of the file inside and this
#: much more of it, or as much more as no border explains.
_NEARLY_ALL, _OFFSET_GAIN, _MUCH = 0.9, 0.05, 0.5
#: A few parcels beside the border may as well lie where they are drawn.
_ENOUGH_FEATURES = 10
_MOSTLY, _LARGEST, _MANY = 0.5, 1e12, 10_000
#: Readings that fit within this share of each other and lead elsewhere.
_AS_GOOD, _ELSEWHERE_M = 0.1, 1.0
#: More than so many are no strays.
_MOST_STRAYS = 1_000
#: A zone's number stands in the millions of its eastings; China has these.
_ZONE_M, _ZONES = 1_000_000, (13, 45)
_GEOD = Geod(ellps="GRS80")
#: What no number can say of itself, by kind of reading.
_GRID_HINT = {
    "hint": " Numbers alone cannot tell CGCS2000 from Xi'an 80 or Beijing 54 (about 1 m"
    " and 46 m apart here by the public parameters); CGCS2000 was taken.",
    "hint_zh": "数字本身分不出 CGCS2000、西安80、北京54（按公开参数，此地约差 1 米、"
    "46 米），按 CGCS2000 读。",
}
_MAP_HINT = {
    "hint": " That does not rule out a web map's offset (GCJ-02 about 620 m, BD-09"
    " about 1,270 m): compare with what is on the map.",
    "hint_zh": "落在区内不等于没有网络地图偏移（GCJ-02 约 620 米、BD-09 约 1270 米）："
    "请在地图上与现状对照。",
}
_NO_HINT = {"hint": "", "hint_zh": ""}


@dataclass(frozen=True, slots=True)
class Case:
    """The reading that was taken, and what it is weighed against."""

    table: SourceTable
    district: shapely.Geometry
    geometry: ObjectArray  # as written
    points: FloatArray  # its middles
    chosen: Reading
    source: str
    inside: float
    lonlat: FloatArray  # the middles as read
    readings: Sequence[Hypothesis]
    offsets: Sequence[Hypothesis]


def doubts_of(case: Case) -> list[Problem]:
    """All that a person should settle before the reading counts."""
    return [
        *_stated(case),
        *_inferred(case),
        *_packed(case),
        *_offset(case),
        *_mixed_zones(case.chosen, case.points),
        *_foreign(case),
    ]


def no_crs(geometry: ObjectArray, district: shapely.Geometry) -> Problem:
    """Why the numbers can be placed nowhere."""
    points = detective.anchors(geometry)
    values = {"example": example(points)}
    if detective.looks_local(points):
        return Problem("suspected_local_grid", values=values)
    sane = points[(np.abs(points) < _LARGEST).all(axis=1)]
    for unit in UNITS.values() if len(sane) else ():
        if unit.metres is None:
            continue
        best = next(iter(detective.hypotheses(sane * unit.metres, district)), None)
        if best and best.inside >= _MOSTLY:
            told = {"unit": unit.en, "unit_zh": unit.zh, "convert": unit.id}
            share = {"crs": best.id, "inside": percent(best.inside)}
            return Problem("suspected_unit", values={**values, **told, **share})
    packed = _packed_degrees(_vertices(geometry), district)
    return packed or Problem("unknown_crs", values=values)


def is_web_map(crs: CRS) -> bool:
    """Degrees and the web's Mercator: what maps with an offset come in."""
    return crs.is_geographic or crs.to_epsg() == 3857


def _stated(case: Case) -> Iterator[Problem]:
    """What contradicts a CRS that somebody named."""
    name = case.chosen.crs.name
    if any(old in name for old in _LEGACY):
        yield Problem("legacy_datum", values={"crs": case.chosen.name})
    best = case.readings[0] if case.readings else None
    if case.source == "inferred" or case.inside > 0:
        return
    if detective.looks_local(case.points):
        yield Problem("suspected_local_grid", values={"example": example(case.points)})
    elif best and best.inside >= _MOSTLY:
        code = _contradiction(case.chosen, best, case.points)
        yield Problem(code, values=_weighed(case, best))


def _inferred(case: Case) -> Iterator[Problem]:
    if case.source != "inferred":
        return
    best = case.readings[0]
    crs = case.chosen.crs
    hint = _MAP_HINT if is_web_map(crs) else _NO_HINT
    hint = _GRID_HINT if "Gauss-Kruger" in crs.name else hint
    yield Problem("crs_inferred", values={**_weighed(case, best), **hint})
    rival = _rival(case, best)
    if rival:
        yield rival
    if case.chosen.swapped:
        yield _exchanged(case.table, best)
    if case.inside == 0 and detective.looks_local(case.points):
        yield Problem("suspected_local_grid", values={"example": example(case.points)})


def _weighed(case: Case, best: Hypothesis) -> dict[str, str]:
    return {
        "crs": best.id,
        "inside": percent(best.inside),
        "declared": case.chosen.name,
        "declared_inside": percent(case.inside),
        "example": example(case.points),
    }


def _rival(case: Case, best: Hypothesis) -> Problem | None:
    """Another reading that fits as well and leads to another place."""
    for other in case.readings[1:]:
        as_good = other.inside >= max(_MOSTLY, best.inside - _AS_GOOD)
        apart = _apart_m(case, other) if as_good else 0.0
        if apart > _ELSEWHERE_M:
            told = {"other": other.id, "other_inside": percent(other.inside)}
            values = {**_weighed(case, best), **told, "apart_m": round(apart)}
            return Problem("ambiguous_crs", values=values)
    return None


def _apart_m(case: Case, other: Hypothesis) -> float:
    there = lonlat_of(case.points, parse_reading(other.id))
    here, there = np.median(case.lonlat, axis=0), np.median(there, axis=0)
    return float(_GEOD.inv(*here, *there)[2])


def _exchanged(table: SourceTable, reading: Hypothesis) -> Problem:
    """GeoJSON says which axis comes first; in tables surveyors mean north by X."""
    if table.axes and axis_of(table.axes[0]) == "x":
        x, y = table.axes
        told = {"x": x, "y": y, "inside": percent(reading.inside)}
        return Problem("north_in_x", values=told)
    values = {"crs": reading.id, "inside": percent(reading.inside)}
    found = Problem("swapped_axes", values=values)
    return found if table.format == "geojson" else found.as_warning()


def _contradiction(chosen: Reading, best: Hypothesis, points: FloatArray) -> str:
    if best.swapped != chosen.swapped:
        return "swapped_axes"
    east = float(np.median(points[:, 1 if best.swapped else 0]))
    if "zone" in chosen.crs.name and east < _ZONE_M:
        return "missing_zone_prefix"
    return "crs_contradicted"


def _packed(case: Case) -> list[Problem]:
    """Degrees that are minutes and seconds in disguise."""
    if case.inside > 0 or not case.chosen.crs.is_geographic:
        return []
    found = _packed_degrees(_vertices(case.geometry), case.district)
    return [found] if found else []


def _vertices(geometry: ObjectArray) -> FloatArray:
    """Points as written: between two packed angles lies none that means anything."""
    xy: FloatArray = shapely.get_coordinates(geometry[:_MANY])
    return xy[np.isfinite(xy).all(axis=1)]


def _packed_degrees(points: FloatArray, district: shapely.Geometry) -> Problem | None:
    for axes in (points, points[:, ::-1]):
        degrees = detective.unpacked(axes)
        if not len(degrees):
            continue
        inside = detective.share_inside(degrees, district)
        if inside >= _MOSTLY:
            told = {"degrees": example(degrees), "inside": percent(inside)}
            values = {"example": example(points), "convert": "dms", **told}
            return Problem("packed_degrees", values=values)
    return None


def _offset(case: Case) -> list[Problem]:
    gains = [(o, o.inside - case.inside) for o in case.offsets]
    better = [
        o
        for o, gain in gains
        if gain > (_OFFSET_GAIN if o.inside >= _NEARLY_ALL else _MUCH)
    ]
    if not better:
        return []
    best = max(better, key=lambda offset: offset.inside)
    code = {"GCJ-02": "suspected_gcj02", "BD-09": "suspected_bd09"}[best.id]
    found = Problem(code, values={"shift_m": _shift_m(best.id, case.lonlat)})
    return [found if len(case.lonlat) >= _ENOUGH_FEATURES else found.as_warning()]


def _shift_m(offset: str, lonlat: FloatArray) -> int:
    lon, lat = np.median(lonlat, axis=0)
    moved = detective.undo(offset, np.array([[lon, lat]]))[0]
    distance = _GEOD.inv(lon, lat, moved[0], moved[1])[2]
    return int(round(distance, -1))


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


def _foreign(case: Case) -> Iterator[Problem]:
    """Features that lie nowhere near the others, and would if their numbers were read
    in another way: two kinds of coordinates in one file."""
    if case.inside < _MOSTLY:
        return
    bounds = shapely.bounds(case.geometry)
    middles = bounds[:, :2] / 2 + bounds[:, 2:] / 2
    rows = np.flatnonzero(np.isfinite(middles).all(axis=1))
    far = rows[~detective.is_near(lonlat_of(middles[rows], case.chosen), case.district)]
    for row in far[:_MOST_STRAYS].tolist():
        point = middles[row : row + 1]
        other = next(iter(detective.hypotheses(point, case.district)), None)
        if other and other.near == 1:
            values = {"example": example(point), "other": other.id}
            values |= {"crs": case.chosen.name}
            yield Problem("foreign_coordinates", row, values=values)
