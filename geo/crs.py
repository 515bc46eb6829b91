"""Coordinate reference systems: names in, axis order and transformations out.

Everything inside the atlas is CRS84 (longitude, latitude in degrees) on the CGCS2000
datum of record; WGS 84 and CGCS2000 differ by less than a millimetre in ellipsoid and
less than the data's accuracy in frame, so both geographic datums are one here. The
plane is EPSG:4547 (CGCS2000 / 3-degree Gauss-Kruger, central meridian 114° E).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.errors import InvalidGeometry, UnknownCrs
from geo.frame import FloatArray, ObjectArray

if TYPE_CHECKING:
    from pyproj import Transformer

CRS84 = "OGC:CRS84"
PLANE = 4547
Axis = Literal["registered", "xy"]

_EPSG_URI = "http://www.opengis.net/def/crs/EPSG/0/"
_CRS84_URI = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_CRS84_NAMES = re.compile(
    r"(https?://www\.opengis\.net/def/crs/OGC/(1\.3|0)/CRS84"
    r"|urn:ogc:def:crs:OGC:(1\.3)?:CRS84|(OGC:)?CRS84)",
    re.IGNORECASE,
)
_EPSG_NAMES = re.compile(
    r"(https?://www\.opengis\.net/def/crs/EPSG/[\w.]+/"
    r"|urn:ogc:def:crs:EPSG:[\w.]*:|EPSG:)?(?P<code>\d{4,6})",
    re.IGNORECASE,
)


#: Metres: twice around the Earth. Nothing lies beyond.
FARTHEST = 8e7


@dataclass(frozen=True, slots=True)
class Crs:
    """A CRS as its registry defines it. ``north_first`` is the registered axis order;
    ``decimals`` are what a coordinate is written with (about a centimetre or better).
    """

    uri: str
    epsg: int
    north_first: bool
    decimals: int
    projected: bool

    @property
    def is_crs84(self) -> bool:
        """Whether coordinates need no change at all."""
        return self.uri == _CRS84_URI


def _epsg(code: int, *, north_first: bool, projected: bool) -> Crs:
    return Crs(
        f"{_EPSG_URI}{code}", code, north_first, 3 if projected else 7, projected
    )


#: What is read and written at the API, the default first.
SUPPORTED: tuple[Crs, ...] = (
    Crs(_CRS84_URI, 4326, north_first=False, decimals=7, projected=False),
    _epsg(4326, north_first=True, projected=False),
    _epsg(4490, north_first=True, projected=False),
    _epsg(4547, north_first=True, projected=True),
    _epsg(4526, north_first=True, projected=True),
    _epsg(3857, north_first=False, projected=True),
)

#: What files may come in: also every CGCS2000 Gauss-Kruger plane.
#: 4491-4512 are the 6-degree planes, 4513-4554 the 3-degree ones.
READABLE: tuple[Crs, ...] = SUPPORTED + tuple(
    _epsg(code, north_first=True, projected=True)
    for code in range(4491, 4555)
    if code not in (4526, 4547)
)


def parse_crs(text: str, among: Iterable[Crs] = SUPPORTED) -> Crs:
    """The CRS of a URI, a URN, ``EPSG:4547`` or ``4547``; raises ``UnknownCrs``."""
    among = tuple(among)
    name = text.strip().removeprefix("[").removesuffix("]")
    if _CRS84_NAMES.fullmatch(name):
        return SUPPORTED[0]
    match = _EPSG_NAMES.fullmatch(name)
    for crs in among:
        if match and crs.epsg == int(match["code"]) and not crs.is_crs84:
            return crs
    known = ", ".join(
        CRS84 if c.is_crs84 else f"EPSG:{c.epsg}" for c in among if c in SUPPORTED
    )
    raise UnknownCrs(
        f"The CRS {text!r} is not one that is read or written here. Use {known}.",
        f"不支持坐标系“{text}”。可用：{known}。",
        crs=text,
    )


def to_crs84(geoms: ObjectArray, crs: Crs, *, axis: Axis = "registered") -> ObjectArray:
    """Geometries in ``crs`` as CRS84. ``axis`` tells whether their coordinates stand in
    the registered order (north first for most) or as x, y. Z is dropped; missing
    stays missing. Raises ``InvalidGeometry`` where a coordinate has no image."""
    if crs.is_crs84:
        return _flat(geoms)
    swap = crs.north_first and axis == "registered"

    def move(xy: FloatArray) -> FloatArray:
        return _apply(_inverse(crs.epsg), xy[:, ::-1] if swap else xy)

    return _transform(geoms, move)


def from_crs84(
    geoms: ObjectArray, crs: Crs, *, axis: Axis = "registered"
) -> ObjectArray:
    """CRS84 geometries in ``crs``, in the registered axis order or as x, y. Z is
    dropped; missing stays missing. Raises ``InvalidGeometry`` outside the CRS."""
    if crs.is_crs84:
        return _flat(geoms)
    swap = crs.north_first and axis == "registered"

    def move(xy: FloatArray) -> FloatArray:
        moved = _apply(_forward(crs.epsg), xy)
        return moved[:, ::-1] if swap else moved

    return _transform(geoms, move)


def project_xy(geoms: ObjectArray) -> ObjectArray:
    """CRS84 geometries on the plane EPSG:4547 as E, N in metres."""
    return _transform(geoms, plane_xy)


def plane_xy(lonlat: FloatArray) -> FloatArray:
    """(n, 2) positions in degrees on the plane EPSG:4547, in metres."""
    return _apply(_forward(PLANE), lonlat)


def unproject_xy(geoms: ObjectArray) -> ObjectArray:
    """Geometries on the plane EPSG:4547 (E, N in metres) as CRS84."""
    return _transform(geoms, lambda xy: _apply(_inverse(PLANE), xy))


def _flat(geoms: ObjectArray) -> ObjectArray:
    flat: ObjectArray = shapely.force_2d(np.asarray(geoms, dtype=object))
    return flat


def _transform(geoms: ObjectArray, move: Any) -> ObjectArray:
    moved: ObjectArray = shapely.transform(np.asarray(geoms, dtype=object), move)
    return moved


def _apply(transformer: Transformer | None, xy: FloatArray) -> FloatArray:
    if transformer is None or len(xy) == 0:
        return xy
    moved: NDArray[np.float64] = np.column_stack(
        transformer.transform(xy[:, 0], xy[:, 1])
    )
    lost = ~np.isfinite(moved).all(axis=1)
    lost |= np.abs(xy).max(axis=1) > FARTHEST  # PROJ finds a place for these as well
    if lost.any():
        x, y = xy[int(np.argmax(lost))]
        raise InvalidGeometry(
            f"The position {x:.7g}, {y:.7g} lies outside the coordinate system. "
            "Check the CRS and the order of the coordinates.",
            f"坐标 {x:.7g}, {y:.7g} 超出坐标系范围。请检查坐标系与坐标顺序。",
            place=[float(x), float(y)],
        )
    return moved


def _geographic(epsg: int) -> int:
    return 4326 if epsg in (4326, 3857) else 4490


@cache
def _forward(epsg: int) -> Transformer | None:
    base = _geographic(epsg)
    return None if base == epsg else _transformer(base, epsg)


@cache
def _inverse(epsg: int) -> Transformer | None:
    base = _geographic(epsg)
    return None if base == epsg else _transformer(epsg, base)


def _transformer(source: int, target: int) -> Transformer:
    from pyproj import Transformer  # most processes only ever read degrees

    return Transformer.from_crs(source, target, always_xy=True)
