"""A scene's shapes as SVG: one element a group, no text (texts are set apart)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely

from service.maps.edges import DISTRICT
from service.maps.page import Rect
from service.maps.paths import UNITS_PER_MM, area_path, disc_path, line_path
from service.maps.scene import Drawn, Scene
from service.maps.symbols import BEYOND, LAND, PAPER, SELECTED, Hatch, Symbol

#: Filled shapes this wide have their whole outline; this narrow, none at all.
FULL_OUTLINE_PX, NO_OUTLINE_PX = 12.0, 3.0


def map_svg(scene: Scene) -> str:
    """The map inside its frame."""
    frame = scene.view.frame
    parts = [
        f'<g clip-path="url(#frame)">{box(frame, fill=BEYOND)}'
        f'<g transform="scale({1 / UNITS_PER_MM:g})" fill="none"'
        ' stroke-linejoin="round" stroke-linecap="butt">'
    ]
    district = [d for d in scene.drawn if d.data.layer.id == DISTRICT]
    others = [d for d in scene.drawn if d.data.layer.id != DISTRICT]
    parts += [_land(d, scene) for d in district]
    parts += [_group(d, scene, n) for n, d in enumerate(others)]
    parts += [_boundary(d, scene) for d in district]
    parts.append(_focus(scene) + "</g></g>")
    return "".join(parts)


def definitions(scene: Scene) -> str:
    """The clip of the frame, and a pattern for every colour of hatching."""
    hatches = {d.group.symbol.hatch for d in scene.drawn if d.group.symbol.hatch}
    px = _px(scene)
    patterns = "".join(_pattern(h, px) for h in sorted(hatches, key=lambda h: h.id))
    return f'<clipPath id="frame">{box(scene.view.frame)}</clipPath>{patterns}'


def _px(scene: Scene) -> float:
    """A CSS pixel in path units."""
    return scene.query.page.px * UNITS_PER_MM


def _pattern(hatch: Hatch, px: float) -> str:
    pitch = hatch.pitch * px
    return (
        f'<pattern id="{hatch.id}" width="{pitch:.1f}" height="{pitch:.1f}"'
        ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0V{pitch:.1f}" stroke="{hatch.colour}"'
        f' stroke-opacity="{hatch.opacity}"'
        # Half of a line on the cell's edge is cut off.
        f' stroke-width="{2 * hatch.width * px:.1f}"/></pattern>'
    )


def box(rect: Rect, **attributes: str) -> str:
    """An SVG rectangle in millimetres."""
    more = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attributes.items())
    return (
        f'<rect x="{rect.x:.3f}" y="{rect.y:.3f}" width="{rect.width:.3f}"'
        f' height="{rect.height:.3f}"{more}/>'
    )


def swatch_svg(symbol: Symbol, rect: Rect, px: float) -> str:
    """A sample of a symbol for the legend, in millimetres
    (``px`` of them are one CSS pixel)."""
    if symbol.kind == "point":
        x, y = rect.center
        radius = symbol.radius * px
        return (
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{PAPER}"'
            f"{_pen(symbol, px)}/>"
        )
    bare = symbol.fill is None and symbol.hatch is None
    if symbol.kind == "line" or (bare and symbol.dash):
        y = rect.center[1]
        line = f"M{rect.x:.2f} {y:.2f}H{rect.right:.2f}"
        return f'<path d="{line}" fill="none"{_pen(symbol, px)}/>'
    hatch = _swatch_hatch(rect, symbol.hatch, px) if symbol.hatch else ""
    outline = box(rect, fill=symbol.fill or "none")
    pen = _pen(symbol, px, dash_scale=0.6)
    return hatch + outline.replace("/>", f"{pen}/>")


def _swatch_hatch(rect: Rect, hatch: Hatch, px: float) -> str:
    pitch = rect.height / 2
    steps = np.arange(rect.x, rect.right - 1e-6, pitch)
    lines = "".join(
        f"M{x:.2f} {rect.bottom:.2f}L{min(x + rect.height, rect.right):.2f}"
        f" {rect.bottom - min(rect.height, rect.right - x):.2f}"
        for x in steps.tolist()
    )
    return (
        f'<path d="{lines}" stroke="{hatch.colour}" stroke-opacity=".7"'
        f' stroke-width="{1.2 * px:.3f}" fill="none"/>'
    )


def _group(drawn: Drawn, scene: Scene, number: int) -> str:
    if len(drawn.rows) == 0:
        return ""
    symbol = drawn.group.symbol
    if symbol.kind == "polygon":
        return _area(drawn, scene, number)
    if symbol.kind == "line":
        return _line(drawn, scene)
    centres = shapely.get_coordinates(shapely.point_on_surface(drawn.shapes))
    path = disc_path(scene.view.to_page(centres), symbol.radius * scene.query.page.px)
    return f'<path d="{path}" fill="{PAPER}"{_pen(symbol, _px(scene))}/>'


def _area(drawn: Drawn, scene: Scene, number: int) -> str:
    symbol = drawn.group.symbol
    path = area_path(drawn.shapes, scene.view)
    if not drawn.group.dashed_outline:
        thin = replace(symbol, width=symbol.width * _fineness(drawn, scene))
        fill = symbol.fill or "none"
        return f'<path d="{path}" fill="{fill}"{_pen(thin, _px(scene))}/>'
    band = _band(path, symbol.hatch, number, _px(scene)) if symbol.hatch else ""
    edges = line_path(drawn.edges, scene.view)
    halo = (
        f'<path d="{edges}" stroke="{PAPER}" stroke-opacity=".8"'
        f' stroke-width="{symbol.halo * _px(scene):.0f}"/>'
    )
    return f'{band}{halo}<path d="{edges}"{_pen(symbol, _px(scene))}/>'


def _fineness(drawn: Drawn, scene: Scene) -> float:
    """Outlines grow thinner as shapes grow small, or they would grey the colours."""
    if drawn.group.symbol.fill is None and drawn.group.class_code is None:
        return 1.0
    mean = float(shapely.area(drawn.shapes).mean()) ** 0.5
    pixels = mean / scene.view.metres_per_mm / scene.query.page.px
    return min(1.0, pixels / FULL_OUTLINE_PX) if pixels > NO_OUTLINE_PX else 0.0


def _band(path: str, hatch: Hatch, number: int, px: float) -> str:
    """A wide hatched pen along the outline, of which the clip leaves the inner half."""
    return (
        f'<clipPath id="in{number}"><path d="{path}"/></clipPath>'
        f'<path d="{path}" clip-path="url(#in{number})" stroke="url(#{hatch.id})"'
        f' stroke-width="{2 * hatch.band * px:.0f}"/>'
    )


def _line(drawn: Drawn, scene: Scene) -> str:
    symbol = drawn.group.symbol
    path = line_path(drawn.shapes, scene.view)
    width = symbol.casing * _px(scene)
    under = f'<path d="{path}" stroke="{PAPER}" stroke-width="{width:.0f}"/>'
    casing = under if symbol.casing else ""
    return f'{casing}<path d="{path}"{_pen(symbol, _px(scene))}/>'


def _land(drawn: Drawn, scene: Scene) -> str:
    return f'<path d="{area_path(drawn.shapes, scene.view)}" fill="{LAND}"/>'


def _boundary(drawn: Drawn, scene: Scene) -> str:
    path = area_path(drawn.shapes, scene.view)
    pen = _pen(drawn.group.symbol, _px(scene))
    return (
        f'<path d="{path}" stroke="{PAPER}" stroke-opacity=".7"'
        f' stroke-width="{5 * _px(scene):.0f}"/><path d="{path}"{pen}/>'
    )


def _focus(scene: Scene) -> str:
    """The feature the map is about, in ink on a white casing; dashed if indicative."""
    focus = scene.focus
    if focus is None or focus.shape.geom_type in ("Point", "MultiPoint"):
        return ""
    path = line_path(np.array([focus.shape], dtype=object), scene.view)
    dash = (9.0, 5.0) if focus.indicative else ()
    pen = _pen(Symbol("line", stroke=SELECTED, width=3.0, dash=dash), _px(scene))
    return (
        f'<path d="{path}" stroke="{PAPER}" stroke-width="{7 * _px(scene):.0f}"/>'
        f'<path d="{path}"{pen}/>'
    )


def _pen(symbol: Symbol, px: float, *, dash_scale: float = 1.0) -> str:
    if symbol.stroke is None or symbol.width == 0:
        return ""
    dash = " ".join(f"{d * px * dash_scale:.4g}" for d in symbol.dash)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{symbol.stroke}" stroke-width="{symbol.width * px:.4g}"{dashes}'
