"""界址点 TXT out: CGCS2000, 3° zone 38 with the zone's number, millimetres, GB18030."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from geo.area import plane_area_m2
from geo.crs import Crs, from_crs84
from geo.errors import InvalidGeometry
from geo.frame import FloatArray, Frame
from layers.catalogue import Layer

#: Header key, and the fields that it names: the feature's id, and which of the
#: format's own fields hold what we filled in for want of a registered value.
EXTENSION, FEATURE_ID, FILLED = "扩展字段", "要素编号", "代填字段"
AREA, CODE = "地块面积", "地块编号"

_HEADER = (
    "[属性描述]",
    "格式版本号=1.01",
    "数据产生单位=",
    "数据产生日期=",
    "坐标系=2000国家大地坐标系",
    "几度分带=3",
    "投影类型=高斯克吕格",
    "计量单位=米",
    "带号=38",
    "精度=0.001",
    "转换参数=,,,,,,",
    # Keys that a program does not know are passed over; ours names the fields that
    # stand after the eight of the format.
    f"{EXTENSION}={FEATURE_ID},{FILLED}",
    "[地块坐标]",
)


def write_boundary_points(frame: Frame, layer: Layer, crs: Crs) -> bytes:
    """One parcel a feature; after the land-use code its id and what was filled in."""
    if layer.geometry not in ("polygon", "any"):
        raise InvalidGeometry(
            f"Boundary points describe areas; layer {layer.id!r} has none.",
            f"界址点坐标只描述面，图层“{layer.id}”不是面图层。",
        )
    shapes = from_crs84(frame.geometry, crs, axis="xy")
    areas = plane_area_m2(frame.geometry)
    lines = list(_HEADER)
    for row in np.flatnonzero(shapely.get_dimensions(shapes) == 2).tolist():
        lines += _parcel(frame, row, shapes[row], float(areas[row]))
    return "\r\n".join([*lines, ""]).encode("gb18030")


def _parcel(
    frame: Frame, row: int, shape: shapely.Geometry, area_m2: float
) -> Iterator[str]:
    rings = [shapely.get_coordinates(ring) for ring in _rings(shape)]
    distinct = sum(len(ring) - 1 for ring in rings)
    declared = _value(frame, row, "area_declared_m2")
    code = _value(frame, row, "parcel_code")
    hectares = (area_m2 if declared is None else float(declared)) / 10_000
    filled = {AREA: declared is None, CODE: not code}
    yield ",".join(
        [
            str(distinct),
            f"{hectares:.8f}".rstrip("0"),
            _text(code or frame.ids[row]),
            _text(_value(frame, row, "name_zh")),
            "面",
            "",
            _text(_value(frame, row, "landuse_name")),
            _text(_value(frame, row, "landuse_code")),
            _text(frame.ids[row]),
            " ".join(name for name, absent in filled.items() if absent),
            "@",
        ]
    )
    number = 0
    for ring, points in enumerate(rings, start=1):
        yield from _points(points, ring, number)
        number += len(points) - 1


def _points(points: FloatArray, ring: int, number: int) -> Iterator[str]:
    """Number, ring, X north, Y east; the ring ends with its first point again."""
    count = len(points) - 1
    for index, (east, north) in enumerate(points.tolist()):
        label = f"J{number + index % count + 1}"
        yield f"{label},{ring},{north:.3f},{east:.3f}"


def _rings(shape: shapely.Geometry) -> Iterator[shapely.LinearRing]:
    for part in shapely.get_parts(shape):
        yield part.exterior
        yield from part.interiors


def _value(frame: Frame, row: int, name: str) -> Any:
    column = frame.columns.get(name)
    value = None if column is None else column[row]
    return None if value is None or value != value else value


def _text(value: Any) -> str:
    """Text that cannot break the line: the separator becomes its wide form."""
    return str(value or "").replace(",", "，").replace("\n", " ").replace("@", "＠")
