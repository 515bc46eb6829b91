"""How features look: the shared styles (/api/styles) turned into pens and brushes.

Nothing here invents a colour for data: it reads what the web map reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.frame import Frame
from layers.catalogue import Layer
from service.maps.classes import Class, classified
from service.maps.patterns import Pattern, patterns_of

INK, INK_SOFT, PAPER, RULE = "#172022", "#465255", "#FFFFFF", "#39464A"
OCHRE, SELECTED = "#80510C", "#0B3C5A"
LAND, BEYOND = "#F7F8F5", "#E9ECE7"


@dataclass(frozen=True, slots=True)
class Hatch:
    """45° lines in a band inside an outline, CSS pixels."""

    colour: str
    pitch: float = 7.0
    width: float = 1.1
    opacity: float = 0.5
    band: float = 13.0


@dataclass(frozen=True, slots=True)
class Symbol:
    """Pens in CSS pixels; ``halo`` and ``casing`` are paper-coloured lines beneath."""

    kind: str  # polygon | line | point
    fill: str | None = None
    stroke: str | None = INK
    width: float = 1.0
    dash: tuple[float, ...] = ()
    hatch: Hatch | None = None
    casing: float = 0.0
    halo: float = 0.0
    radius: float = 4.0
    #: The full-strength colour behind a pale fill, for thin lines.
    tone: str | None = None
    #: What tells its class in grey, where a map asks for that.
    pattern: Pattern | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a layer drawn with one pen and listed on one line of the legend."""

    symbol: Symbol
    rows: NDArray[np.intp]
    title_zh: str
    title_en: str
    indicative: bool = False
    class_code: str | None = None

    @property
    def dashed_outline(self) -> bool:
        """Whether this is the outline of an indicative shape."""
        return self.indicative and self.symbol.kind == "polygon"

    def unhatched(self) -> Group:
        """The same with its line only."""
        return replace(self, symbol=replace(self.symbol, hatch=None))


def groups_of(
    layer: Layer, frame: Frame, styles: Mapping[str, Any], *, standard: bool = False
) -> list[Group]:
    """The legend lines of a layer: its classes if it has any, split by evidence."""
    style = styles["layers"].get(layer.id, {})
    base = base_symbol(layer, style)
    indicative = indicative_rows(frame)
    made: list[Group] = []
    for cls, rows in classified(layer, frame, styles):
        symbol = _coloured(base, cls, standard)
        title = cls.titles or (layer.title_zh, layer.title_en)
        firm, vague = rows[~indicative[rows]], rows[indicative[rows]]
        if len(firm):
            made.append(Group(symbol, firm, *title, class_code=cls.code))
        if len(vague):
            pen = indicative_symbol(symbol, styles["evidence"]["indicative"])
            made.append(Group(pen, vague, *title, True, cls.code))
    return _patterned(made)


def _patterned(groups: list[Group]) -> list[Group]:
    """Filled classes with their patterns; what is indicative is hatched already."""
    fills = {
        g.class_code: g.symbol.fill
        for g in groups
        if g.class_code and g.symbol.fill and g.symbol.kind == "polygon"
    }
    patterns = patterns_of(fills, fills)
    return [
        replace(g, symbol=replace(g.symbol, pattern=patterns.get(g.class_code or "")))
        if g.symbol.fill
        else g
        for g in groups
    ]


def base_symbol(layer: Layer, style: Mapping[str, Any]) -> Symbol:
    """The layer's own pen, before classes and evidence."""
    kind = style.get("kind") or layer.geometry
    return Symbol(
        kind="polygon" if kind == "any" else kind,
        fill=style.get("fill"),
        stroke=style.get("stroke") or INK_SOFT,
        width=float(style.get("stroke_width") or 1.4),
        dash=_dash(style.get("dash")),
        casing=float(style.get("casing_width") or (4.5 if kind == "line" else 0.0)),
        radius=float(style.get("radius") or 4.0),
        tone=style.get("stroke"),
    )


def _dash(value: Any) -> tuple[float, ...]:
    """``"7 4"`` or ``[7, 4]`` as numbers."""
    if not value:
        return ()
    parts = value.replace(",", " ").split() if isinstance(value, str) else value
    return tuple(float(part) for part in parts)


def _coloured(base: Symbol, cls: Class, standard: bool) -> Symbol:
    fill = (cls.standard if standard else None) or cls.fill
    if fill is None and cls.edge is None:
        return base
    if base.kind == "polygon":
        return replace(
            base,
            fill=fill,
            stroke=cls.edge or base.stroke,
            width=0.7,
            tone=cls.standard or base.tone,
        )
    return replace(base, stroke=cls.edge or fill or base.stroke)


def indicative_rows(frame: Frame) -> NDArray[np.bool_]:
    """Which features are only indicative."""
    evidence = frame.columns.get("evidence")
    if evidence is None:
        return np.zeros(len(frame), dtype=bool)
    mask: NDArray[np.bool_] = np.asarray(evidence == "indicative", dtype=bool)
    return mask


def indicative_symbol(symbol: Symbol, look: Mapping[str, Any]) -> Symbol:
    """Ochre and dashed, never filled; a shape is hatched in its own colour, so that
    layers and classes stay apart."""
    stroke = look["stroke"]
    if symbol.kind == "point":
        return replace(symbol, stroke=stroke)
    given = {k: v for k, v in look["hatch"].items() if k != "angle"}
    hatch = Hatch(symbol.tone or stroke, **given)
    return replace(
        symbol,
        fill=None,
        stroke=stroke,
        width=max(float(look["stroke_width"]), symbol.width),
        dash=_dash(look["dash"]),
        halo=float(look["halo_width"]),
        hatch=hatch if symbol.kind == "polygon" else None,
    )
