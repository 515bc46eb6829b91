"""What a map shows: resolved from the query, the layers' features and the styles.

Pure: the same arguments give the same scene; it reads no store and no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Crs, from_crs84
from geo.frame import FloatArray, Frame, ObjectArray
from layers.catalogue import Layer
from service.errors import BadRequest
from service.maps.labels import Label, place_labels
from service.maps.legend import LegendLine, legend_lines
from service.maps.names import obstacles_of, wishes_of
from service.maps.page import Rect
from service.maps.query import MapQuery
from service.maps.symbols import Group, groups_of
from service.maps.view import Bounds, View, stretch_of, view_of

DISTRICT = "district"
#: Geometry is cut this far outside the frame, so that no cut edge shows.
_CUT_MM = 8.0
_ORDER = {"polygon": 0, "line": 1, "point": 2}


@dataclass(frozen=True, slots=True)
class LayerData:
    """One layer's features, also in the map's CRS (``plane``, x and y in metres)."""

    layer: Layer
    version: int
    published_at: str
    frame: Frame
    plane: ObjectArray
    bounds: FloatArray  # (n, 4), NaN where unlocated
    filtered: bool = False

    @property
    def vertices(self) -> int:
        """How many coordinates are held."""
        return int(shapely.get_num_coordinates(self.plane).sum())

    @property
    def extent(self) -> Bounds | None:
        """The box around everything located."""
        located = self.bounds[~np.isnan(self.bounds).any(axis=1)]
        if len(located) == 0:
            return None
        low, high = located[:, :2].min(axis=0), located[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def layer_data(
    layer: Layer,
    version: int,
    frame: Frame,
    crs: Crs,
    *,
    published_at: str = "",
    filtered: bool = False,
) -> LayerData:
    """Project a frame for drawing."""
    plane = from_crs84(frame.geometry, crs, axis="xy")
    bounds: FloatArray = shapely.bounds(plane).reshape(-1, 4)
    return LayerData(layer, version, published_at, frame, plane, bounds, filtered)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A legend group of a layer with what of it lies in the frame, cut to it."""

    data: LayerData
    group: Group
    rows: NDArray[np.intp]
    shapes: ObjectArray


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a renderer needs, in drawing order."""

    query: MapQuery
    view: View
    drawn: tuple[Drawn, ...]
    labels: tuple[Label, ...]
    legend: tuple[LegendLine, ...]
    layers: tuple[LayerData, ...]

    @property
    def indicative_accuracy(self) -> float | None:
        """The worst stated accuracy of the indicative shapes shown, in metres; NaN if
        none is stated, None if nothing shown is indicative."""
        shown = [d for d in self.drawn if d.group.indicative and len(d.rows)]
        if not shown:
            return None
        stated = [d.data.frame.columns.get("accuracy_m") for d in shown]
        worst = [
            float(np.nanmax(column[d.rows]))
            for d, column in zip(shown, stated, strict=True)
            if column is not None and not np.isnan(column[d.rows]).all()
        ]
        return max(worst, default=float("nan"))


def build_scene(
    query: MapQuery,
    layers: Sequence[LayerData],
    styles: Mapping[str, Any],
    frame: Rect,
) -> Scene:
    """Resolve a query over its layers (in catalogue order) into a scene."""
    view = _view(query, layers, frame)
    drawn = [
        _drawn(data, group, view)
        for data in layers
        for group in groups_of(
            data.layer, data.frame, styles, standard=query.standard_colours
        )
    ]
    drawn.sort(key=_depth)
    wishes = wishes_of(query, view, drawn, styles) if query.labels else []
    return Scene(
        query,
        view,
        tuple(drawn),
        tuple(place_labels(wishes, frame, obstacles_of(view, drawn))),
        tuple(legend_lines(query, layers, drawn)),
        tuple(layers),
    )


def _depth(drawn: Drawn) -> tuple[int, bool]:
    """Filled classes lie lowest, then shapes, lines, points."""
    outlined = drawn.group.class_code is None
    return _ORDER[drawn.group.symbol.kind], outlined


def _drawn(data: LayerData, group: Group, view: View) -> Drawn:
    rows = group.rows[_touching(data.bounds[group.rows], view.bounds)]
    shapes = data.plane[rows]
    inside = _within(data.bounds[rows], view.grown(_CUT_MM))
    if not inside.all():
        window = shapely.box(*view.bounds)
        shapely.prepare(window)
        seen = inside | shapely.intersects(window, shapes)
        rows, shapes, inside = rows[seen], shapes[seen].copy(), inside[seen]
        cut = shapely.clip_by_rect(shapes[~inside], *view.grown(_CUT_MM))
        shapes[~inside] = cut
    return Drawn(data, group, rows, shapes)


def _touching(bounds: FloatArray, window: Bounds) -> NDArray[np.bool_]:
    west, south, east, north = window
    hit: NDArray[np.bool_] = (
        (bounds[:, 0] <= east)
        & (bounds[:, 2] >= west)
        & (bounds[:, 1] <= north)
        & (bounds[:, 3] >= south)
    )
    return hit


def _within(bounds: FloatArray, window: Bounds) -> NDArray[np.bool_]:
    west, south, east, north = window
    held: NDArray[np.bool_] = (
        (bounds[:, 0] >= west)
        & (bounds[:, 2] <= east)
        & (bounds[:, 1] >= south)
        & (bounds[:, 3] <= north)
    )
    return held


def _view(query: MapQuery, layers: Sequence[LayerData], frame: Rect) -> View:
    bounds = _asked_bounds(query, layers)
    if query.scale is not None:
        center = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
        stretch = stretch_of(query.crs, center)
        return View(query.crs, frame, center, float(query.scale), stretch)
    on_paper = query.page.paper is not None
    return view_of(bounds, frame, query.crs, round_scale=on_paper)


def _asked_bounds(query: MapQuery, layers: Sequence[LayerData]) -> Bounds:
    if query.bbox is not None:
        box = np.array([query.bbox.polygon()], dtype=object)
        box = shapely.segmentize(box, query.bbox.east - query.bbox.west)
        bounds = shapely.bounds(from_crs84(box, query.crs, axis="xy"))[0].tolist()
        return _near_data(tuple(bounds), layers)
    if query.fit is not None:
        return _fit_bounds(query.fit, layers)
    asked = [d for d in layers if d.layer.id in query.layers and d.extent]
    near = [d for d in asked if d.layer.scope == "district"] or asked
    whole = [d for d in near if d.layer.id == DISTRICT] or near
    extents = [d.extent for d in whole if d.extent]
    if not extents:
        raise BadRequest(
            "None of these layers has a located feature yet, so there is no extent to"
            " show. Give a bbox, or add another layer to collections.",
            "所选图层还没有已定位的要素，无法确定图幅范围。请给出 bbox，或增加图层。",
            parameter="collections",
        )
    return _grown(_union(extents), 0.03)


def _fit_bounds(fit: tuple[str, str], layers: Sequence[LayerData]) -> Bounds:
    layer_id, feature = fit
    data = next((d for d in layers if d.layer.id == layer_id), None)
    rows = np.flatnonzero(data.frame.ids == feature).tolist() if data else []
    if data is None or not rows or np.isnan(data.bounds[rows[0]]).any():
        raise BadRequest(
            f"fit={layer_id}/{feature} names no located feature of the layers drawn.",
            f"fit={layer_id}/{feature} 不是所绘图层中已定位的要素。",
            parameter="fit",
        )
    west, south, east, north = data.bounds[rows[0]].tolist()
    least = 100.0  # a point still shows its surroundings
    pad_x, pad_y = (max(0.0, (least - s) / 2) for s in (east - west, north - south))
    padded = (west - pad_x, south - pad_y, east + pad_x, north + pad_y)
    return _grown(padded, 0.12)


def _near_data(bounds: Bounds, layers: Sequence[LayerData]) -> Bounds:
    extents = [data.extent for data in layers if data.extent]
    if extents and not _meet(bounds, _grown(_union(extents), 1.0)):
        raise BadRequest(
            "The bbox lies far from everything in these layers. Check the order of"
            " its numbers (west,south,east,north in degrees) and its bbox-crs.",
            "bbox 与所选图层相距很远。请检查数字顺序（西,南,东,北，单位度）"
            "与 bbox-crs。",
            parameter="bbox",
        )
    return bounds


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
