"""Which coordinate a column holds, by its name."""

from __future__ import annotations

import re
import unicodedata

#: Names of axes in the order in which pairs of them count. The plain letters come last:
#: surveyors mean north by X, others east, which their values show.
GEODETIC = ("l", "b")
PAIRS = (("lon", "lat"), GEODETIC, ("east", "north"), ("x", "y"))
IN_DEGREES = {"lon", "l"}

_WORDS = {
    "lon": {"lon", "lng", "long", "longitude", "经", "经l", "l经", "东经", "经lon"},
    "lat": {"lat", "latitude", "纬", "纬b", "b纬", "北纬", "纬lat"},
    "l": {"l"},
    "b": {"b"},
    "east": {"easting", "east", "e", "东", "横", "东y", "y东", "横y", "y横", "横轴",
             "横轴y", "y横轴", "东e", "e东"},
    "north": {"northing", "north", "n", "北", "纵", "北x", "x北", "纵x", "x纵", "纵轴",
              "纵轴x", "x纵轴", "北n", "n北"},
    "x": {"x", "pointx", "xcoord", "coordx", "centroidx", "x轴"},
    "y": {"y", "pointy", "ycoord", "coordy", "centroidy", "y轴"},
}  # fmt: skip
#: These name a side as well as an axis, unless something says coordinates.
_SIDES = {"东", "北", "横", "纵"}
_AXIS = re.compile("[xybl东北横纵经纬]", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[（【<](.*?)[)\]）】>]")
_ASIDE = re.compile(
    r"[\s_\-:：°/.,，]|wgs84|wgs|(?:cgcs|国家)?2000(?:系|国家大地)?|cgcs|大地"
    r"|界址点|拐点|桩点|中心点?|坐标系?|米|(?<=[经纬])度|值$"
)


def axis_of(name: str) -> str | None:
    """ "lon", "lat", "l", "b", "east", "north", "x" or "y"; None for any other column.

    >>> axis_of("纵坐标X(m)"), axis_of("大地经度"), axis_of("POINT_Y"), axis_of("东至")
    ('north', 'lon', 'y', None)
    """
    plain = unicodedata.normalize("NFKC", name).casefold()
    plain = _BRACKETS.sub(_inner, plain)
    bare = _ASIDE.sub("", plain)
    if bare in _SIDES and "坐标" not in plain:
        return None
    return next((axis for axis, words in _WORDS.items() if bare in words), None)


def _inner(found: re.Match[str]) -> str:
    """What stands in brackets counts if it names an axis, and not a unit or a datum."""
    short = len(found[1]) <= 3 and _AXIS.search(found[1])
    return found[1] if short else ""
