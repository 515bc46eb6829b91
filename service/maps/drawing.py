"""A scene's shapes as SVG: one element a group, no text (texts are set apart)."""

from __future__ import annotations

import numpy as np
import shapely

from service.maps.edges import DISTRICT
from service.maps.page import Rect
from service.maps.paths import UNITS_PER_MM, area_path, disc_path, line_path
from service.maps.scene import Drawn, Scene
from service.maps.symbols import BEYOND, LAND, MM_PER_PX, PAPER, SELECTED, Hatch, Symbol

_PX = MM_PER_PX * UNITS_PER_MM


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
    patterns = "".join(_pattern(h) for h in sorted(hatches, key=lambda h: h.id))
    return f'<clipPath id="frame">{box(scene.view.frame)}</clipPath>{patterns}'


def _pattern(hatch: Hatch) -> str:
    pitch = hatch.pitch * _PX
    return (
        f'<pattern id="{hatch.id}" width="{pitch:.1f}" height="{pitch:.1f}"'
        ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0V{pitch:.1f}" stroke="{hatch.colour}"'
        f' stroke-opacity="{hatch.opacity}"'
        # Half of a line on the cell's edge is cut off.
        f' stroke-width="{2 * hatch.width * _PX:.1f}"/></pattern>'
    )


def box(rect: Rect, **attributes: str) -> str:
    """An SVG rectangle in millimetres."""
    more = "".join(f' {k.replace("_", "-")}="{v}"' for k, v in attributes.items())
    return (
        f'<rect x="{rect.x:.3f}" y="{rect.y:.3f}" width="{rect.width:.3f}"'
        f' height="{rect.height:.3f}"{more}/>'
    )


def swatch_svg(symbol: Symbol, rect: Rect) -> str:
    """A sample of a symbol for the legend, in millimetres."""
    if symbol.kind == "point":
        x, y = rect.center
        radius = symbol.radius * MM_PER_PX
        return (
            f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{radius:.2f}" fill="{PAPER}"'
            f"{_pen(symbol, MM_PER_PX)}/>"
        )
    bare = symbol.fill is None and symbol.hatch is None
    if symbol.kind == "line" or (bare and symbol.dash):
        y = rect.center[1]
        line = f"M{rect.x:.2f} {y:.2f}H{rect.right:.2f}"
        return f'<path d="{line}" fill="none"{_pen(symbol, MM_PER_PX)}/>'
    hatch = _swatch_hatch(rect, symbol.hatch) if symbol.hatch else ""
    outline = box(rect, fill=symbol.fill or "none")
    pen = _pen(symbol, MM_PER_PX, dash_scale=0.6)
    return hatch + outline.replace("/>", f"{pen}/>")


def _swatch_hatch(rect: Rect, hatch: Hatch) -> str:
    pitch = rect.height / 2
    steps = np.arange(rect.x, rect.right - 1e-6, pitch)
    lines = "".join(
        f"M{x:.2f} {rect.bottom:.2f}L{min(x + rect.height, rect.right):.2f}"
        f" {rect.bottom - min(rect.height, rect.right - x):.2f}"
        for x in steps.tolist()
    )
    return (
        f'<path d="{lines}" stroke="{hatch.colour}" stroke-opacity=".7"'
        f' stroke-width="{1.2 * MM_PER_PX:.3f}" fill="none"/>'
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
    path = disc_path(scene.view.to_page(centres), symbol.radius * MM_PER_PX)
    return f'<path d="{path}" fill="{PAPER}"{_pen(symbol, _PX)}/>'


def _area(drawn: Drawn, scene: Scene, number: int) -> str:
    symbol = drawn.group.symbol
    path = area_path(drawn.shapes, scene.view)
    if not drawn.group.dashed_outline:
        return f'<path d="{path}" fill="{symbol.fill or "none"}"{_pen(symbol, _PX)}/>'
    band = _band(path, symbol.hatch, number) if symbol.hatch else ""
    edges = line_path(drawn.edges, scene.view)
    halo = (
        f'<path d="{edges}" stroke="{PAPER}" stroke-opacity=".8"'
        f' stroke-width="{symbol.halo * _PX:.0f}"/>'
    )
    return f'{band}{halo}<path d="{edges}"{_pen(symbol, _PX)}/>'


def _band(path: str, hatch: Hatch, number: int) -> str:
    """A wide hatched pen along the outline, of which the clip leaves the inner half."""
    return (
        f'<clipPath id="in{number}"><path d="{path}"/></clipPath>'
        f'<path d="{path}" clip-path="url(#in{number})" stroke="url(#{hatch.id})"'
        f' stroke-width="{2 * hatch.band * _PX:.0f}"/>'
    )


def _line(drawn: Drawn, scene: Scene) -> str:
    symbol = drawn.group.symbol
    path = line_path(drawn.shapes, scene.view)
    casing = (
        f'<path d="{path}" stroke="{PAPER}" stroke-width="{symbol.casing * _PX:.0f}"/>'
        if symbol.casing
        else ""
    )
    return f'{casing}<path d="{path}"{_pen(symbol, _PX)}/>'


def _land(drawn: Drawn, scene: Scene) -> str:
    return f'<path d="{area_path(drawn.shapes, scene.view)}" fill="{LAND}"/>'


def _boundary(drawn: Drawn, scene: Scene) -> str:
    path = area_path(drawn.shapes, scene.view)
    pen = _pen(drawn.group.symbol, _PX)
    return (
        f'<path d="{path}" stroke="{PAPER}" stroke-opacity=".7"'
        f' stroke-width="{5 * _PX:.0f}"/><path d="{path}"{pen}/>'
    )


def _focus(scene: Scene) -> str:
    """The feature the map is about, in ink on a white casing; dashed if indicative."""
    focus = scene.focus
    if focus is None or focus.shape.geom_type in ("Point", "MultiPoint"):
        return ""
    path = line_path(np.array([focus.shape], dtype=object), scene.view)
    dash = (9.0, 5.0) if focus.indicative else ()
    pen = _pen(Symbol("line", stroke=SELECTED, width=3.0, dash=dash), _PX)
    return (
        f'<path d="{path}" stroke="{PAPER}" stroke-width="{7 * _PX:.0f}"/>'
        f'<path d="{path}"{pen}/>'
    )


def _pen(symbol: Symbol, px: float, *, dash_scale: float = 1.0) -> str:
    if symbol.stroke is None:
        return ""
    dash = " ".join(f"{d * px * dash_scale:.4g}" for d in symbol.dash)
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    return f' stroke="{symbol.stroke}" stroke-width="{symbol.width * px:.4g}"{dashes}'
