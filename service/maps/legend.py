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
    #: Its layer, and its measure in m² or m: what folding needs.
    layer: str = ""
    value: float = 0.0


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
            layer=layer.id,
            value=value,
        )
        for d, amount, value in zip(drawn, amounts, values, strict=True)
    ]
    if classed:
        total = _total(query, kind, values)
        count = sum(len(d.rows) for d in drawn)
        vague = all(line.indicative for line in lines)
        if not vague:  # then the lines that are must say so themselves
            lines = [replace(line, indent=not line.indicative) for line in lines]
        lines.insert(0, LegendLine(whole, None, count, total, vague))
    return lines


def folded(lines: Sequence[LegendLine], room: int, query: MapQuery) -> list[LegendLine]:
    """As many lines as fit. The smallest classes of the layer with the most become one
    line with their count and measure, so that its lines still add up."""
    excess = len(lines) - room
    if excess <= 0:
        return list(lines)
    classes = _most_classes(lines)
    if len(classes) <= excess + 1:
        return _cut(list(lines), room, query)
    small = sorted(classes, key=lambda line: line.value)[: excess + 1]
    gone = {id(line) for line in small}
    kept = [line for line in lines if id(line) not in gone]
    last = max(n for n, line in enumerate(kept) if line.layer == classes[0].layer)
    return [*kept[: last + 1], _rest(small, query), *kept[last + 1 :]]


def _most_classes(lines: Sequence[LegendLine]) -> list[LegendLine]:
    of: dict[str, list[LegendLine]] = {}
    for line in lines:
        of.setdefault(line.layer, []).append(line)
    return max((v for k, v in of.items() if k), key=len, default=[])


def _rest(lines: Sequence[LegendLine], query: MapQuery) -> LegendLine:
    """Printed amounts are added as printed."""
    count = sum(line.count or 0 for line in lines)
    title = query.text(f"其余 {len(lines)} 类", f"{len(lines)} other classes")
    printed = [line.amount.replace(",", "").removesuffix(" km") for line in lines]
    total = sum(round(float(text) * 100) for text in printed if text) / 100
    unit = " km" if lines[0].amount.endswith(" km") else ""
    amount = f"{total:,.2f}{unit}" if lines[0].amount else ""
    return LegendLine(title, None, count, amount, indent=True, layer=lines[0].layer)


def _cut(lines: list[LegendLine], room: int, query: MapQuery) -> list[LegendLine]:
    """The rest of several layers is counted; its areas lie over each other."""
    kept, rest = lines[: room - 1], lines[room - 1 :]
    more = [line for line in rest if line.symbol is not None]
    title = query.text(f"另 {len(more)} 项", f"{len(more)} more")
    return [*kept, LegendLine(title, None, sum(line.count or 0 for line in more))]


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
