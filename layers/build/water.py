"""River water: known centre lines widened to the span of the bridges over them."""

from __future__ import annotations

from functools import cache
from typing import Any

import shapely

from layers.build.district import boundary
from layers.build.gazetteer import Row, rows, traces
from layers.build.plane import snapped, to_degrees, to_plane
from layers.build.shape import Shape
from layers.catalogue import EVIDENCE


def water(row: Row, argument: str) -> Shape:
    """The water of a row's traces, less what an earlier row already has."""
    used = [traces()[name] for name in argument.split("+")]
    return Shape(
        _reaches()[row["id"]],
        max((trace.evidence for trace in used), key=EVIDENCE.index),  # the weakest
        max(trace.accuracy_m for trace in used),
        f"河中线按{'、'.join(f'{t.width_m:.0f}' for t in used)}米宽展开，限于区内；"
        f"{row['note_zh']}",
        "Centre line widened to "
        + ", ".join(f"{t.width_m:.0f}" for t in used)
        + " m, within the district",
    )


@cache
def _reaches() -> dict[str, Any]:
    found: dict[str, Any] = {}
    left = to_plane(boundary())
    for row in rows("rivers"):
        names = row["draw"].partition(":")[2].split("+")
        lines = [traces()[name] for name in names]
        wide = [trace.line.buffer(trace.width_m / 2) for trace in lines]
        reach = shapely.intersection(shapely.union_all(wide), left)
        left = shapely.difference(left, reach)
        found[row["id"]] = shapely.normalize(snapped(to_degrees(_areal(reach))))
    return found


def _areal(geometry: Any) -> Any:
    """Only the polygons, and of those no crumbs of the border's own crookedness."""
    parts = shapely.get_parts(geometry)
    kept = parts[shapely.area(parts) > 2_000]
    return kept[0] if len(kept) == 1 else shapely.multipolygons(kept)
