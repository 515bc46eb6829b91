"""The operations of OGC API – Tiles, whose routes are plain Starlette."""

from __future__ import annotations

from typing import Any

from geo.tile import MAX_ZOOM
from layers.catalogue import Layer
from service.openapi.parameters import formats, path, reference
from service.responses import JSON

_MVT = "application/vnd.mapbox-vector-tile"
_DEEPEST = (1 << MAX_ZOOM) - 1


def paths(layers: list[Layer]) -> dict[str, Any]:
    """Path items: the tilesets of a layer, the one there is, and its tiles."""
    layer = path("layer", "A layer's id.", enum=[one.id for one in layers])
    grid = path("grid", "The tile matrix set.", enum=["WebMercatorQuad"])
    read = [reference("version"), reference("as-of")]
    at = "/collections/{layer}/tiles"
    place = [
        _whole("tileMatrix", "Zoom.", MAX_ZOOM),
        _whole("tileRow", "Row, from the north.", _DEEPEST),
        _whole("tileCol", "Column, from the west.", _DEEPEST),
    ]
    described = formats(["json", "tilejson"])
    return {
        at: _get("tilesets", "Tilesets of a layer", [layer, *read], _JSON),
        f"{at}/{{grid}}": _get(
            "tileset", "One tileset", [layer, grid, described, *read], _JSON
        ),
        f"{at}/{{grid}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": _get(
            "tile", "One vector tile", [layer, grid, *place, *read], _TILE
        ),
    }


_UNCHANGED = {"304": {"description": "The held ETag still names the newest."}}
_JSON = {"200": {"description": "The tilesets.", "content": {JSON: {"schema": {}}}}}
_TILE = {
    "200": {
        "description": "A Mapbox Vector Tile with one layer, named as the layer is.",
        "content": {_MVT: {"schema": {"type": "string", "format": "binary"}}},
    },
    "204": {"description": "Nothing lies there."},
    **_UNCHANGED,
}


def _whole(name: str, description: str, largest: int) -> dict[str, Any]:
    made = path(name, description)
    return made | {"schema": {"type": "integer", "minimum": 0, "maximum": largest}}


def _get(
    id: str, summary: str, parameters: list[Any], responses: dict[str, Any]
) -> dict[str, Any]:
    operation = {
        "operationId": id,
        "tags": ["tiles"],
        "summary": summary,
        "parameters": parameters,
        "responses": responses,
    }
    return {"get": operation}
