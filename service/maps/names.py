"""Which names a map wants to print, and where they may stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray
from service.maps.drawn import Drawn
from service.maps.labels import Wish
from service.maps.legend import sketch_amount
from service.maps.page import Rect
from service.maps.query import MapQuery
from service.maps.symbols import INK, INK_SOFT, SELECTED
from service.maps.view import View

#: More names than this in one layer are a texture, not a map.
_MOST = 400
#: Above this many shapes the exact centre of the widest room is not worth its time.
_EXACT = 150
#: The catalogue's group of land-use parcels: named only where the name fits inside.
PARCELS = "landuse"
#: Shapes are cut this far outside a turned frame before their middles are sought.
_BEYOND_MM = 8.0
_LINE_SPOTS = (0.5, 0.35, 0.65, 0.2, 0.8, 0.1, 0.9)


def wishes_of(
    query: MapQuery,
    view: View,
    drawn: Sequence[Drawn],
    styles: Mapping[str, Any],
) -> list[Wish]:
    """Names of everything in the frame whose style asks for one."""
    wishes = _sketch_wish(query, view)
    for rank, one in enumerate(drawn):
        style = styles["layers"].get(one.data.layer.id, {})
        field = style.get("label_field")
        if (
            field is None
            or one.data.layer.group == "base"
            or not 0 < len(one.rows) <= _MOST * 5
        ):
            continue
        if not any(one.data.has_texts(name) for name in _fields(query, field)):
            continue
        texts = _texts(query, one, field)
        named = [n for n, text in enumerate(texts) if text][:_MOST]
        if named:
            chosen = replace(one, rows=one.rows[named], shapes=one.shapes[named])
            found = _wishes(query, view, chosen, [texts[n] for n in named])
            # Among equals the layer drawn first goes first.
            wishes += [replace(w, priority=w.priority - rank * 0.01) for w in found]
    return wishes


def _sketch_wish(query: MapQuery, view: View) -> list[Wish]:
    """The drawn shape's name and measure, before all other names."""
    if query.sketch is None:
        return []
    seen = shapely.clip_by_rect(query.sketch.plane, *view.grown(0.0))
    shape = view.turn.cut(np.array([seen]), view.turned(0.0))
    if shapely.is_empty(shape[0]):
        return []
    kind, size = query.sketch.kind, 3.2 * query.page.text_scale
    at = _anchors(kind, shape, view)[0]
    text = " ".join([query.sketch.name(query.lang), *sketch_amount(query)])
    offset = 2.0 * query.page.text_scale if kind == "point" else 0.0
    return [Wish(text, at, size, 9.0, offset, bold=True, colour=SELECTED)]


def obstacles_of(
    view: View, drawn: Sequence[Drawn], taken: Sequence[Rect], px: float
) -> NDArray[np.float64]:
    """Boxes of point symbols and of what else stands on the map: no name may cover a
    station."""
    boxes = [np.array([(r.x, r.y, r.right, r.bottom) for r in taken]).reshape(-1, 4)]
    for one in drawn:
        if one.group.symbol.kind == "point" and len(one.rows):
            xy = view.to_page(shapely.get_coordinates(_centres(one.shapes)))
            r = one.group.symbol.radius * px
            boxes.append(np.hstack([xy - r, xy + r]))
    return np.concatenate(boxes)


def _fields(query: MapQuery, field: str) -> list[str]:
    if not field.startswith("name_"):
        return [field]
    return ["name_zh", "name_en"] if query.lang == "zh" else ["name_en", "name_zh"]


def _texts(query: MapQuery, one: Drawn, field: str) -> list[str]:
    """The label field, or in the other language when that is all there is."""
    columns = [one.data.frame.columns.get(name) for name in _fields(query, field)]
    found = [c[one.rows].tolist() for c in columns if c is not None]
    if not found:
        return [""] * len(one.rows)
    return [
        next((str(v) for v in values if v not in (None, "")), "")
        for values in zip(*found, strict=True)
    ]


def _wishes(
    query: MapQuery, view: View, one: Drawn, texts: Sequence[str]
) -> list[Wish]:
    shapes = view.turn.cut(one.shapes, view.turned(_BEYOND_MM))
    look = _look(one, query.page.px)
    anchors = _anchors(look.kind, shapes, view)
    rooms = _rooms(one, shapes, view)
    weight = shapely.area(shapes) + shapely.length(shapes) * 1e-3
    weight = weight / (float(weight.max()) or 1.0)
    return [
        Wish(
            text,
            anchors[n],
            size=look.size * query.page.text_scale,
            priority=look.priority + float(weight[n]) * 0.5,
            offset=look.offset,
            bold=look.bold,
            colour=look.colour,
            room=rooms[n],
        )
        for n, text in enumerate(texts)
    ]


@dataclass(frozen=True, slots=True)
class _Look:
    """How names of one kind of thing are set."""

    kind: str
    size: float  # mm at text scale 1
    priority: float
    bold: bool = False
    colour: str = INK
    offset: float = 0.0


def _look(one: Drawn, px: float) -> _Look:
    """Planning structure first, then stations, then places, lines, parcels."""
    symbol, group = one.group.symbol, one.data.layer.group
    if symbol.kind == "point":
        offset = symbol.radius * px + 0.5
        return _Look("point", 2.6, 4.0, colour=INK_SOFT, offset=offset)
    if symbol.kind == "line":
        return _Look("line", 2.5, 2.0, colour=INK_SOFT)
    if group == "structure":
        return _Look("polygon", 3.4, 5.0, bold=True)
    if group == PARCELS:
        return _Look("polygon", 2.3, 1.0, colour=INK_SOFT)
    return _Look("polygon", 2.9, 3.0)


def _anchors(
    kind: str, shapes: ObjectArray, view: View
) -> list[tuple[tuple[float, float], ...]]:
    if kind == "line":
        spots = [_along(shape) for shape in shapes]
    elif kind == "polygon" and len(shapes) <= _EXACT:
        spots = [_within(shape) for shape in shapes]
    else:
        spots = [point[None] for point in shapely.get_coordinates(_centres(shapes))]
    pages = (view.to_page(np.asarray(xy)) for xy in spots)
    return [tuple((float(x), float(y)) for x, y in page) for page in pages]


def _centres(shapes: ObjectArray) -> ObjectArray:
    centres: ObjectArray = shapely.point_on_surface(shapes)
    return centres


def _within(shape: Any) -> NDArray[np.float64]:
    """The middle of the widest room of a shape, then spots around it."""
    low_x, low_y, high_x, high_y = shapely.bounds(shape)
    tolerance = max(high_x - low_x, high_y - low_y) / 50
    if not tolerance > 0 or shape.geom_type not in ("Polygon", "MultiPolygon"):
        return _xy(shapely.point_on_surface(shape))
    reach = shapely.maximum_inscribed_circle(shape, tolerance=tolerance)
    centre = shapely.get_coordinates(reach)[0]
    radius = shapely.length(reach)
    steps = np.array([(0, 0), (0, 0.5), (0, -0.5), (0.5, 0), (-0.5, 0), (0, 0.9),
                      (0, -0.9)])  # fmt: skip
    spots: NDArray[np.float64] = centre + steps * radius
    return spots


def _along(shape: Any) -> NDArray[np.float64]:
    """Places along the longest piece of a line."""
    pieces = shapely.get_parts(shape)
    longest = pieces[int(np.argmax(shapely.length(pieces)))]
    if longest.geom_type != "LineString":
        return _xy(shapely.point_on_surface(longest))
    return _xy(shapely.line_interpolate_point(longest, _LINE_SPOTS, normalized=True))


def _xy(geometry: Any) -> NDArray[np.float64]:
    xy: NDArray[np.float64] = shapely.get_coordinates(geometry)
    return xy


def _rooms(one: Drawn, shapes: ObjectArray, view: View) -> list[float]:
    """Parcels are named only where the name fits inside; others always may be."""
    if one.group.symbol.kind != "polygon" or one.data.layer.group != PARCELS:
        return [0.0] * len(shapes)
    boxes = shapely.bounds(view.turn.shapes(shapes))
    widths = (boxes[:, 2] - boxes[:, 0]) / view.metres_per_mm * 0.9
    return [max(float(width), 0.01) for width in widths]
