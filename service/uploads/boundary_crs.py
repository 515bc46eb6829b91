"""The CRS of a boundary point file: what its header says, held against its numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from geo.frame import FloatArray
from service.uploads.gauss_krueger import (
    datum_of,
    epsg_of,
    geographic_of,
    width_of_zone,
    zone_of_meridian,
)
from service.uploads.problems import Problem

#: Larger eastings carry the zone's number in their millions.
_PREFIX = 1_000_000.0
_FIRST_ZONE, _LARGEST_ANGLE = 13, 180.0
#: No zone has such a number: it is the meridian.
_MERIDIANS = range(60, 180)
_MERIDIAN_KEYS = ("中央子午线", "中央经线", "中央子午线经度")


@dataclass(frozen=True, slots=True)
class _Header:
    """What the header says of the grid; 0 where it says nothing."""

    name: str
    datum: str | None
    width: int
    zone: int
    in_degrees: bool


def crs_of(
    header: Mapping[str, str], points: FloatArray
) -> tuple[str | None, list[Problem]]:
    """The CRS that header and numbers together name; None leaves it to inference.

    points: (n, 2) north, east as written.
    """
    said = _said(header)
    if said.datum is None:
        told = [Problem("header_crs_unread", values={"name": said.name})]
        return None, told if said.name else []
    if np.abs(points).max() <= _LARGEST_ANGLE:
        return (geographic_of(said.datum) if said.in_degrees else None), []
    east = _usual(points.max(axis=1))
    north = float(np.median(points.min(axis=1)))
    if east >= _PREFIX * _FIRST_ZONE and east > north:
        return _with_prefix(said, int(east // _PREFIX))
    return _without_prefix(said, points)


def _usual(eastings: FloatArray) -> float:
    """The middle of those with a zone before them or of those without, whichever are
    more: between the two kinds lies the number of some other zone."""
    prefixed = eastings >= _PREFIX * _FIRST_ZONE
    more = 2 * int(prefixed.sum()) >= len(eastings)
    return float(np.median(eastings[prefixed == more]))


def _with_prefix(said: _Header, zone: int) -> tuple[str | None, list[Problem]]:
    """The numbers name the zone; the header is only asked whether it agrees."""
    width = width_of_zone(zone)
    code = epsg_of(str(said.datum), width, zone, prefixed=True)
    if code is None:
        return None, []
    crs = f"EPSG:{code}"
    if said.zone in (0, zone):
        return crs, []
    values = {"declared": said.zone, "found": zone, "crs": crs}
    return crs, [Problem("zone_differs", values=values)]


def _without_prefix(
    said: _Header, points: FloatArray
) -> tuple[str | None, list[Problem]]:
    datum = str(said.datum)
    code = epsg_of(datum, said.width, said.zone, prefixed=False)
    if code is None:
        return None, []
    declared = epsg_of(datum, said.width, said.zone, prefixed=True)
    values = {
        "declared": f"EPSG:{declared}",
        "crs": f"EPSG:{code}",
        "example": f"{points[0][1]:.3f}, {points[0][0]:.3f}",
    }
    doubt = Problem("missing_zone_prefix", values=values).as_warning()
    return f"EPSG:{code}", [doubt]


def _said(header: Mapping[str, str]) -> _Header:
    width = 6 if header.get("几度分带", "3").strip().startswith(("6", "六")) else 3
    name = header.get("坐标系", "").strip()
    return _Header(
        name,
        datum_of(name),
        width,
        _zone(header, width),
        "度" in header.get("计量单位", "米"),
    )


def _zone(header: Mapping[str, str], width: int) -> int:
    zone = _leading(header.get("带号", ""))
    if zone and zone not in _MERIDIANS:
        return zone
    told = (_leading(header.get(key, "")) for key in _MERIDIAN_KEYS)
    meridian = zone or next((value for value in told if value), 0)
    return zone_of_meridian(meridian, width) if meridian else 0


def _leading(text: str) -> int:
    found = re.search(r"\d+", text)
    return int(found[0]) if found else 0
