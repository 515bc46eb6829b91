"""Which ground a map shows: a bbox, a feature, or everything that was asked for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from geo.crs import from_crs84
from service.errors import BadRequest
from service.maps.drawn import LayerData
from service.maps.edges import DISTRICT
from service.maps.page import Rect
from service.maps.query import MapQuery
from service.maps.turn import Bounds, Turn
from service.maps.view import View, middle_of, stretch_of, view_of


def chosen_view(query: MapQuery, layers: Sequence[LayerData], frame: Rect) -> View:
    """The ground that fills the frame."""
    if query.sketch is not None:
        _near_data(_box(query.sketch.plane), layers, "shape")
    if query.at is not None and query.scale is not None:
        view = View(query.crs, frame, query.at, float(query.scale), turn=query.turn)
        if query.overlap is None:
            _near_data(view.bounds, layers, "center")
        return view
    bounds = asked_bounds(query, layers)
    if query.scale is not None:
        center = query.turn.ground(middle_of(bounds))
        stretch = stretch_of(query.crs, center)
        return View(query.crs, frame, center, float(query.scale), stretch, query.turn)
    free = query.page.paper is not None or query.bbox is None
    return view_of(bounds, frame, query.crs, round_scale=free, turn=query.turn)


def asked_bounds(query: MapQuery, layers: Sequence[LayerData]) -> Bounds:
    """The ground that was asked for, turned metres of the map's plane."""
    turn = query.turn
    if query.bbox is not None:
        box = np.array([query.bbox.polygon()], dtype=object)
        box = shapely.segmentize(box, query.bbox.east - query.bbox.west)
        plane = from_crs84(box, query.crs, axis="xy")
        _near_data(tuple(shapely.bounds(plane)[0].tolist()), layers, "bbox")
        return turn.bounds_of(shapely.get_coordinates(plane))
    if query.fit is not None:
        around = 0.12 if query.overlap is None else 0.01
        return _fit_bounds(query.fit, layers, around, turn)
    if query.sketch is not None:
        return _around(query.sketch.plane, 0.35, turn)
    asked = [d for d in layers if d.layer.id in query.layers and d.extent]
    near = [d for d in asked if d.layer.scope == "district"] or asked
    whole = [d for d in near if d.layer.id == DISTRICT] or near
    extents = [_extent(d, turn) for d in whole]
    if not extents:
        raise BadRequest(
            "None of these layers has a located feature yet, so there is no extent to"
            " show. Give a bbox, or add another layer to collections.",
            "所选图层还没有已定位的要素，无法确定图幅范围。请给出 bbox，或增加图层。",
            parameter="collections",
        )
    return _grown(_union(extents), 0.03)


def _extent(data: LayerData, turn: Turn) -> Bounds:
    """The turned box around all of a layer."""
    if not turn.degrees and data.extent:
        return data.extent
    return turn.bounds_of(shapely.get_coordinates(data.plane))


def _fit_bounds(
    fit: tuple[str, str], layers: Sequence[LayerData], around: float, turn: Turn
) -> Bounds:
    data, row = fitted(fit, layers)
    return _around(data.plane[row], around, turn)


def _around(shape: shapely.Geometry, around: float, turn: Turn) -> Bounds:
    """The turned box of a shape, and some of what lies about it."""
    west, south, east, north = turn.bounds_of(shapely.get_coordinates(shape))
    least = 100.0  # a point still shows its surroundings
    pad_x, pad_y = (max(0.0, (least - s) / 2) for s in (east - west, north - south))
    padded = (west - pad_x, south - pad_y, east + pad_x, north + pad_y)
    return _grown(padded, around)


def fitted(fit: tuple[str, str], layers: Sequence[LayerData]) -> tuple[LayerData, int]:
    layer_id, feature = fit
    for data in layers:
        rows = np.flatnonzero(data.frame.ids == feature).tolist()
        if data.layer.id == layer_id and rows and not np.isnan(data.bounds[rows[0]][0]):
            return data, rows[0]
    raise BadRequest(
        f"fit={layer_id}/{feature} names no located feature of the layers drawn.",
        f"fit={layer_id}/{feature} 不是所绘图层中已定位的要素。",
        parameter="fit",
    )


def _box(shape: shapely.Geometry) -> Bounds:
    west, south, east, north = shape.bounds
    return west, south, east, north


def _near_data(bounds: Bounds, layers: Sequence[LayerData], asked: str) -> None:
    extents = [data.extent for data in layers if data.extent]
    if extents and not _meet(bounds, _grown(_union(extents), 1.0)):
        raise BadRequest(
            f"The {asked} lies far from everything in these layers. Check the order"
            " of its numbers (bbox: west,south,east,north in degrees, or as bbox-crs"
            " says; center: longitude,latitude).",
            f"{asked} 与所选图层相距很远。请检查数字顺序（bbox 为西,南,东,北，单位度，"
            "或按 bbox-crs；center 为经度,纬度）。",
            parameter=asked,
        )


def _meet(a: Bounds, b: Bounds) -> bool:
    apart_x = a[0] > b[2] or a[2] < b[0]
    apart_y = a[1] > b[3] or a[3] < b[1]
    return not (apart_x or apart_y)


def _union(boxes: Sequence[Bounds]) -> Bounds:
    array = np.array(boxes)
    low, high = array[:, :2].min(axis=0), array[:, 2:].max(axis=0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _grown(bounds: Bounds, share: float) -> Bounds:
    pad = max(bounds[2] - bounds[0], bounds[3] - bounds[1], 1.0) * share
    return bounds[0] - pad, bounds[1] - pad, bounds[2] + pad, bounds[3] + pad
