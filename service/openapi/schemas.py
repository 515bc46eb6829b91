"""``#/components/schemas``: the bodies that more than one operation has."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string"}
_NUMBER = {"type": "number"}
_COUNT = {"type": "integer", "minimum": 0}
_LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/Link"}}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "properties": properties,
    }


def _list(name: str) -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": f"#/components/schemas/{name}"}}


SCHEMAS: dict[str, Any] = {
    "Problem": _object(
        "type title status detail detail_zh",
        type={"type": "string", "format": "uri-reference"},
        title=_TEXT,
        title_zh=_TEXT,
        status={"type": "integer", "minimum": 400, "maximum": 599},
        detail=_TEXT,
        detail_zh=_TEXT,
        parameter=_TEXT,
    ),
    "Link": _object("href rel", href=_TEXT, rel=_TEXT, type=_TEXT, title=_TEXT),
    "Landing": _object("title links", title=_TEXT, description=_TEXT, links=_LINKS),
    "Conformance": _object("conformsTo", conformsTo={"type": "array", "items": _TEXT}),
    "Collections": _object(
        "links collections", links=_LINKS, collections=_list("Collection")
    ),
    "Collection": _object(
        "id links",
        id=_TEXT,
        title=_TEXT,
        description=_TEXT,
        itemType=_TEXT,
        links=_LINKS,
        extent={"type": "object"},
        crs={"type": "array", "items": _TEXT},
        storageCrs=_TEXT,
        may_download={"type": "boolean"},
        version=_COUNT,
        feature_count=_COUNT,
        area_m2=_NUMBER,
        length_m=_NUMBER,
    ),
    "Versions": _object("versions", versions={"type": "array"}),
    "Feature": _object(
        "type geometry properties",
        type={"const": "Feature"},
        id=_TEXT,
        geometry={"type": ["object", "null"]},
        properties={"type": ["object", "null"]},
        links=_LINKS,
    ),
    "FeatureCollection": _object(
        "type features",
        type={"const": "FeatureCollection"},
        features=_list("Feature"),
        links=_LINKS,
        timeStamp={"type": "string", "format": "date-time"},
        numberMatched=_COUNT,
        numberReturned=_COUNT,
        layer=_TEXT,
        version=_COUNT,
    ),
}
