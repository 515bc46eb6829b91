"""Tables with a row for each boundary point: rows become parcels, as in a TXT."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely

from geo.frame import FloatArray, ObjectArray
from geo.rings import assemble
from service.uploads.openrings import closed
from service.uploads.problems import Problem
from service.uploads.table import Columns, SourceTable, object_array

_POINT = {
    "点号", "界址点号", "界址点", "界址点编号", "界址点名", "拐点", "拐点号",
    "拐点编号", "拐点序号", "桩号", "界桩号", "界址桩号", "顶点", "顶点号", "节点",
    "节点号", "点名", "点编号", "点序号", "界址点序号", "jzdh", "jzd", "dh", "point",
    "pointno", "pointid", "pt", "ptno", "vertex", "vertexno",
}  # fmt: skip
_RING = {"圈号", "地块圈号", "环号", "圈", "界址圈号", "ring", "ringno"}
#: The parcel that a point belongs to, the surest name first.
_PARCEL = (
    "地块编号", "地块编码", "地块号", "地块代码", "宗地编号", "宗地代码", "宗地编码",
    "宗地号", "图斑编号", "图斑号", "dkbh", "dkbm", "dkh", "zddm", "zdbh", "tbbh",
    "parcelcode", "parcelid", "parcelno", "parcel", "plot", "plotno", "地块", "宗地",
    "图斑", "地块名称", "宗地名称", "dkmc", "红线编号", "分表标题", "项目名称", "名称",
    "name", "id", "编号",
)  # fmt: skip
#: What is said of points and edges, even where all of them have the same.
_OF_POINTS = {
    "序号",
    "边长",
    "间距",
    "点间距",
    "方位角",
    "备注",
    "界址点类型",
    "界标类型",
}
_HEIGHT = {"h", "z", "高程", "高程h", "大地高"}
_FEWEST = 3
_LISTED = 8


@dataclass(slots=True)
class _Parcel:
    """The rows of one parcel's points, ring by ring."""

    rings: list[list[int]] = field(default_factory=list)

    @property
    def rows(self) -> list[int]:
        return [row for ring in self.rings for row in ring]


def joined(table: SourceTable, kind: str) -> SourceTable | None:
    """The table with its points joined to parcels; None if its rows are features.

    ``kind``: what the target layer takes.
    """
    if kind not in ("polygon", "any"):
        return None
    by_key = {_key(name): name for name in reversed(list(table.columns))}
    point = next((by_key[key] for key in by_key if key in _POINT), None)
    parcel, owners = _owners(table, by_key)
    if point is None and (parcel is None or kind == "any"):
        return None
    if int((~shapely.is_missing(table.geometry)).sum()) < _FEWEST:
        return None
    ring = next((by_key[key] for key in by_key if key in _RING), None)
    parcels = list(_parcels(table, owners, point, ring))
    if parcel is None:
        parcels = [one for whole in parcels for one in _apart(whole, table)]
    return _of_parcels(table, parcels, (point, ring, parcel))


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKC", name).casefold()
    return re.sub(r"[\s_\-./()]", "", plain)


def _owners(table: SourceTable, by_key: dict[str, str]) -> tuple[str | None, list[Any]]:
    """The column that says whose point a row is, and its values; a blank cell repeats
    the one above it."""
    for key in _PARCEL:
        if key not in by_key:
            continue
        values = _filled_down(table.columns[by_key[key]].tolist())
        counts = Counter(values)
        enough = sum(count for count in counts.values() if count >= _FEWEST)
        if 2 * enough > len(values):
            return by_key[key], values
    return None, [None] * len(table)


def _filled_down(values: list[Any]) -> list[Any]:
    result: list[Any] = []
    for value in values:
        blank = value is None or (isinstance(value, str) and not value.strip())
        result.append(result[-1] if blank and result else value)
    return result


def _parcels(
    table: SourceTable, owners: list[Any], point: str | None, ring: str | None
) -> Iterator[_Parcel]:
    numbers = _column(table, point)
    rings = _column(table, ring)
    xy = _coordinates(table.geometry)
    rows_of: dict[Any, list[int]] = {}
    for row, owner in enumerate(owners):
        rows_of.setdefault(owner, []).append(row)
    for rows in rows_of.values():
        parcel = _Parcel()
        for row in rows:
            current = parcel.rings[-1] if parcel.rings else []
            if not current or _begins(row, current, (numbers, rings), xy):
                parcel.rings.append(current := [])
            current.append(row)
        yield parcel


def _column(table: SourceTable, name: str | None) -> list[Any]:
    return [None] * len(table) if name is None else table.columns[name].tolist()


def _coordinates(points: ObjectArray) -> FloatArray:
    """(n, 2), nan where a row has no point."""
    return np.column_stack([shapely.get_x(points), shapely.get_y(points)])


def _begins(
    row: int, ring: list[int], told: tuple[list[Any], list[Any]], xy: FloatArray
) -> bool:
    """Whether a row begins another ring: said so, after a closed one, or because the
    numbers of points begin again elsewhere."""
    numbers, rings = told
    if rings[row] is not None and rings[row] != rings[ring[0]]:
        return True
    if len(ring) > _FEWEST and (xy[ring[0]] == xy[ring[-1]]).all():
        return True
    again = numbers[row] is not None and numbers[row] == numbers[ring[0]]
    return again and bool((xy[row] != xy[ring[0]]).any())


def _apart(parcel: _Parcel, table: SourceTable) -> Iterator[_Parcel]:
    """Without a column of parcels every outer ring is one, with its holes."""
    if len(parcel.rings) == 1:
        yield parcel
        return
    xy = _coordinates(table.geometry)
    areas = object_array([_area([ring], xy) for ring in parcel.rings])
    owner: dict[int, list[list[int]]] = {}
    holders = _holders(areas)
    for at, ring in enumerate(parcel.rings):
        owner.setdefault(holders.get(at, at), []).append(ring)
    for rings in owner.values():
        yield _Parcel(rings)


def _holders(areas: ObjectArray) -> dict[int, int]:
    """Which earlier ring a ring lies within, the outermost where there are several."""
    sound = np.flatnonzero(shapely.is_valid(areas) & ~shapely.is_missing(areas))
    inner = shapely.point_on_surface(areas[sound])
    within, around = shapely.STRtree(areas[sound]).query(inner, predicate="within")
    found: dict[int, int] = {}
    for one, other in zip(sound[within].tolist(), sound[around].tolist(), strict=True):
        if other < one:
            found[one] = min(found.get(one, other), other)
    return found


def _area(rings: list[list[int]], xy: FloatArray) -> shapely.Geometry | None:
    found = []
    for ring in rings:
        known = xy[ring]
        known = known[np.isfinite(known[:, 0])]
        if len(known) >= _FEWEST:
            found.append(closed(known))
    if len(found) == 1:
        return shapely.Polygon(found[0])
    return assemble(found) if found else None


def _of_parcels(
    table: SourceTable,
    parcels: list[_Parcel],
    told: tuple[str | None, str | None, str | None],
) -> SourceTable:
    point, ring, parcel = told
    xy = _coordinates(table.geometry)
    areas = [_area(one.rings, xy) for one in parcels]
    columns, dropped = _columns(table, parcels, {point, ring}, parcel)
    owner = {row: at for at, one in enumerate(parcels) for row in one.rows}
    moved = [
        replace(problem, row=None if problem.row is None else owner[problem.row])
        for problem in table.problems
    ]
    about: dict[str, Any] = {"points": len(table), "parcels": len(parcels)}
    about |= {"dropped": "、".join(dropped[:_LISTED]) or "–"}
    about |= {"by": f"by “{parcel}”" if parcel else "where outlines close"}
    about |= {"by_zh": f"按“{parcel}”列" if parcel else "按闭合处"}
    said = Problem("points_joined", values=about)
    return replace(
        table,
        geometry=object_array(areas),
        columns=columns,
        problems=(*moved, said, *_short(table, parcels, point)),
    )


def _columns(
    table: SourceTable,
    parcels: list[_Parcel],
    of_points: set[str | None],
    parcel: str | None,
) -> tuple[Columns, list[str]]:
    """What is said of whole parcels, and the names of what is said of points."""
    columns: Columns = {}
    dropped = []
    for name, values in table.columns.items():
        own = [_one(values[one.rows].tolist()) for one in parcels]
        aside = name in of_points or _key(name) in _OF_POINTS | _HEIGHT
        if name == parcel or (not aside and all(fits for _, fits in own)):
            columns[name] = object_array([value for value, _ in own])
        else:
            dropped.append(name)
    return columns, dropped


def _one(values: list[Any]) -> tuple[Any, bool]:
    """The value that all rows have, blank cells apart; whether there is but one."""
    known = list(dict.fromkeys(v for v in values if v is not None and v != ""))
    return (known[0] if known else None), len(known) <= 1


def _short(
    table: SourceTable, parcels: list[_Parcel], point: str | None
) -> Iterator[Problem]:
    """Points without coordinates, and parcels with too few of them."""
    missing = shapely.is_missing(table.geometry)
    unread = {problem.row for problem in table.problems}
    numbers, named = _column(table, point), "、".join(table.axes or ())
    for at, one in enumerate(parcels):
        blank = [row for row in one.rows if missing[row] and row not in unread]
        for row in blank:
            values = {"point": numbers[row] or f"#{row + 1}", "names": named}
            yield Problem("point_without_place", at, values=values)
        count = len(one.rows) - int(missing[one.rows].sum())
        if count < _FEWEST:
            yield Problem("too_few_points", at, values={"count": count})
