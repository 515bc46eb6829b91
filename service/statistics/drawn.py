"""A drawn shape against layers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import orjson
import shapely

from geo.drawn import Drawn
from geo.errors import InvalidGeometry
from geo.frame import ObjectArray
from geo.measures import measures
from geo.stopping import waited
from geo.surface import Basis
from service.errors import TooLarge
from service.statistics.amounts import area_amounts
from service.statistics.longrings import long_polygons
from service.statistics.plate import Plate
from service.statistics.provenance import Provenance
from service.statistics.reading import Reading, surface_for
from service.statistics.shares import listed, shares

#: Features listed of each layer, unless more are asked for.
LISTED = 500
_POLYGON = 3  # simple kinds are up to here
MAX_VERTICES = 1_000_000
#: Polygons of more positions are not read from text.
_LONG = 10_000
#: Wider shapes bend too much for any plane, and no planner means them.
MAX_DEGREES = 20
#: Longitudes that EPSG:4547 is for, generously: three degrees either side of its own.
_PLANE = (111.0, 117.0)
#: Where a latitude and a longitude of China would be taken for each other.
_CHINA_SWAPPED = (3.0, 73.0, 54.0, 136.0)


def shape_of(given: Any) -> shapely.Geometry:
    """The geometry of GeoJSON (a geometry or a Feature), or a precise refusal."""
    if isinstance(given, Mapping) and given.get("type") == "Feature":
        given = given.get("geometry")
    if not isinstance(given, Mapping) or "type" not in given:
        raise _refused(
            "The body needs 'geometry': a GeoJSON geometry in longitude, latitude.",
            "请求体需要“geometry”：以经度、纬度书写的 GeoJSON 几何。",
        )
    _check_crs(given)
    _check_size(count := _count(given.get("coordinates")))
    shape = (long_polygons(given) if count > _LONG else None) or _parsed(given)
    _check_size(int(shapely.get_num_coordinates(shape)))
    shape = _of_one_kind(shape)
    _check_place(shape)
    _check_width(shape)
    _check_valid(shape)
    return shape


def check_basis(shape: shapely.Geometry, basis: Basis) -> None:
    """Far from its meridian the plane distorts beyond any use."""
    if basis == "plane" and not _on_plane(shape):
        west, _, east, _ = shape.bounds
        raise _refused(
            f"basis=plane is EPSG:4547, for longitudes {_PLANE[0]:g} to {_PLANE[1]:g};"
            f" the shape lies at {west:.6g} to {east:.6g}. Ask with basis=ellipsoidal.",
            f"basis=plane 为 EPSG:4547，适用于经度 {_PLANE[0]:g} 至 {_PLANE[1]:g}；"
            f"图形位于 {west:.6g} 至 {east:.6g}。请用 basis=ellipsoidal。",
            "outside_plane",
        )


def _on_plane(shape: shapely.Geometry) -> bool:
    west, south, east, north = shape.bounds
    return bool(_PLANE[0] <= west and east <= _PLANE[1] and south >= 0 and north <= 60)


def drawn_statistics(
    shape: shapely.Geometry,
    layers: Iterable[Reading | Plate],
    *,
    basis: Basis,
    limit: int = LISTED,
) -> dict[str, Any]:
    """What the shape shares with each layer's features, and what it leaves. Of each
    layer the ``limit`` largest shares are listed; totals count all."""
    geometry = np.array([shape], dtype=object)
    on = surface_for(basis, shapely.bounds(geometry))
    drawn = Drawn(on, shape)
    found = shares(drawn, shape, list(layers))
    left_out = [each for share in found for each in share.omitted(limit)]
    notes = [note for share in found for note in share.notes()]
    sides = tuple(share.side for share in found)
    return {
        **Provenance(basis, sides, tuple(left_out), tuple(notes)).as_json(),
        "geometry": _measured(geometry, drawn),
        "layers": {
            share.side.layer.id: share.as_json(features)
            for share, features in zip(found, listed(found, limit), strict=True)
        },
    }


def _measured(geometry: ObjectArray, drawn: Drawn) -> dict[str, Any]:
    """The shape's own amounts in the basis asked, and its area in both."""
    both, flat = measures(geometry), np.array([drawn.flat], dtype=object)
    return {
        **area_amounts(drawn.surface.area(flat)[0]),
        "length_m": float(drawn.surface.length(flat)[0]),
        "area_ellipsoidal_m2": float(both["area_m2"][0]),
        "area_plane_m2": (
            float(both["area_plane_m2"][0]) if _on_plane(geometry[0]) else None
        ),
        "type": geometry[0].geom_type,
    }


def _parsed(given: Mapping[str, Any]) -> shapely.Geometry:
    try:
        shape = shapely.from_geojson(orjson.dumps(given))
    except (shapely.GEOSException, orjson.JSONEncodeError, ValueError):
        shape = None
    if shape is None or not np.isfinite(shapely.get_coordinates(shape)).all():
        raise _refused(
            "'geometry' is not a GeoJSON geometry that can be read. Check its type, "
            "that coordinates are finite numbers and that rings end where they begin.",
            "“geometry”不是可读的 GeoJSON 几何。"
            "请检查类型、坐标是否为有限数、环是否首尾闭合。",
        )
    if shape.is_empty:
        raise _refused(
            "The drawn shape is empty. Draw at least one point, line or polygon.",
            "所绘图形为空，请至少绘制一个点、线或面。",
        )
    flat: shapely.Geometry = shapely.force_2d(shape)
    return flat


def _count(coordinates: Any, depth: int = 4) -> int:
    """How many positions are in coordinates, before anything is made of them."""
    if not isinstance(coordinates, list) or not coordinates or not depth:
        return 0
    if not isinstance(coordinates[0], list):
        return 1
    if coordinates[0] and not isinstance(coordinates[0][0], list):
        return len(coordinates)
    return sum(_count(each, depth - 1) for each in coordinates)


def _check_size(count: int) -> None:
    if count > MAX_VERTICES:
        raise TooLarge(
            f"The drawn shape has {count} vertices; {MAX_VERTICES} are allowed. "
            "Simplify it, or upload it as a layer.",
            f"所绘图形有 {count} 个顶点，最多 {MAX_VERTICES} 个。"
            "请化简或作为图层上传。",
            parameter="geometry",
        )


def _check_crs(given: Mapping[str, Any]) -> None:
    """An old member that no GeoJSON has any more: not to be passed over when it says
    that the numbers are no longitudes and latitudes."""
    crs = given.get("crs")
    if crs is None or re.search(r"CRS84|EPSG:{1,2}(4326|4490)\b", str(crs)):
        return
    raise _refused(
        "The geometry names a coordinate reference system of its own in 'crs'. Send "
        "degrees, longitude first (CRS84), without it; or upload the file, where any"
        " system is read.",
        "几何的“crs”成员指定了其他坐标系。请以经度、纬度（CRS84）发送并去掉该成员，"
        "或作为文件上传（可识别各坐标系）。",
        "not_degrees",
    )


def _of_one_kind(shape: shapely.Geometry) -> shapely.Geometry:
    """A collection as the multiple shape it means: areas, lines or points."""
    if shape.geom_type != "GeometryCollection":
        return shape
    parts = np.array([shape], dtype=object)
    while (shapely.get_type_id(parts) > _POLYGON).any():
        parts = shapely.get_parts(parts)
    parts = parts[~shapely.is_empty(parts)]
    kinds = set(shapely.get_dimensions(parts).tolist())
    if len(kinds) > 1:
        raise _refused(
            "The drawn collection mixes areas, lines or points, which have no common"
            " measure. Ask for each kind by itself.",
            "所绘集合混有面、线或点，没有共同的度量。请分别提问。",
            "mixed_kinds",
        )
    several = (shapely.MultiPoint, shapely.MultiLineString, shapely.MultiPolygon)
    made: shapely.Geometry = several[kinds.pop()](parts.tolist())
    return made


def _check_place(shape: shapely.Geometry) -> None:
    west, south, east, north = shape.bounds
    low, left, high, right = _CHINA_SWAPPED
    swapped = low <= west <= east <= high and left <= south <= north <= right
    if swapped or (max(abs(south), abs(north)) > 90 >= abs(west)):
        raise _refused(
            f"The coordinates stand in the wrong order: {west:.6g}, {south:.6g} reads "
            "as latitude, longitude. GeoJSON is longitude first.",
            f"坐标顺序颠倒：{west:.6g}, {south:.6g} 像是纬度、经度。"
            "GeoJSON 应为经度在前。",
            "swapped_axes",
        )
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise _refused(
            f"{west:.10g}, {south:.10g} is no longitude and latitude; it looks like "
            "plane coordinates. Send degrees (CRS84).",
            f"{west:.10g}, {south:.10g} 不是经纬度，像是平面坐标。请用度（CRS84）。",
            "not_degrees",
        )


def _check_width(shape: shapely.Geometry) -> None:
    west, south, east, north = shape.bounds
    if max(east - west, north - south) > MAX_DEGREES:
        raise _refused(
            f"The drawn shape is {east - west:.4g} by {north - south:.4g} degrees; "
            f"{MAX_DEGREES} are allowed. Draw the area you mean.",
            f"所绘图形宽 {east - west:.4g} 度、高 {north - south:.4g} 度，"
            f"最多 {MAX_DEGREES} 度。请缩小范围。",
            "too_wide",
        )


def _check_valid(shape: shapely.Geometry) -> None:
    if _valid(shape):
        return
    reason, _, rest = shapely.is_valid_reason(shape).partition("[")
    place = [float(part) for part in rest.rstrip("]").split()][:2]
    at = f" at {place[0]:.7f}, {place[1]:.7f}" if len(place) == 2 else ""
    if reason.startswith("Too few points"):
        raise _refused(
            f"The drawn shape has too few different points{at}: a line needs two, an "
            "area three that are not in one line.",
            "所绘图形的不同点太少：线至少两点，面至少三个不共线的点。",
            place=place or None,
        )
    if shape.convex_hull.area == 0:
        raise _refused(
            f"The drawn shape has no area{at}: all its corners lie in one line. Move"
            " one of them aside, or draw a line.",
            "所绘面没有面积：所有顶点在一条直线上。请移动其中一点，或改绘线。",
            place=place or None,
        )
    at_zh = f"（{place[0]:.7f}, {place[1]:.7f}）" if len(place) == 2 else ""
    raise _refused(
        f"The drawn shape is not valid: {reason.lower()}{at}. Its area would be a "
        "guess. Redraw that corner so that the outline does not cross itself.",
        f"所绘图形无效{at_zh}：边界自相交或环不正确，面积无法确定。"
        "请重绘该处，使边界不自相交。",
        "invalid_geometry",
        place=place or None,
    )


def _valid(shape: shapely.Geometry) -> bool:
    long = shapely.get_num_coordinates(shape) > _LONG
    return waited(lambda: bool(shape.is_valid)) if long else bool(shape.is_valid)


def _refused(
    detail: str, detail_zh: str, code: str = "invalid_geometry", **extra: Any
) -> InvalidGeometry:
    return InvalidGeometry(detail, detail_zh, parameter="geometry", code=code, **extra)
