"""The same document in OpenAPI 3.0, which GDAL, OWSLib and conformance class oas30
read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_UNKNOWN_TO_30 = ("contentMediaType", "identifier", "examples", "prefixItems")


def as_openapi_30(node: Any) -> Any:
    """The document with what 3.1 added said in the words of 3.0."""
    if isinstance(node, list):
        return [as_openapi_30(child) for child in node]
    if not isinstance(node, Mapping):
        return node
    older = {
        key: as_openapi_30(value)
        for key, value in node.items()
        if key not in _UNKNOWN_TO_30
    }
    if "openapi" in older:
        older["openapi"] = "3.0.3"
    _rename_const(older)
    _say_nullable(older)
    _say_exclusive(older)
    return older


def _rename_const(node: dict[str, Any]) -> None:
    if isinstance(node.get("const"), str):
        node["enum"] = [node.pop("const")]


def _say_nullable(node: dict[str, Any]) -> None:
    kinds = node.get("type")
    if isinstance(kinds, list) and "null" in kinds:
        node["type"] = next(kind for kind in kinds if kind != "null")
        node["nullable"] = True
    options = node.get("anyOf")
    if isinstance(options, list) and {"type": "null"} in options:
        node["anyOf"] = [one for one in options if one != {"type": "null"}]
        node["nullable"] = True


def _say_exclusive(node: dict[str, Any]) -> None:
    for bound in ("Minimum", "Maximum"):
        value = node.get(f"exclusive{bound}")
        if isinstance(value, int | float) and not isinstance(value, bool):
            node[bound.lower()] = value
            node[f"exclusive{bound}"] = True
