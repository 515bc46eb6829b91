"""Villages to renew: the published area where there is one, else a stated radius."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from layers.build.district import boundary
from layers.build.fabric import fabric
from layers.build.gazetteer import Row, rows
from layers.build.ground import cells, disc, disc_of_area, shares_of_area
from layers.build.plane import to_plane
from layers.build.shape import Shape, place_of

#: Radius of a village of which no area is known.
RADIUS_M = 250.0
#: Renewal planning area of the three villages of 大坦沙 together.
DATANSHA_M2 = 2_393_100.0


@cache
def _village_cells() -> dict[str, Any]:
    chosen = [row for row in rows("old-villages") if row["draw"] == "cell"]
    points = np.array([place_of(row).point for row in chosen])
    named = [row["place"] for row in chosen]
    return dict(zip(named, cells(points, to_plane(boundary())), strict=True))


def own_side(row: Row, argument: str) -> Shape:
    place, hectares = place_of(row), row.number("area_ha")
    within = _village_cells()[row["place"]]
    if hectares is None:
        return Shape(
            disc(place.point, RADIUS_M, within),
            "indicative",
            place.accuracy_m,
            f"范围未公布：以{place.source}，作半径{RADIUS_M:.0f}米的示意圆",
            f"Extent not published: an indicative disc of {RADIUS_M:.0f} m "
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
    points = np.array([place_of(row).point for row in chosen])
    ground = to_plane(fabric().region("datansha"))
    pieces = shares_of_area(points, DATANSHA_M2, ground)
    return dict(zip([row["id"] for row in chosen], pieces, strict=True))


def island_share(row: Row, argument: str) -> Shape:
    return Shape(
        _datansha_shares()[row["id"]],
        "indicative",
        place_of(row).accuracy_m,
        "三村合计239.31公顷：大坦沙范围内缩至该面积，再按村位置最近归属划分",
        "Three villages of 239.31 ha together: the island shrunk evenly to that area "
        "and divided by nearest village position",
    )
