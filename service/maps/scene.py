"""What a map shows: resolved from the query, the layers' features and the styles.

Pure: the same arguments give the same scene; it reads no store and no clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray
from service.maps.drawn import Drawn, Focus, LayerData
from service.maps.edges import with_edges, without_nested_hatching
from service.maps.extents import chosen_view, fitted
from service.maps.furniture import grid_rooms
from service.maps.labels import Label, place_labels
from service.maps.legend import LegendLine, legend_lines
from service.maps.names import obstacles_of, wishes_of
from service.maps.page import Rect
from service.maps.query import MapQuery
from service.maps.symbols import Group
from service.maps.turn import Bounds
from service.maps.view import View

#: Geometry is cut this far outside the frame, so that no cut edge shows.
_CUT_MM = 8.0
_ORDER = {"polygon": 0, "line": 1, "point": 2}


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything a renderer needs, in drawing order."""

    query: MapQuery
    view: View
    drawn: tuple[Drawn, ...]
    labels: tuple[Label, ...]
    legend: tuple[LegendLine, ...]
    layers: tuple[LayerData, ...]
    focus: Focus | None = None

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
    taken: Sequence[Rect] = (),
) -> Scene:
    """Resolve a query over its layers (in catalogue order) into a scene. No name is
    placed where ``taken`` lies."""
    view = chosen_view(query, layers, frame)
    drawn = [one for run in _runs(query, layers) for one in _stacked(run, view)]
    drawn = with_edges(without_nested_hatching(drawn), view)
    wishes = wishes_of(query, view, drawn, styles) if query.labels else []
    if query.graticule:
        taken = [*taken, *grid_rooms(view, query.page.text_scale)]
    standing = obstacles_of(view, drawn, taken, query.page.px)
    return Scene(
        query,
        view,
        tuple(drawn),
        tuple(place_labels(wishes, frame, standing)),
        tuple(legend_lines(query, layers, drawn)),
        tuple(layers),
        _focus(query, layers, view),
    )


def _focus(query: MapQuery, layers: Sequence[LayerData], view: View) -> Focus | None:
    if query.fit is None:
        return None
    data, row = fitted(query.fit, layers)
    shape = shapely.clip_by_rect(data.plane[row], *view.grown(_CUT_MM))
    return Focus(data, row, shape)


def _runs(query: MapQuery, layers: Sequence[LayerData]) -> list[list[LayerData]]:
    """Layers that are stacked together, lowest first: all of them, or as listed those
    of one kind that follow each other."""
    if not query.as_listed:
        return [list(layers)]
    listed = {id_: n for n, id_ in enumerate(query.layers)}
    order = sorted(layers, key=lambda data: listed.get(data.layer.id, -1))
    return [list(run) for _, run in groupby(order, _kind)]


def _kind(data: LayerData) -> int:
    return min((_ORDER[group.symbol.kind] for group in data.groups), default=0)


def _stacked(layers: Sequence[LayerData], view: View) -> list[Drawn]:
    drawn = (one for data in layers for one in _all_drawn(data, view))
    return sorted(drawn, key=_depth)


def _depth(drawn: Drawn) -> tuple[int, bool]:
    """Filled shapes lie lowest, then outlines, lines, points."""
    return _ORDER[drawn.group.symbol.kind], drawn.group.symbol.fill is None


def _all_drawn(data: LayerData, view: View) -> Iterator[Drawn]:
    near = _touching(data.bounds, view.bounds)
    for group in data.groups:
        yield _drawn(data, group, group.rows[near[group.rows]], view)


def _drawn(data: LayerData, group: Group, rows: NDArray[np.intp], view: View) -> Drawn:
    shapes = data.plane[rows]
    inside = _within(data.bounds[rows], view.grown(_CUT_MM))
    if view.turn.degrees or not inside.all():
        window = view.window
        shapely.prepare(window)
        # The box around a turned frame holds more than the frame does.
        seen = inside & (not view.turn.degrees)
        seen |= shapely.intersects(window, shapes)
        rows, shapes, inside = rows[seen], shapes[seen].copy(), inside[seen]
        cut = shapely.clip_by_rect(shapes[~inside], *view.grown(_CUT_MM))
        shapes[~inside] = cut
    return Drawn(data, group, rows, shapes, ~inside)


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
