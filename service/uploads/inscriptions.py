"""Texts of a drawing that lie within its areas, apart by CAD layer or by kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from geo.frame import ObjectArray
from layers.classification import SCHEMES, scheme
from service.uploads.angles import number
from service.uploads.table import Columns, object_array

#: All texts of an area; those of a layer are ``注记（…）``, of a kind ``注记：…``.
TEXT = "注记"
_CODE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff#.\-/()（）]{1,24}")
_SHORTEST = 3


def texts_inside(
    areas: ObjectArray, geometry: ObjectArray, rows: Sequence[int]
) -> list[list[int]]:
    """Per area the rows of the texts that lie in it and in no smaller one."""
    result: list[list[int]] = [[] for _ in areas]
    if not len(rows):
        return result
    tree = shapely.STRtree(areas)
    places = shapely.force_2d(geometry[rows])
    points, hits = tree.query(places, predicate="intersects")
    smallest: dict[int, int] = {}
    for point, area in zip(points.tolist(), hits.tolist(), strict=True):
        held = smallest.get(point)
        if held is None or areas[area].area < areas[held].area:
            smallest[point] = area
    for point, area in sorted(smallest.items()):
        result[area].append(rows[point])
    return result


def joined(inside: list[list[int]], texts: ObjectArray) -> ObjectArray:
    """All texts of each area, in drawing order."""
    return object_array(
        [" ".join(texts[row] for row in rows) or None for rows in inside]
    )


def parted(inside: list[list[int]], texts: ObjectArray, layers: list[Any]) -> Columns:
    """Where areas hold several texts: a column for each CAD layer that texts are on;
    on one layer, for each kind of text."""
    if all(len(rows) < 2 for rows in inside):
        return {}
    used = [row for rows in inside for row in rows]
    by_layer = len({layers[row] for row in used}) > 1
    part = {row: str(layers[row]) if by_layer else kind_of(texts[row]) for row in used}
    form = f"{TEXT}（{{}}）" if by_layer else f"{TEXT}：{{}}"
    return {
        form.format(name): joined(
            [[row for row in rows if part[row] == name] for rows in inside], texts
        )
        for name in dict.fromkeys(part.values())
    }


def part_of(column: str) -> str | None:
    """The CAD layer that a column of texts is named after."""
    found = re.fullmatch(f"{TEXT}（(.*)）", column)
    return found[1] if found else None


def kind_of(text: str) -> str:
    """What a text in a parcel most likely is."""
    plain = text.strip()
    if is_land_use(plain):
        return "用地代码"
    if number(plain) is not None:
        return "数值"
    return "编号" if is_code(plain) else "名称"


def is_code(text: str) -> bool:
    """Short, without blanks, and with a digit."""
    return bool(_CODE.fullmatch(text) and re.search(r"\d", text))


def is_land_use(text: str) -> bool:
    """A code of any scheme; two digits may be anything."""
    long = len(text) >= _SHORTEST or not text.isdigit()
    return long and any(text in scheme(id) for id in SCHEMES)


def has_text(texts: ObjectArray, geometry: ObjectArray) -> list[int]:
    """Rows that are points with a text."""
    points = shapely.get_dimensions(geometry) == 0
    given = np.array([value is not None for value in texts.tolist()], dtype=bool)
    found: list[int] = np.flatnonzero(points & given).tolist()
    return found
