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

MM_PER_PX = 25.4 / 96
INK, INK_SOFT, PAPER, RULE = "#172022", "#465255", "#FFFFFF", "#39464A"
OCHRE = "#80510C"
LAND, BEYOND = "#F7F8F5", "#E9ECE7"
INDICATIVE_DASH = (7.0, 4.0)


@dataclass(frozen=True, slots=True)
class Symbol:
    """Pens in CSS pixels. ``hatch`` draws the 45° lines of an indicative shape."""

    kind: str  # polygon | line | point
    fill: str | None = None
    stroke: str | None = INK
    width: float = 1.0
    dash: tuple[float, ...] = ()
    hatch: str | None = None
    casing: float = 0.0  # width of the paper-coloured line underneath
    radius: float = 4.0


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of a layer drawn with one pen and listed on one line of the legend."""

    symbol: Symbol
    rows: NDArray[np.intp]
    title_zh: str
    title_en: str
    indicative: bool = False
    class_code: str | None = None


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
            pen = indicative_symbol(symbol)
            made.append(Group(pen, vague, *title, True, cls.code))
    return made


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
        return replace(base, fill=fill, stroke=cls.edge or base.stroke, width=0.7)
    return replace(base, stroke=cls.edge or fill or base.stroke)


def indicative_rows(frame: Frame) -> NDArray[np.bool_]:
    """Which features are only indicative."""
    evidence = frame.columns.get("evidence")
    if evidence is None:
        return np.zeros(len(frame), dtype=bool)
    mask: NDArray[np.bool_] = np.asarray(evidence == "indicative", dtype=bool)
    return mask


def indicative_symbol(symbol: Symbol) -> Symbol:
    """Ochre and dashed, hatched if it is a shape, never filled."""
    if symbol.kind == "point":
        return replace(symbol, stroke=OCHRE)
    return replace(
        symbol,
        fill=None,
        stroke=OCHRE,
        width=1.6,
        dash=INDICATIVE_DASH,
        hatch=OCHRE if symbol.kind == "polygon" else None,
    )
