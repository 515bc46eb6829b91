"""In which CRS and axis order numbers are read, and where that puts them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.frame import FloatArray, ObjectArray
from geo.validity import finite_rows
from service.errors import BadRequest

_NAME = re.compile(r"(?:.*EPSG[:/]+(?:0/|:)?)?(?P<code>\d{4,6})(?P<yx>:yx)?", re.I)
_CRS84 = re.compile(r"(?:.*OGC[:/].*)?CRS:?84(?P<yx>:yx)?", re.I)


@dataclass(frozen=True, slots=True)
class Reading:
    """One CRS and axis order to read the numbers in."""

    crs: CRS
    name: str
    swapped: bool = False


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


def declared_reading(text: str) -> Reading | None:
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


def to_crs84(geometry: ObjectArray, reading: Reading) -> ObjectArray:
    """Geometry in lon/lat; a coordinate that has no image becomes infinite."""

    if reading.crs.is_geographic and not reading.swapped and is_modern(reading.crs):
        return geometry
    finite = finite_rows(geometry)
    result = geometry.copy()
    result[finite] = shapely.transform(
        geometry[finite], lambda xy: lonlat_of(xy, reading)
    )
    return result


def lonlat_of(points: FloatArray, reading: Reading) -> FloatArray:
    """(n, 2) points as written, in lon/lat."""
    x, y = points.T[::-1] if reading.swapped else points.T
    return np.column_stack(_to_degrees(reading.crs).transform(x, y))


@cache
def _to_degrees(crs: CRS) -> Transformer:
    return Transformer.from_crs(crs, "EPSG:4326", always_xy=True)


def is_modern(crs: CRS) -> bool:
    """WGS 84 and CGCS2000 are one datum at the accuracy of any plan."""
    datum = crs.datum.name if crs.datum else ""
    return "World Geodetic System 1984" in datum or "China 2000" in datum
