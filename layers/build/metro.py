"""Metro lines through their stations, with the bends known between them."""

from __future__ import annotations

from functools import cache
from typing import Any

import shapely

from layers.build.gazetteer import Row, rows
from layers.build.plane import snapped

Position = tuple[float, float]


@cache
def _stations() -> dict[str, Position]:
    return {row["station"]: _position(row) for row in rows("metro_nodes")}


@cache
def routes() -> dict[str, Any]:
    """Line id -> line in degrees. A row names a station or gives a bend."""
    found: dict[str, list[Position]] = {}
    for row in rows("metro_routes"):
        found.setdefault(row["line"], []).append(_stop(row))
    return {id: snapped(shapely.LineString(points)) for id, points in found.items()}


@cache
def stops() -> dict[str, list[str]]:
    """Line id -> its stations in order."""
    found: dict[str, list[str]] = {}
    for row in rows("metro_routes"):
        if row["station"]:
            found.setdefault(row["line"], []).append(row["station"])
    return found


def _stop(row: Row) -> Position:
    if not row["station"]:
        return _position(row)
    if row["station"] not in _stations():
        raise row.error(
            f"station {row['station']} is not in metro_nodes.csv",
            f"metro_nodes.csv 中没有站点“{row['station']}”",
        )
    return _stations()[row["station"]]


def _position(row: Row) -> Position:
    lon, lat = row.number("lon"), row.number("lat")
    if lon is None or lat is None:
        raise row.error("a position is missing", "缺坐标")
    return lon, lat
