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
_DATUMS = (
    ("cgcs2000", ("2000", "CGCS", "大地2000")),
    ("xian80", ("80", "西安")),
    ("beijing54", ("54", "北京")),
)


def datum_of(name: str) -> str | None:
    """The datum that a header's 坐标系 names, in any of its spellings."""
    text = name.upper()
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
