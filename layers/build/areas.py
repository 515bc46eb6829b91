"""Areas made of the district's fabric: they share edges with each other exactly."""

from __future__ import annotations

from layers.build.fabric import fabric
from layers.build.gazetteer import Row
from layers.build.shape import Shape


def district(row: Row, argument: str) -> Shape:
    names = set(fabric().regions)
    return Shape(
        fabric().region(*names),
        "digitised",
        30.0,
        "公开行政区划边界由 GCJ-02 换算为 WGS84（迭代反算），未作修饰",
        "Public boundary converted from GCJ-02 to WGS 84 by iteration, not edited",
    )


def regions(row: Row, argument: str) -> Shape:
    return Shape(
        fabric().region(*argument.split("+")),
        "indicative",
        300.0,
        "由区界、河道中线、花蕾路和推定内界围合的范围拼成，与组团共用边线",
        "Put together from ground bounded by the district line, river centre lines, "
        "Hualei Road and an inferred inner limit; shares its edges with the groups",
    )


def group(row: Row, argument: str) -> Shape:
    return Shape(
        fabric().group(row["id"]),
        "indicative",
        500.0,
        "经济带内按河道、花蕾路等分界后，以组团代表点的最近归属划分，边线共用",
        "Inside the belt, cut by rivers and Hualei Road, ground goes to the group "
        "with the nearest seed point; edges are shared exactly",
    )


def groups(row: Row, argument: str) -> Shape:
    """Several functional groups together."""
    return Shape(
        fabric().group(*argument.split("+")),
        "indicative",  # no stronger than the groups it is derived from
        500.0,
        "由所含组团的示意范围合并而成",
        "The indicative ground of the groups that belong to it, merged",
    )
