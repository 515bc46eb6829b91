"""Query parameters of the rooms whose routes read them by hand."""

from __future__ import annotations

from typing import Any

from service.difference import KINDS
from service.responses import GEOJSON
from service.uploads.options import OPTION_NAMES

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
_BASIS = _query("basis", "How areas are computed.", _words("ellipsoidal", "plane"))
_WHOLE = {"type": "integer", "minimum": 1}
_LIMIT = _query("limit", "At most so many.", {"type": "integer", "minimum": 1})
_OFFSET = _query("offset", "Skip so many.", {"type": "integer", "minimum": 0})
_BY = _query("by", "The field to group by.")
_DIFF: list[str | dict[str, Any]] = [
    "bbox",
    _query("change", "Only changes of this kind.", _words(*KINDS)),
    _LIMIT,
    _OFFSET,
]
_TABLES = _query("f", "The format.", _words("json", "csv", "xlsx"))
_LAYERS = _query("layers", "Ids, separated by commas.")
_STATISTICS: list[str | dict[str, Any]] = [
    _query("layer", f"{_LAYER}!"),
    "version",
    _BASIS,
    _TABLES,
    "lang",
]
_CHOOSING: list[str | dict[str, Any]] = [
    "as-of",
    "id",
    "bbox",
    "bbox-crs",
    "filter",
    "filter-lang",
    "filter-crs",
]
_MAP: list[str | dict[str, Any]] = [
    "bbox",
    "bbox-crs",
    "crs",
    _query("width", "Pixels.", _WHOLE),
    _query("height", "Pixels.", _WHOLE),
    _query("dpi", "Pixels to the inch.", {"type": "number"}),
    _query("paper", "a4, a3 … or a custom size."),
    _query("scale", "1 : this many, on paper.", {"type": "number"}),
    _query("title", "The map's title."),
    _query("legend", "Whether there is one.", {"type": "boolean"}),
    "filter",
    "filter-lang",
    "version",
    "as-of",
    "lang",
    _query("f", "The format.", _words("png", "svg", "pdf", "html")),
]

#: "verb path" -> parameters; a plain name refers to ``#/components/parameters``.
QUERIES: dict[str, list[str | dict[str, Any]]] = {
    "get /statistics/area": [*_STATISTICS, *_CHOOSING, _BY],
    "get /statistics/overlap": [
        *_STATISTICS,
        *_CHOOSING,
        _query("with", "The layer laid over it.!"),
        _query("with-version", "Its version.", _WHOLE),
        _query("with-filter", "A CQL2 condition on it."),
        _query("tolerance_m", "Narrower pieces are slivers.", _METRES),
        _LIMIT,
        _BY,
    ],
    "get /statistics/balance": [
        *_STATISTICS,
        *_CHOOSING,
        _query("scheme", "The classification."),
        _query("level", "1 or 2.", {"type": "integer", "minimum": 1, "maximum": 2}),
        _query("within", "layer/id of the feature to stay within."),
        _query("population", "People, for areas per person.", _WHOLE),
        _query("compare", "Another version: before and change by class.", _WHOLE),
        _query("compare-layer", "The layer that `compare` is a version of."),
    ],
    "get /statistics/proximity": [
        *_STATISTICS,
        *_CHOOSING,
        _query("to", "The layer to be near to.!"),
        _query("to-version", "Its version.", _WHOLE),
        _query("to-filter", "A CQL2 condition on it."),
        _query("rings", "Several distances, separated by commas."),
        _query("apart", "Only what lies so far from the nearest: 500,800 or 1000,."),
        _query("bands", "Count features by how far: 500,800,1000, and beyond."),
        _query("distance", "Metres.", _METRES),
        _LIMIT,
        _BY,
    ],
    "get /checks/run": [
        _query("rule", "Only this rule."),
        _query("layer", "Only the rules of this layer."),
        "version",
        "as-of",
        _BASIS,
        _TABLES,
        "lang",
    ],
    "post /checks/run": [_BASIS, _TABLES, "lang"],
    "get /checks/judgements": [
        _query("rule", "Only of this rule."),
        _query("layer", "Only of this layer."),
        _query("feature", "Only of this feature."),
    ],
    "get /identify": [
        _query("lon", "Longitude.!", {"type": "number"}),
        _query("lat", "Latitude.!", {"type": "number"}),
        _query("tolerance_m", "Metres.", _METRES),
        _LAYERS,
        "as-of",
    ],
    "post /statistics/overlap": [_BASIS, "as-of", _LIMIT, _TABLES, "lang"],
    "post /statistics/reach": [
        _query("distance", "Metres around the shape.!", _METRES)
    ],
    "get /search": [_query("q", "What to look for.!"), _LIMIT, _LAYERS, "as-of"],
    "get /changesets": [
        _query("status", "Only with this status."),
        _query("layer", "Only of this layer."),
        _LIMIT,
        _OFFSET,
    ],
    "get /changesets/{id}/diff": [
        *_DIFF,
        _query("since", "Since it was returned.", _words("previous")),
    ],
    "get /uploads": [_LIMIT, _OFFSET],
    "get /uploads/{id}/diff": _DIFF,
    "post /uploads": [_query(name, "As in the form.") for name in sorted(OPTION_NAMES)],
    "get /uploads/{id}/items": ["bbox", _LIMIT, _OFFSET],
    "get /uploads/{id}/problems": [
        _query("severity", "Only these.", _words("error", "warning")),
        _query("code", "Only of this code."),
        _LIMIT,
        _OFFSET,
    ],
    "get /map": [_query("collections", "Layers, separated by commas.!"), *_MAP],
    "get /collections/{layer}/map": _MAP,
}

_TABLE = [
    "text/csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
]
_PICTURE = ["image/png", "image/svg+xml", "application/pdf", "text/html"]
#: "verb path" -> what else than JSON may come, or instead of it.
MEDIA: dict[str, list[str]] = {
    "get /map": _PICTURE,
    "get /collections/{layer}/map": _PICTURE,
    "get /collections/{layer}/dossiers": ["application/pdf"],
    **{operation: _TABLE for operation, said in QUERIES.items() if _TABLES in said},
    "get /uploads/{id}/items": [GEOJSON],
}
