"""A scene's shapes as marks: one a group, no text (texts are set apart)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import numpy as np
import shapely

from service.maps.drawn import Drawn
from service.maps.edges import DISTRICT
from service.maps.marks import (
    Band,
    Clipped,
    Discs,
    Mark,
    Outline,
    Patterned,
    Pen,
    Shape,
    box,
    outline_of,
    rule,
)
from service.maps.page import Rect
from service.maps.paths import area_outline, joined, line_outline, ring_outline
from service.maps.scene import Scene
from service.maps.sketch import TINT_OPACITY
from service.maps.symbols import BEYOND, LAND, PAPER, SELECTED, Hatch, Symbol

#: Filled shapes this wide have their whole outline; this narrow, none at all.
FULL_OUTLINE_PX, NO_OUTLINE_PX = 12.0, 3.0


def map_marks(scene: Scene) -> Clipped:
    """The map inside its frame."""
    frame = scene.view.frame
    marks: list[Mark] = [box(frame, fill=BEYOND)]
    district = [d for d in scene.drawn if d.data.layer.id == DISTRICT]
    others = [d for d in scene.drawn if d.data.layer.id != DISTRICT]
    marks += [Shape(_areas(d, scene), LAND) for d in district]
    for _, layer in groupby(others, key=lambda d: d.data.layer.id):
        groups = list(layer)
        marks += [mark for drawn in groups for mark in _group(drawn, scene)]
        marks += _patterns(groups, scene)
    for drawn in district:
        marks += _boundary(drawn, scene)
    return Clipped(frame, (*marks, *_sketch(scene), *_focus(scene)))


def pen_of(
    symbol: Symbol, px: float, *, dash_scale: float = 1.0, sharp: bool = False
) -> Pen | None:
    """A symbol's line; ``px`` millimetres are a CSS pixel."""
    if symbol.stroke is None or symbol.width == 0:
        return None
    dash = tuple(d * px * dash_scale for d in symbol.dash)
    return Pen(symbol.stroke, symbol.width * px, dash, sharp=sharp)


def swatch(
    symbol: Symbol, rect: Rect, px: float, *, patterns: bool = False
) -> list[Mark]:
    """A sample of a symbol for the legend (``px`` mm are one CSS pixel)."""
    if symbol.kind == "point":
        centre = np.array([rect.center])
        return [Discs(centre, symbol.radius * px, PAPER, pen_of(symbol, px))]
    bare = symbol.fill is None and symbol.hatch is None
    if symbol.kind == "line" or (bare and symbol.dash):
        y, pen = rect.center[1], pen_of(symbol, px)
        return [rule((rect.x, y), (rect.right, y), pen)] if pen else []
    hatch = [_swatch_hatch(rect, symbol.hatch, px)] if symbol.hatch else []
    pen = pen_of(symbol, px, dash_scale=0.6, sharp=True)
    area = box(rect, symbol.fill, pen)
    if patterns and symbol.pattern:
        return [*hatch, area, Patterned(area.outline, symbol.pattern, px)]
    return [*hatch, area]


def _swatch_hatch(rect: Rect, hatch: Hatch, px: float) -> Shape:
    steps = np.arange(rect.x, rect.right - 1e-6, rect.height / 2).tolist()
    runs = [(x, min(rect.height, rect.right - x)) for x in steps]
    lines = [[(x, rect.bottom), (x + run, rect.bottom - run)] for x, run in runs]
    return Shape(
        outline_of(lines, closed=False),
        pen=Pen(hatch.colour, 1.2 * px, opacity=0.7),
    )


def _group(drawn: Drawn, scene: Scene) -> list[Mark]:
    if len(drawn.rows) == 0:
        return []
    symbol, px = drawn.group.symbol, scene.query.page.px
    if symbol.kind == "polygon":
        return _area(drawn, scene)
    if symbol.kind == "line":
        return _line(drawn, scene)
    centres = shapely.get_coordinates(shapely.point_on_surface(drawn.shapes))
    at = scene.view.to_page(centres)
    return [Discs(at, symbol.radius * px, PAPER, pen_of(symbol, px))]


def _patterns(groups: Sequence[Drawn], scene: Scene) -> list[Mark]:
    """After all of a layer's areas, which are painted as one."""
    if not scene.query.patterns:
        return []
    px = scene.query.page.px
    filled = [(d, d.group.symbol.pattern) for d in groups if len(d.rows)]
    return [Patterned(_areas(d, scene), p, px) for d, p in filled if p]


def _areas(drawn: Drawn, scene: Scene) -> Outline:
    """The outlines of a group: whole features out of the version's rings, those cut
    at the frame as they were cut."""
    if drawn.cut is None:
        return area_outline(drawn.shapes, scene.view)
    whole = ring_outline(*drawn.data.rings.of(drawn.rows[~drawn.cut]), scene.view)
    if not drawn.cut.any():
        return whole
    return joined([whole, area_outline(drawn.shapes[drawn.cut], scene.view)])


def _area(drawn: Drawn, scene: Scene) -> list[Mark]:
    symbol, px = drawn.group.symbol, scene.query.page.px
    outline = _areas(drawn, scene)
    pen = pen_of(symbol, px)
    if not drawn.group.dashed_outline:
        return [Shape(outline, symbol.fill, _thinned(pen, drawn, scene))]
    band = [Band(outline, symbol.hatch, px)] if symbol.hatch else []
    edges = line_outline(drawn.edges, scene.view)
    halo = Pen(PAPER, symbol.halo * px, opacity=0.8)
    return [*band, Shape(edges, pen=halo), Shape(edges, pen=pen)]


def _thinned(pen: Pen | None, drawn: Drawn, scene: Scene) -> Pen | None:
    """Outlines grow thinner as shapes grow small, or they would grey the colours."""
    fineness = _fineness(drawn, scene)
    if pen is None or fineness == 0:
        return None
    return Pen(pen.colour, pen.width * fineness, pen.dash)


def _fineness(drawn: Drawn, scene: Scene) -> float:
    if drawn.group.symbol.fill is None and drawn.group.class_code is None:
        return 1.0
    mean = float(drawn.data.areas[drawn.rows].mean()) ** 0.5
    pixels = mean / scene.view.metres_per_mm / scene.query.page.px
    return min(1.0, pixels / FULL_OUTLINE_PX) if pixels > NO_OUTLINE_PX else 0.0


def _line(drawn: Drawn, scene: Scene) -> list[Mark]:
    symbol, px = drawn.group.symbol, scene.query.page.px
    outline = line_outline(drawn.shapes, scene.view)
    under = Shape(outline, pen=Pen(PAPER, symbol.casing * px))
    casing = [under] if symbol.casing else []
    return [*casing, Shape(outline, pen=pen_of(symbol, px))]


def _boundary(drawn: Drawn, scene: Scene) -> list[Mark]:
    px, outline = scene.query.page.px, _areas(drawn, scene)
    pen = pen_of(drawn.group.symbol, px)
    return [
        Shape(outline, pen=Pen(PAPER, 5 * px, opacity=0.7)),
        Shape(outline, pen=pen),
    ]


def _sketch(scene: Scene) -> list[Mark]:
    """The drawn shape over everything: a tint that lets read what lies below, and a
    solid line on a white casing."""
    if (sketch := scene.query.sketch) is None:
        return []
    view, px, symbol = scene.view, scene.query.page.px, sketch.symbol
    shapes = np.array([shapely.clip_by_rect(sketch.plane, *view.grown(8.0))], object)
    pen = pen_of(symbol, px)
    if shapely.is_empty(shapes[0]):
        return []
    if symbol.kind == "point":
        at = view.to_page(shapely.get_coordinates(shapes))
        return [Discs(at, symbol.radius * px, PAPER, pen)]
    lines = line_outline(shapes, view)
    tint = Shape(area_outline(shapes, view), SELECTED, opacity=TINT_OPACITY)
    filled = [tint] if symbol.kind == "polygon" else []
    return [*filled, Shape(lines, pen=Pen(PAPER, 6 * px)), Shape(lines, pen=pen)]


def _focus(scene: Scene) -> list[Mark]:
    """The feature the map is about, in ink on a white casing; dashed if indicative."""
    focus, px = scene.focus, scene.query.page.px
    if focus is None or (scene.query.sketch and focus.data.layer.id == DISTRICT):
        return []  # the district's own line will do: the ink is the drawn shape's
    if focus.shape.geom_type in ("Point", "MultiPoint"):
        return []
    outline = line_outline(np.array([focus.shape], dtype=object), scene.view)
    dash = (9.0 * px, 5.0 * px) if focus.indicative else ()
    return [
        Shape(outline, pen=Pen(PAPER, 7 * px)),
        Shape(outline, pen=Pen(SELECTED, 3 * px, dash)),
    ]
