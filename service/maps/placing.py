"""Where sheets lie on the ground, told before any is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from geo.crs import Crs, to_crs84
from service.maps.drawn import LayerData
from service.maps.extents import chosen_view
from service.maps.furniture import convergence
from service.maps.layout import Layout
from service.maps.query import MapQuery
from service.maps.sheets import Grid
from service.maps.turn import UPRIGHT, Bounds, Turn
from service.maps.view import View


def told(
    query: MapQuery, layers: Sequence[LayerData], layout: Layout, grid: Grid | None
) -> dict[str, Any]:
    """The sheets of a series, or the one sheet that a map is."""
    view = chosen_view(query, layers, layout.frame)
    cells = [(c.column, c.row, c.bounds) for c in grid.cells] if grid else []
    cells = cells or [(0, 0, view.turned(0.0))]
    sheets = [
        {"number": n, "column": column, "row": row, **_ground(bounds, view)}
        for n, (column, row, bounds) in enumerate(cells, start=1)
    ]
    return {"count": len(sheets), **_frame(view, query), "sheets": sheets}


def _frame(view: View, query: MapQuery) -> dict[str, Any]:
    return {
        "scale": view.scale,
        "rotation": query.rotation,
        "north": round(convergence(view) + query.rotation, 6),
        "crs": f"EPSG:{view.crs.epsg}",
        "paper": {"width": query.page.width, "height": query.page.height},
        "frame": {"width": view.frame.width, "height": view.frame.height},
        "center": _degrees(np.array([view.center]), view.crs)[0],
    }


def _ground(bounds: Bounds, view: View) -> dict[str, Any]:
    turn: Turn = view.turn
    corners = turn.corners(bounds)
    return {
        "bounds": UPRIGHT.bounds_of(corners),
        "ring": _degrees(corners, view.crs),
    }


def _degrees(xy: np.ndarray[Any, Any], crs: Crs) -> list[list[float]]:
    points = to_crs84(shapely.points(xy), crs, axis="xy")
    told_: list[list[float]] = np.round(shapely.get_coordinates(points), 8).tolist()
    return told_


_PAIR = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
_SIZE = {
    "type": "object",
    "required": ["width", "height"],
    "properties": {"width": {"type": "number"}, "height": {"type": "number"}},
}
_SHEET = {
    "type": "object",
    "required": ["number", "column", "row", "bounds", "ring"],
    "properties": {
        "number": {"type": "integer", "minimum": 1},
        "column": {"type": "integer", "minimum": 0, "description": "From the left."},
        "row": {"type": "integer", "minimum": 0, "description": "From the top."},
        "bounds": {
            "type": "array",
            "items": {"type": "number"},
            "minItems": 4,
            "maxItems": 4,
            "description": "West, south, east, north of the ground, metres of crs.",
        },
        "ring": {
            "type": "array",
            "items": _PAIR,
            "minItems": 5,
            "maxItems": 5,
            "description": "The frame's corners, longitude and latitude, closed.",
        },
    },
}
#: The answer as OpenAPI tells it.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": [
        "count", "scale", "rotation", "north", "crs", "paper", "frame", "center",
        "sheets",
    ],
    "properties": {
        "count": {"type": "integer", "minimum": 1},
        "scale": {"type": "number", "description": "1:n."},
        "rotation": {"type": "number", "description": "Degrees clockwise."},
        "north": {
            "type": "number",
            "description": "True north on the page, degrees clockwise from its top.",
        },
        "crs": {"type": "string"},
        "paper": {**_SIZE, "description": "Millimetres."},
        "frame": {**_SIZE, "description": "Of the map on the paper, millimetres."},
        "center": {**_PAIR, "description": "Longitude and latitude."},
        "sheets": {"type": "array", "items": _SHEET},
    },
}  # fmt: skip
