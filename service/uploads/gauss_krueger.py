"""The plane grids of the Chinese datums: from a zone's number to its EPSG code."""

from __future__ import annotations

#: (datum, width of a zone in degrees) -> first zone, EPSG of that zone with the zone's
#: number before the easting, EPSG of the same meridian without it.
_FAMILIES = {
    ("cgcs2000", 3): (25, 4513, 4534),
    ("cgcs2000", 6): (13, 4491, 4502),
    ("xian80", 3): (25, 2349, 2370),
    ("xian80", 6): (13, 2327, 2338),
    ("beijing54", 3): (25, 2401, 2422),
    ("beijing54", 6): (13, 21413, 21453),
}
_ZONES = {3: 21, 6: 11}
_GEOGRAPHIC = {"cgcs2000": 4490, "xian80": 4610, "beijing54": 4214}
#: Grids of cities and works carry a datum's name without being its grid.
_LOCAL = ("广州", "独立", "地方", "城建", "相对", "施工")
_DATUMS = (
    ("cgcs2000", ("2000", "CGCS", "大地2000")),
    ("xian80", ("80", "西安")),
    ("beijing54", ("54", "北京")),
)


def datum_of(name: str) -> str | None:
    """The datum that a header's 坐标系 names, in any of its spellings."""
    text = name.upper()
    if any(mark in text for mark in _LOCAL):
        return None
    for datum, marks in _DATUMS:
        if any(mark in text for mark in marks):
            return datum
    return None


def epsg_of(datum: str, width_deg: int, zone: int, *, prefixed: bool) -> int | None:
    """EPSG code of a zone, None where there is none.

    >>> epsg_of("cgcs2000", 3, 38, prefixed=True)
    4526
    >>> epsg_of("cgcs2000", 3, 38, prefixed=False)
    4547
    """
    family = _FAMILIES.get((datum, width_deg))
    if family is None or not 0 <= zone - family[0] < _ZONES[width_deg]:
        return None
    return (family[1] if prefixed else family[2]) + zone - family[0]


def geographic_of(datum: str) -> str:
    """The datum's own longitudes and latitudes."""
    return f"EPSG:{_GEOGRAPHIC[datum]}"


def width_of_zone(zone: int) -> int:
    """3° zones are numbered 25 to 45 in China, 6° zones 13 to 23.

    >>> width_of_zone(38), width_of_zone(19)
    (3, 6)
    """
    return 6 if zone < _FAMILIES["cgcs2000", 3][0] else 3


def zone_of_meridian(meridian: int, width_deg: int) -> int:
    """The zone around a central meridian, 0 if it is none of that width.

    >>> zone_of_meridian(114, 3), zone_of_meridian(111, 6), zone_of_meridian(113, 3)
    (38, 19, 0)
    """
    shifted = meridian + (3 if width_deg == 6 else 0)
    return 0 if shifted % width_deg else shifted // width_deg
