"""Bounding boxes: parsed once, then never looked at as text again."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import shapely

from geo.crs import CRS84, FARTHEST, Crs, parse_crs, to_crs84
from geo.errors import InvalidBbox, InvalidGeometry

#: Edges of a projected box bend in degrees; this many pieces keep them closed.
_PIECES = 16


class Bbox(NamedTuple):
    """Degrees of longitude and latitude, CRS84."""

    west: float
    south: float
    east: float
    north: float

    def polygon(self) -> shapely.Polygon:
        """The box as a polygon."""
        return shapely.box(*self)

    def shape(self) -> shapely.Geometry:
        """The same, but a line or a point where the box has no width or height."""
        if self.west < self.east and self.south < self.north:
            return self.polygon()
        if self[:2] == self[2:]:
            return shapely.Point(self.west, self.south)
        return shapely.LineString([self[:2], self[2:]])


def parse_bbox(text: str, crs: Crs | str = CRS84) -> Bbox:
    """Four numbers (or six, whose heights are ignored) in the axis order of ``crs``.

    A box whose west lies east of its east is refused on purpose: it is far more often
    a slip than a box over the antimeridian, and nothing here lies there. Raises
    ``InvalidBbox``.
    """
    crs = parse_crs(crs) if isinstance(crs, str) else crs
    first, second, third, fourth = _corners(_numbers(text))
    if crs.north_first:
        first, second, third, fourth = second, first, fourth, third
    box = Bbox(first, second, third, fourth)
    _in_order(box)
    if crs.projected:
        return _to_degrees(box, crs)
    _in_range(box, crs)
    return box


def _numbers(text: str) -> list[float]:
    try:
        if (
            "_" in text or not text.isascii()
        ):  # Python reads 1_1 and １１, others do not
            raise ValueError
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise _invalid(
            f"bbox={text!r} is not a list of numbers. Write west,south,east,north.",
            f"bbox“{text}”不是数字列表。请写成 西,南,东,北。",
        ) from None
    if not all(map(math.isfinite, numbers)):
        raise _invalid(
            f"bbox={text!r} has a number that is not finite.",
            f"bbox“{text}”含有非有限数。",
        )
    return numbers


def _corners(numbers: list[float]) -> tuple[float, float, float, float]:
    if len(numbers) == 4:
        return numbers[0], numbers[1], numbers[2], numbers[3]
    if len(numbers) == 6:
        return numbers[0], numbers[1], numbers[3], numbers[4]
    raise _invalid(
        f"bbox has {len(numbers)} numbers; it needs 4 (west,south,east,north) or 6.",
        f"bbox 有 {len(numbers)} 个数；应为 4 个（西,南,东,北）或 6 个。",
    )


def _in_order(box: Bbox) -> None:
    if box.south > box.north:
        raise _invalid(
            f"bbox is upside down: south {box.south} lies north of {box.north}.",
            f"bbox 上下颠倒：南 {box.south} 大于北 {box.north}。",
        )
    if box.west > box.east:
        raise _invalid(
            f"bbox has west {box.west} east of {box.east}. If it crosses the "
            "antimeridian on purpose, ask for its two halves.",
            f"bbox 的西 {box.west} 大于东 {box.east}。"
            "如确需跨越 180° 经线，请分两次查询。",
        )


def _in_range(box: Bbox, crs: Crs) -> None:
    if box.west >= -180 and box.east <= 180 and box.south >= -90 and box.north <= 90:
        return
    order = "latitude first" if crs.north_first else "longitude first"
    order_zh = "纬度在前" if crs.north_first else "经度在前"
    raise _invalid(
        f"bbox is out of range: this CRS has {order}, longitude within ±180 and "
        "latitude within ±90. Are the coordinates swapped?",
        f"bbox 超出范围：此坐标系{order_zh}，经度 ±180、纬度 ±90 以内。"
        "是否经纬度颠倒？",
    )


def _to_degrees(box: Bbox, crs: Crs) -> Bbox:
    if max(map(abs, box)) > FARTHEST:
        raise _invalid(
            f"bbox is out of range: EPSG:{crs.epsg} counts metres on the Earth.",
            f"bbox 超出范围：EPSG:{crs.epsg} 以米为单位，且应在地球范围内。",
        )
    edge = max(box.east - box.west, box.north - box.south) / _PIECES
    outline = box.polygon().exterior
    if edge > 0:
        outline = shapely.segmentize(outline, edge)
    try:
        moved = to_crs84(np.array([outline], dtype=object), crs, axis="xy")
    except InvalidGeometry as error:
        raise _invalid(error.detail, error.detail_zh) from error
    degrees = Bbox(*(float(v) for v in shapely.bounds(moved[0])))
    _in_range(degrees, crs)
    return degrees


def _invalid(detail: str, detail_zh: str) -> InvalidBbox:
    return InvalidBbox(detail, detail_zh, parameter="bbox")
