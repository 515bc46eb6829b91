"""A drawn shape against layers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.area import to_ha, to_mu
from geo.errors import InvalidGeometry
from geo.frame import ObjectArray
from geo.measures import measures
from geo.overlap import AREA, COUNT, LENGTH, Laid, Pairs, coverage, lay, overlaps
from geo.surface import Basis, Surface
from service.errors import TooLarge
from service.statistics.amounts import area_amounts, plain
from service.statistics.provenance import Provenance
from service.statistics.reading import Reading, surface_for

MAX_VERTICES = 1_000_000
#: Wider shapes bend too much for any plane, and no planner means them.
MAX_DEGREES = 20
_SHOWN = ("name_zh", "name_en", "evidence", "accuracy_m")
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
    shape = _parsed(given)
    _check_size(shape)
    _check_place(shape)
    _check_width(shape)
    _check_valid(shape)
    return shape


def drawn_statistics(
    shape: shapely.Geometry, layers: Iterable[Reading], *, basis: Basis
) -> dict[str, Any]:
    """What the shape shares with each layer's features, and what it leaves."""
    drawn = np.array([shape], dtype=object)
    on = surface_for(basis, drawn)
    a = lay(on, drawn)
    near = [reading.near(drawn) for reading in layers]
    found = [_against(a, reading) for reading in near]
    return {
        **Provenance(basis, tuple(met for met, _ in found)).as_json(),
        "geometry": _measured(drawn, a, on),
        "layers": {met.layer.id: answer for met, answer in found},
    }


def _measured(drawn: ObjectArray, a: Laid, on: Surface) -> dict[str, Any]:
    """The shape's own amounts in the basis asked, and its area in both."""
    both = measures(drawn)
    area = on.area(a.geoms)[0]
    return {
        **area_amounts(area),
        "length_m": float(on.length(a.geoms)[0]),
        "area_ellipsoidal_m2": float(both["area_m2"][0]),
        "area_plane_m2": float(both["area_plane_m2"][0]),
        "type": drawn[0].geom_type,
    }


def _against(a: Laid, reading: Reading) -> tuple[Reading, dict[str, Any]]:
    if len(reading.rows) == 0:
        return reading, _unmet(a, reading)
    b = reading.laid(a.surface)
    pairs = overlaps(a, b, threads=1)
    cover = coverage(a, pairs, threads=1)
    areal = a.dimension[0] == AREA and reading.layer.geometry in ("polygon", "any")
    met = reading.narrowed(pairs.b)
    return met, {
        "version": reading.version,
        "evidence": Provenance(a.surface.basis, (met,)).evidence,
        "features": _features(a, b, pairs, met),
        "touching": pairs.touching,
        "covered_m2": float(cover.covered[0]) if areal else None,
        "uncovered_m2": float(cover.uncovered[0]) if areal else None,
        "double_covered_m2": float(cover.double[0]) if areal else None,
        "residual_m2": float(cover.residual[0]) if areal else None,
    }


def _unmet(a: Laid, reading: Reading) -> dict[str, Any]:
    """The answer of a layer that has nothing near."""
    areal = a.dimension[0] == AREA and reading.layer.geometry in ("polygon", "any")
    return {
        "version": reading.version,
        "evidence": None,
        "features": [],
        "touching": 0,
        "covered_m2": 0.0 if areal else None,
        "uncovered_m2": float(a.amount[0]) if areal else None,
        "double_covered_m2": 0.0 if areal else None,
        "residual_m2": 0.0 if areal else None,
    }


def _features(a: Laid, b: Laid, pairs: Pairs, met: Reading) -> list[dict[str, Any]]:
    """What the shape shares with each feature that it meets."""
    columns = {
        "id": met.ids,
        **{name: met.column(name) for name in _SHOWN},
        **_amounts(pairs),
        "share_of_geometry": _shares(pairs, a.take(pairs.a)),
        "share_of_feature": _shares(pairs, b.take(pairs.b)),
    }
    lists = [each.tolist() for each in columns.values()]
    found = [dict(zip(columns, row, strict=True)) for row in zip(*lists, strict=True)]
    for each in found:
        each["accuracy_m"] = plain(each["accuracy_m"])
    return found


def _amounts(pairs: Pairs) -> dict[str, NDArray[Any]]:
    """``shared`` of all pairs at once."""
    area = np.where(pairs.dimension == AREA, pairs.amount, 0.0)
    return {
        "area_m2": area,
        "area_ha": np.asarray(to_ha(area)),
        "area_mu": np.asarray(to_mu(area)),
        "length_m": np.where(pairs.dimension == LENGTH, pairs.amount, 0.0),
        "count": np.where(pairs.dimension == COUNT, pairs.amount, 0).astype(np.int64),
    }


def _shares(pairs: Pairs, whole: Laid) -> NDArray[Any]:
    """Parts of wholes of the same dimension, None for the others."""
    found = np.full(len(pairs), None, dtype=object)
    same = (whole.dimension == pairs.dimension) & (whole.amount > 0)
    found[same] = pairs.amount[same] / whole.amount[same]
    return found


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


def _check_size(shape: shapely.Geometry) -> None:
    count = int(shapely.get_num_coordinates(shape))
    if count > MAX_VERTICES:
        raise TooLarge(
            f"The drawn shape has {count} vertices; {MAX_VERTICES} are allowed. "
            "Simplify it, or upload it as a layer.",
            f"所绘图形有 {count} 个顶点，最多 {MAX_VERTICES} 个。"
            "请化简或作为图层上传。",
            parameter="geometry",
        )


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
    if shape.is_valid:
        return
    reason, _, rest = shapely.is_valid_reason(shape).partition("[")
    place = [float(part) for part in rest.rstrip("]").split()][:2]
    at = f" at {place[0]:.7f}, {place[1]:.7f}" if len(place) == 2 else ""
    at_zh = f"（{place[0]:.7f}, {place[1]:.7f}）" if len(place) == 2 else ""
    raise _refused(
        f"The drawn shape is not valid: {reason.lower()}{at}. Its area would be a "
        "guess. Redraw that corner so that the outline does not cross itself.",
        f"所绘图形无效{at_zh}：边界自相交或环不正确，面积无法确定。"
        "请重绘该处，使边界不自相交。",
        "invalid_geometry",
        place=place or None,
    )


def _refused(
    detail: str, detail_zh: str, code: str = "invalid_geometry", **extra: Any
) -> InvalidGeometry:
    return InvalidGeometry(detail, detail_zh, parameter="geometry", code=code, **extra)
