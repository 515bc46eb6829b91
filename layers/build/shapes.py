"""How a row of the gazetteer becomes a shape: its ``draw`` cell names one rule."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from typing import Any

import shapely

from layers.build import areas, villages
from layers.build.district import boundary
from layers.build.gazetteer import Place, Row, rows, traces
from layers.build.ground import disc, disc_of_area, square_of_area
from layers.build.metro import routes, stops
from layers.build.plane import snapped, to_degrees, to_plane
from layers.build.shape import Shape, place_of
from layers.build.water import water

#: A tunnel is drawn to the far bank; a river that is the border lies on it.
TUNNEL_REACH_M = 600.0
BORDER_REACH_M = 30.0
#: How far features at one place stand from it.
RING_M = 60.0


def shape(row: Row) -> Shape:
    """The shape of a row, by its rule."""
    name, _, argument = row["draw"].partition(":")
    if name not in RULES:
        raise row.error(f"draw rule {name!r} is unknown", f"未知的绘制规则“{name}”")
    return RULES[name](row, argument)


def _disc(row: Row, argument: str) -> Shape:
    """A disc of the area made public or, without one, of the radius in the rule."""
    place, hectares = place_of(row), row.number("area_ha")
    ground = to_plane(boundary())
    if hectares is not None:
        return Shape(
            disc_of_area(place.point, hectares * 1e4, ground),
            "indicative",
            place.accuracy_m,
            f"面积按公布的{hectares:g}公顷作等面积圆；位置：{place.source}",
            f"The published {hectares:g} ha as a disc round a label position",
        )
    point, zh, en = _apart(row, place, float(argument))
    return Shape(
        disc(point, float(argument), ground),
        "indicative",
        place.accuracy_m,
        f"范围未公布，作半径{argument}米的示意圆；位置：{place.source}{zh}",
        f"Extent not published: an indicative disc of {argument} m round a label "
        f"position{en}",
    )


def _square(row: Row, argument: str) -> Shape:
    place, hectares = place_of(row), row.number("area_ha")
    if hectares is None:
        raise row.error("a square needs area_ha", "正方形缺少 area_ha")
    return Shape(
        square_of_area(place.point, hectares * 1e4),
        "indicative",
        place.accuracy_m,
        f"面积按文件所载作正方形；{place.source}",
        "A square of the area stated in the document; its place is not known",
    )


def _point(row: Row, argument: str) -> Shape:
    place = place_of(row)
    known = place.evidence != "indicative"
    point, zh, en = _apart(row, place, RING_M)
    return Shape(
        snapped(to_degrees(point)),
        place.evidence,
        place.accuracy_m,
        f"点位：{place.source}{zh}",
        f"A point at {'a published' if known else 'an estimated'} position{en}",
    )


def _apart(row: Row, place: Place, ring_m: float) -> tuple[Any, str, str]:
    """Features of one layer at one place stand in a ring, so that each can be seen
    and chosen; the ring stays well inside the accuracy."""
    peers = _peers(row.table)[row["place"]]
    if len(peers) == 1:
        return place.point, "", ""
    radius = min(ring_m, place.accuracy_m / 2)
    angle = 2 * math.pi * peers.index(row["id"]) / len(peers)
    east, north = radius * math.sin(angle), radius * math.cos(angle)
    point = shapely.Point(place.point.x + east, place.point.y + north)
    return (
        point,
        f"；同址{len(peers)}个要素环形错开{radius:.0f}米",
        f"; {len(peers)} features of this place stand {radius:.0f} m apart in a ring",
    )


@cache
def _peers(table: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows(table):
        if row["draw"].startswith(("point", "disc")) and not row["area_ha"]:
            found.setdefault(row["place"], []).append(row["id"])
    return found


def _route(row: Row, argument: str) -> Shape:
    names = stops()[row["id"]]
    return Shape(
        routes()[row["id"]],
        "digitised",
        100.0,
        f"依次经过{'、'.join(names)}站，站间取已知转折点；绘至区外下一站",
        "Through its stations in order with the known bends between them, drawn to "
        "the next stop outside the district",
    )


def _trace(row: Row, argument: str) -> Shape:
    if argument not in traces():
        raise row.error(
            f"trace {argument!r} is not in traces.csv", f"没有线“{argument}”"
        )
    trace = traces()[argument]
    reach = TUNNEL_REACH_M if trace.kind == "tunnel" else BORDER_REACH_M
    inside = shapely.intersection(trace.line, to_plane(boundary()).buffer(reach))
    return Shape(
        snapped(to_degrees(inside)),
        trace.evidence,
        trace.accuracy_m,
        f"沿{trace.name_zh}：{trace.source}",
        f"Along {trace.name_en}",
    )


def _none(row: Row, argument: str) -> Shape:
    return Shape(None, "indicative", None, "未定位，不绘图形", "Unlocated; not drawn")


RULES: dict[str, Callable[[Row, str], Shape]] = {
    "district": areas.district,
    "regions": areas.regions,
    "group": areas.group,
    "groups": areas.groups,
    "cell": villages.own_side,
    "share": villages.island_share,
    "disc": _disc,
    "square": _square,
    "point": _point,
    "route": _route,
    "trace": _trace,
    "water": water,
    "none": _none,
}
