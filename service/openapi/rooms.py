"""Query parameters of the rooms whose routes read them by hand."""

from __future__ import annotations

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_LAYER = "A layer's id."


def _query(
    name: str, description: str, schema: dict[str, Any] | None = None
) -> dict[str, Any]:
    required = description.endswith("!")
    made = {
        "name": name,
        "in": "query",
        "description": description.removesuffix("!"),
        "schema": schema or _TEXT,
    }
    return made | ({"required": True} if required else {})


def _words(*words: str) -> dict[str, Any]:
    return {"type": "string", "enum": list(words)}


_METRES: dict[str, Any] = {"type": "number", "minimum": 0}
_COUNT: dict[str, Any] = {"type": "integer", "minimum": 1}
_BASIS = _query("basis", "How areas are computed.", _words("ellipsoidal", "plane"))
_ONE = _query("id", "Only this feature of the layer.")
_FORMAT = _query("f", "The format.", _words("json", "csv", "xlsx"))

#: "verb path" -> parameters; a plain name refers to ``#/components/parameters``.
QUERIES: dict[str, list[str | dict[str, Any]]] = {
    "get /statistics/area": [
        _query("layer", f"{_LAYER}!"),
        _query("by", "The field to group by."),
        _ONE,
        "filter",
        "bbox",
        "version",
        _BASIS,
        _FORMAT,
    ],
    "get /statistics/overlap": [
        _query("layer", f"{_LAYER}!"),
        _query("with", "The layer laid over it.!"),
        _query("by", "The field of that layer to group by."),
        _query("with-filter", "CQL2 over the features of that layer."),
        _query("with-version", "The version of that layer.", _COUNT),
        _query("tolerance_m", "Narrower pieces are slivers.", _METRES),
        _query("limit", "The most pairs to list; totals count all.", _COUNT),
        _ONE,
        "filter",
        "bbox",
        "version",
        _BASIS,
        _FORMAT,
    ],
    "get /statistics/balance": [
        _query("layer", f"{_LAYER}!"),
        _query("scheme", "The classification."),
        _query("level", "1 or 2.", {"type": "integer", "minimum": 1, "maximum": 2}),
        _query("within", "layer/id of the feature to stay within."),
        _query("population", "People, for areas per person.", _METRES),
        "filter",
        "bbox",
        "version",
        _BASIS,
        _FORMAT,
    ],
    "get /statistics/proximity": [
        _query("layer", f"{_LAYER}!"),
        _query("to", "The layer to be near to.!"),
        _query("distance", "Metres; or rings.", _METRES),
        _query("rings", "Rising distances in metres, such as 0,500,800,1500."),
        _query("by", "The field of that layer to group by."),
        _query("to-filter", "CQL2 over the features of that layer."),
        _query("to-version", "The version of that layer.", _COUNT),
        _ONE,
        "filter",
        "bbox",
        "version",
        _BASIS,
        _FORMAT,
    ],
    "get /collections/{layer}/tiles/{grid}": [
        "version",
        _query("f", "The description.", _words("json", "tilejson")),
    ],
    "get /collections/{layer}/tiles/{grid}/{tileMatrix}/{tileRow}/{tileCol}": [
        "version",
        "as-of",
    ],
    "get /checks/run": [
        _query("rule", "Only this rule."),
        _query("layer", "Only the rules of this layer."),
        "version",
    ],
    "get /identify": [
        _query("lon", "Longitude.!", {"type": "number"}),
        _query("lat", "Latitude.!", {"type": "number"}),
        _query("tolerance_m", "Metres.", {"type": "number", "minimum": 0}),
        _query("layers", "Ids, separated by commas."),
    ],
    "get /search": [_query("q", "What to look for.!")],
    "get /changesets": [
        _query("status", "Only with this status."),
        _query("layer", "Only of this layer."),
    ],
}
