"""How a row of the gazetteer becomes a shape: its ``draw`` cell names one rule.

A rule returns the geometry in degrees and says how it drew it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from layers.build.district import boundary
from layers.build.fabric import fabric
from layers.build.gazetteer import Place, Row, places, rows
from layers.build.ground import (
    cells,
    disc,
    disc_of_area,
    shares_of_area,
    square_of_area,
)
from layers.build.metro import routes, stops
from layers.build.plane import snapped, to_degrees, to_plane

#: Radius of a village of which no area is known.
VILLAGE_RADIUS_M = 250.0
#: Renewal planning area of the three villages of 大坦沙 together.
DATANSHA_VILLAGES_M2 = 2_393_100.0


@dataclass(frozen=True, slots=True)
class Shape:
    """A geometry (None when unlocated), its trust, and its construction in words."""

    geometry: Any
    evidence: str
    accuracy_m: float | None
    zh: str
    en: str


def shape(row: Row) -> Shape:
    """The shape of a row, by its rule."""
    name, _, argument = row["draw"].partition(":")
    if name not in RULES:
        raise row.error(f"draw rule {name!r} is unknown", f"未知的绘制规则“{name}”")
    return RULES[name](row, argument)


def _place(row: Row) -> Place:
    if row["place"] not in places():
        raise row.error(
            f"place {row['place']!r} is not in places.csv",
            f"places.csv 中没有“{row['place']}”",
        )
    return places()[row["place"]]


def _district(row: Row, argument: str) -> Shape:
    names = set(fabric().regions)
    return Shape(
        fabric().region(*names),
        "digitised",
        30.0,
        "公开行政区划边界由 GCJ-02 换算为 WGS84（迭代反算），未作修饰",
        "Public boundary converted from GCJ-02 to WGS 84 by iteration, not edited",
    )


def _regions(row: Row, argument: str) -> Shape:
    return Shape(
        fabric().region(*argument.split("+")),
        "indicative",
        300.0,
        "由区界、河道中线、花蕾路和推定内界围合的范围拼成，与组团共用边线",
        "Put together from ground bounded by the district line, river centre lines, "
        "Hualei Road and an inferred inner limit; shares its edges with the groups",
    )


def _group(row: Row, argument: str) -> Shape:
    return Shape(
        fabric().group(row["id"]),
        "indicative",
        500.0,
        "经济带内按河道、花蕾路等分界后，以组团代表点的最近归属划分，边线共用",
        "Inside the belt, cut by rivers and Hualei Road, ground goes to the group "
        "with the nearest seed point; edges are shared exactly",
    )


@cache
def _village_cells() -> dict[str, Any]:
    named = [row["place"] for row in rows("old-villages") if row["draw"] == "cell"]
    points = np.array([places()[name].point for name in named])
    return dict(zip(named, cells(points, to_plane(boundary())), strict=True))


def _cell(row: Row, argument: str) -> Shape:
    place, hectares = _place(row), row.number("area_ha")
    within = _village_cells()[row["place"]]
    if hectares is None:
        return Shape(
            disc(place.point, VILLAGE_RADIUS_M, within),
            "indicative",
            place.accuracy_m,
            f"范围未公布：以{place.source}，作半径{VILLAGE_RADIUS_M:.0f}米的示意圆",
            f"Extent not published: an indicative disc of {VILLAGE_RADIUS_M:.0f} m "
            "round the label position",
        )
    return Shape(
        disc_of_area(place.point, hectares * 1e4, within),
        "indicative",
        place.accuracy_m,
        f"面积按公布的{hectares:g}公顷，位置以{place.source}，作等面积圆并限于本村一侧",
        f"The published {hectares:g} ha as a disc round the label position, kept on "
        "the village's own side of its neighbours",
    )


@cache
def _datansha_shares() -> dict[str, Any]:
    chosen = [r for r in rows("old-villages") if r["draw"] == "share:datansha"]
    points = np.array([_place(row).point for row in chosen])
    ground = to_plane(fabric().region("datansha"))
    pieces = shares_of_area(points, DATANSHA_VILLAGES_M2, ground)
    return dict(zip([row["id"] for row in chosen], pieces, strict=True))


def _share(row: Row, argument: str) -> Shape:
    return Shape(
        _datansha_shares()[row["id"]],
        "indicative",
        _place(row).accuracy_m,
        "三村合计239.31公顷：大坦沙范围内缩至该面积，再按村位置最近归属划分",
        "Three villages of 239.31 ha together: the island shrunk evenly to that area "
        "and divided by nearest village position",
    )


def _square(row: Row, argument: str) -> Shape:
    place, hectares = _place(row), row.number("area_ha")
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
    place = _place(row)
    return Shape(
        snapped(to_degrees(place.point)),
        place.evidence,
        place.accuracy_m,
        f"点位：{place.source}",
        "A point at a published position",
    )


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


def _none(row: Row, argument: str) -> Shape:
    return Shape(None, "indicative", None, "未定位，不绘图形", "Unlocated; not drawn")


RULES: dict[str, Callable[[Row, str], Shape]] = {
    "district": _district,
    "regions": _regions,
    "group": _group,
    "cell": _cell,
    "share": _share,
    "square": _square,
    "point": _point,
    "route": _route,
    "none": _none,
}
