"""Query and path parameters, each described once."""

from __future__ import annotations

from typing import Any

from geo.crs import SUPPORTED
from layers.catalogue import Layer
from service.queryables import parameter_fields

_CRS_URIS = [crs.uri for crs in SUPPORTED]
#: Days to the 28th only, so that a pattern can promise what is accepted.
_DAY = r"[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
_MOMENT = rf"{_DAY}(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](Z|[+-]0[0-9]:00))?"
_INTERVAL = rf"^({_MOMENT}|\.\./{_MOMENT}|{_MOMENT}/\.\.)$"
_TYPES = {"number": "number", "integer": "integer", "boolean": "boolean"}
_STRING = {"type": "string"}


def _query(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "description": description,
        "schema": schema,
        "style": "form",
        "explode": False,
    }


def _box(name: str, description: str) -> dict[str, Any]:
    number = {"type": "number"}
    sizes = [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]
    return _query(name, description, {"type": "array", "items": number, "oneOf": sizes})


def components(max_limit: int) -> dict[str, dict[str, Any]]:
    """``#/components/parameters``."""
    limit = {"type": "integer", "minimum": 1, "maximum": max_limit, "default": 10}
    crs = {"type": "string", "format": "uri", "enum": _CRS_URIS}
    listed = (
        _box("bbox", "Features that meet this box: west,south,east,north in CRS84,"
             " or in the axis order of bbox-crs."),
        _query("bbox-crs", "The CRS of bbox; CRS84 by default.", crs),
        _query("crs", "The CRS of the answer; CRS84 by default.", crs),
        _query("limit", "At most so many features.", limit),
        _query("offset", "Skip so many features.",
               {"type": "integer", "minimum": 0, "maximum": 1_000_000_000}),
        _query("datetime", "Features valid at a date or time, or during an interval"
               " such as 2020-01-01/..; those without dates always are.",
               {"type": "string", "pattern": _INTERVAL}),
        _query("filter", "A CQL2 condition on the queryables.", _STRING),
        _query("filter-lang", "The language of filter.",
               {"type": "string", "enum": ["cql2-text", "cql2-json", "cql-text"]}),
        _query("filter-crs", "The CRS of geometries in filter; CRS84 by default.", crs),
        _query("id", "The feature with this id.", _STRING),
        _query("sortby", "Properties to sort by, - for descending:"
               " -area_m2,name_zh. Words by pinyin.", _STRING),
        _query("properties", "Only these properties.", _STRING),
        _query("skipGeometry", "Leave geometries out.", {"type": "boolean"}),
        _query("resulttype", "hits: only count.",
               {"type": "string", "enum": ["results", "hits"]}),
        _query("version", "A published version; the newest by default.",
               {"type": "integer", "minimum": 1}),
        _query("as-of", "The version that was current at a date or time.",
               {"type": "string", "pattern": f"^{_MOMENT}$"}),
        _query("to", "With apart: the layer that distances are measured to.", _STRING),
        _query("apart", "With to: only what lies so many metres from its nearest:"
               " 500,800, or 1000, without an end.", _STRING),
        _query("to-version", "The version of to.", {"type": "integer", "minimum": 1}),
        _query("to-filter", "A CQL2 condition on to.", _STRING),
        _query("f", "The format, instead of the Accept header.", _STRING),
        _query("lang", "The language of titles.",
               {"type": "string", "enum": ["zh", "en"]}),
    )  # fmt: skip
    return {entry["name"]: entry for entry in listed}


def reference(name: str) -> dict[str, str]:
    """A reference to one of the components."""
    return {"$ref": f"#/components/parameters/{name}"}


def formats(words: list[str]) -> dict[str, Any]:
    """``f`` with the words that this address understands."""
    schema = {"type": "string", "enum": words}
    return _query("f", "The format, instead of the Accept header.", schema)


def by_field(layer: Layer) -> list[dict[str, Any]]:
    """``name=value`` parameters: the layer's queryables."""
    made = []
    for field in parameter_fields(layer):
        schema: dict[str, Any] = {"type": _TYPES.get(field.type, "string")}
        if field.type == "date":
            schema["format"] = "date"
        title = f"{field.title_en} {field.title_zh} equals this value."
        made.append(_query(field.name, title, schema))
    return made


def path(name: str, description: str, **schema: Any) -> dict[str, Any]:
    """A path parameter."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", **schema},
    }
