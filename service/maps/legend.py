"""The legend: what is drawn, how many of it, how large, adding up as printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np

from geo.frame import FloatArray
from geo.measures import measures
from service.maps.drawn import Drawn, LayerData
from service.maps.query import MapQuery
from service.maps.symbols import Symbol

_M2_PER = {"ha": 10_000.0, "mu": 2000.0 / 3.0}


@dataclass(frozen=True, slots=True)
class LegendLine:
    """A line of the legend. ``symbol`` None makes it a heading, unless it
    is indented: then it says more of the line above."""

    title: str
    symbol: Symbol | None
    count: int | None
    amount: str = ""
    indicative: bool = False
    indent: bool = False


def legend_lines(
    query: MapQuery, layers: Sequence[LayerData], drawn: Sequence[Drawn]
) -> list[LegendLine]:
    """Lines in the catalogue's order of layers; layers without features in the frame
    are left out."""
    order = {data.layer.id: n for n, data in enumerate(layers)}
    shown = [d for d in drawn if len(d.rows)]
    shown.sort(key=lambda d: order[d.data.layer.id])
    lines = _sketch_lines(query)
    for _, group in groupby(shown, key=lambda d: d.data.layer.id):
        lines += _layer_lines(query, list(group))
    return lines


def _layer_lines(query: MapQuery, drawn: Sequence[Drawn]) -> list[LegendLine]:
    layer = drawn[0].data.layer
    whole = query.text(layer.title_zh, layer.title_en)
    classed = any(d.group.title_zh != layer.title_zh for d in drawn)
    kind, values = drawn[0].group.symbol.kind, [_measure(d) for d in drawn]
    amounts = _amounts(query, kind, values)
    lines = [
        LegendLine(
            query.text(d.group.title_zh, d.group.title_en),
            d.group.symbol,
            len(d.rows),
            amount,
            d.group.indicative,
            indent=classed,
        )
        for d, amount in zip(drawn, amounts, strict=True)
    ]
    if classed:
        total = _total(query, kind, values)
        count = sum(len(d.rows) for d in drawn)
        vague = all(line.indicative for line in lines)
        if not vague:  # then the lines that are must say so themselves
            lines = [replace(line, indent=not line.indicative) for line in lines]
        lines.insert(0, LegendLine(whole, None, count, total, vague))
    return lines


def sketch_amount(query: MapQuery) -> list[str]:
    """A drawn shape's ellipsoidal area or its length, in words; nothing of a point."""
    if (sketch := query.sketch) is None or sketch.kind == "point":
        return []
    if sketch.kind == "line":
        return _amounts(query, "line", [sketch.measure("length_m")])
    unit = {"ha": ("公顷", "ha"), "mu": ("亩", "mu")}[query.unit]
    amount = sketch.measure("area_m2") / _M2_PER[query.unit]
    return [f"{amount:,.2f} {query.text(*unit)}"]


def _sketch_lines(query: MapQuery) -> list[LegendLine]:
    """A drawn shape with its area on both bases."""
    if (sketch := query.sketch) is None:
        return []
    name, symbol = sketch.name(query.lang), sketch.symbol
    if sketch.kind != "polygon":
        length = [sketch.measure("length_m")] * (sketch.kind == "line")
        return [LegendLine(name, symbol, 1, "".join(_amounts(query, "line", length)))]
    bases = {
        "area_m2": query.text("椭球面积 GRS80", "ellipsoidal, GRS80"),
        "area_plane_m2": query.text("平面面积 EPSG:4547", "plane, EPSG:4547"),
    }
    amounts = ((sketch.measure(key) / _M2_PER[query.unit], key) for key in bases)
    return [
        LegendLine(name, symbol, 1),
        *(
            LegendLine(bases[key], None, None, f"{amount:,.4f}", indent=True)
            for amount, key in amounts
        ),
    ]


def _amounts(query: MapQuery, kind: str, values: Sequence[float]) -> list[str]:
    """Amounts whose printed digits add up to the printed total."""
    if kind == "line":
        return [f"{value / 1000:,.2f} km" for value in values]
    if kind == "point":
        return ["" for _ in values]
    unit = _M2_PER[query.unit]
    return [f"{c / 100:,.2f}" for c in shared_cents([v / unit for v in values])]


def _total(query: MapQuery, kind: str, values: Sequence[float]) -> str:
    value = sum(values)
    if kind == "line":
        return f"{value / 1000:,.2f} km"
    return f"{value / _M2_PER[query.unit]:,.2f}" if kind == "polygon" else ""


def shared_cents(values: Sequence[float]) -> list[int]:
    """Values as hundredths, rounded by largest remainder: their sum is the rounded
    sum."""
    cents = np.asarray(values, dtype=float) * 100
    floors = np.floor(cents).astype(int)
    short = round(float(cents.sum())) - int(floors.sum())
    largest = np.argsort(-(cents - floors), kind="stable")[: max(short, 0)]
    floors[largest] += 1
    return [int(c) for c in floors]


def _measure(drawn: Drawn) -> float:
    """Ellipsoidal area of whole features in m², or geodesic length in m."""
    name = "length_m" if drawn.group.symbol.kind == "line" else "area_m2"
    column: FloatArray | None = drawn.data.frame.columns.get(name)
    if column is None:
        column = measures(drawn.data.frame.geometry[drawn.rows])[name]
        return float(np.nansum(column))
    return float(np.nansum(column[drawn.rows]))
