"""What stops a build: rows that contradict themselves, each other or a known fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import shapely
from shapely.geometry import shape as from_mapping
from shapely.geometry.base import BaseGeometry

from geo.area import M2_PER_MU
from layers.build.district import boundary
from layers.build.gazetteer import Row
from layers.build.plane import area_m2, to_plane
from layers.documents import citations

NEEDED = (
    "id", "name_zh", "name_en", "status", "source_title", "source_ref", "scope",
)  # fmt: skip
#: Where a feature of each scope may lie (west, south, east, north); a district's
#: lines and border stations reach a little beyond its boundary.
EXTENTS: Mapping[str, tuple[float, float, float, float]] = {
    "district": (113.15, 23.03, 113.30, 23.18),
    "city": (112.9, 22.5, 114.1, 24.0),
    "region": (73.0, 3.0, 136.0, 54.0),
}
#: How far a district's feature may stand off the boundary, which is good to 30 m.
BORDER_M = 300.0
#: Drawn and stated area may differ by this share.
AREA_SHARE = 1e-3

Made = tuple[Row, Mapping[str, Any]]


def check(made: Iterable[Made]) -> None:
    """Raise ``BuildError`` at the first row that is wrong."""
    features = list(made)
    ids: dict[str, Row] = {}
    for row, _ in features:
        if row["id"] in ids:
            first = ids[row["id"]]
            raise row.error(
                f"id {row['id']!r} already stands in {first.table}.csv, "
                f"line {first.line}",
                f"编号“{row['id']}”与 {first.table}.csv 第 {first.line} 行重复",
            )
        ids[row["id"]] = row
    for row, feature in features:
        _check_words(row, ids)
        if feature["geometry"] is not None:
            _check_shape(row, feature)
        elif not (row["note_zh"] and row["note_en"]):
            raise row.error(
                "an unlocated feature needs the reason in note_zh and note_en",
                "未定位要素须在 note_zh、note_en 写明原因",
            )


def _check_words(row: Row, ids: Mapping[str, Row]) -> None:
    for name in NEEDED:
        if not row[name]:
            raise row.error(f"{name} is missing", f"缺少 {name}")
    if bool(row["facts"]) != bool(row["facts_en"]):
        raise row.error(
            "facts and facts_en must both be given", "facts 与 facts_en 须同时填写"
        )
    if row["scope"] not in EXTENTS:
        raise row.error(f"scope {row['scope']!r} is unknown", "未知的尺度 scope")
    _check_parents(row, ids)
    for document, ref in citations(row["source_ref"]):
        if document.chapter(ref) is None:
            raise row.error(
                f"{document.mark} has no chapter for {ref!r}",
                f"“{document.mark}”没有章节与“{ref}”对应",
            )


def _check_parents(row: Row, ids: Mapping[str, Row]) -> None:
    """Every feature above it exists, and none of them is itself."""
    above, seen = row, {row["id"]}
    while parent := above["parent"]:
        if parent not in ids:
            raise above.error(
                f"parent {parent!r} does not exist", f"上级“{parent}”不存在"
            )
        if parent in seen:
            raise row.error(
                f"parent {parent!r} is itself below this feature",
                f"上级“{parent}”又在本要素之下",
            )
        seen.add(parent)
        above = ids[parent]


def _in_scope(scope: str, geometry: BaseGeometry) -> bool:
    """Within the scope's frame; a district's feature also touches the district."""
    if not shapely.box(*EXTENTS[scope]).covers(geometry):
        return False
    return scope != "district" or bool(_near().intersects(to_plane(geometry)))


@cache
def _near() -> Any:
    return to_plane(boundary()).buffer(BORDER_M)


def _check_shape(row: Row, feature: Mapping[str, Any]) -> None:
    geometry = from_mapping(feature["geometry"])
    if not _in_scope(row["scope"], geometry):
        raise row.error(
            f"the position lies outside the extent of scope {row['scope']!r}",
            f"位置超出“{row['scope']}”尺度的范围",
        )
    for name, hectares in _stated(row):
        drawn = area_m2(geometry) / 1e4
        if geometry.area and abs(drawn - hectares) > hectares * AREA_SHARE:
            raise row.error(
                f"{name} is {row.number(name):g}, but {drawn:.4f} ha were drawn",
                f"{name} 为 {row.number(name):g}，绘出 {drawn:.4f} 公顷，两者矛盾",
            )


def _stated(row: Row) -> Iterator[tuple[str, float]]:
    """The areas that a row states, in hectares."""
    for name, hectares in (("area_ha", 1.0), ("area_stated_mu", M2_PER_MU / 1e4)):
        number = row.number(name)
        if number is not None:
            yield name, number * hectares
