"""The operations of OGC API – Features, whose routes are plain Starlette."""

from __future__ import annotations

from typing import Any

from layers.catalogue import Layer
from service.exports import FORMATS
from service.openapi.parameters import by_field, formats, path, reference
from service.responses import GEOJSON, JSON, SCHEMA_JSON

_HTML = "text/html"
_DOWNLOADS = ["json", "html", *FORMATS]
_MEDIA = {
    "text/csv": {"type": "string"},
    "text/plain": {"type": "string"},
    **{
        media: {"type": "string", "contentMediaType": "application/octet-stream"}
        for media in (
            "application/geopackage+sqlite3",
            "application/zip",
            "image/vnd.dxf",
            "application/vnd.google-earth.kml+xml",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        )
    },
}
_ITEMS = (
    "bbox", "bbox-crs", "crs", "limit", "offset", "datetime", "filter", "filter-lang",
    "filter-crs", "id", "sortby", "properties", "skipGeometry", "resulttype", "version",
    "as-of", "lang", "to", "to-version", "to-filter", "apart",
)  # fmt: skip


def paths(layers: list[Layer]) -> dict[str, Any]:
    """Path items of Features. Each layer's items stand there literally as well, with
    its own queryables: that is where GDAL looks before it sends a filter."""
    layer = path("layer", "A layer's id.", enum=[one.id for one in layers])
    id = path("id", "A feature's id.")
    pages = [formats(["json", "html"]), reference("lang")]
    schemas = [layer, formats(["json"]), reference("lang")]
    items = [*map(reference, _ITEMS), formats(_DOWNLOADS)]
    item = [layer, id, *map(reference, ("crs", "version", "as-of", "lang")), pages[0]]
    held = [layer, id, _IF_MATCH]
    at = "/collections/{layer}"
    return {
        "/": _get("landing", "Landing page", pages, _page("Landing")),
        "/conformance": _get(
            "conformance", "Conformance classes", pages, _page("Conformance")
        ),
        "/collections": _get("collections", "Layers", pages, _page("Collections")),
        at: _get("collection", "One layer", [layer, *pages], _page("Collection")),
        f"{at}/queryables": _get(
            "queryables", "What filters may use", schemas, {SCHEMA_JSON: _OBJECT}
        ),
        f"{at}/sortables": _get(
            "sortables", "What sortby may use", schemas, {SCHEMA_JSON: _OBJECT}
        ),
        f"{at}/schema": _get(
            "schema", "The layer's schema", schemas, {SCHEMA_JSON: _OBJECT}
        ),
        f"{at}/versions": _get(
            "versions", "Published versions", [layer], {JSON: _ref("Versions")}
        ),
        f"{at}/items": {
            **_items("items", "Features", [layer, *items]),
            "post": _write("create", "Propose new features", [layer]),
        },
        **{
            f"/collections/{one.id}/items": _items(
                f"items-{one.id}",
                f"Features of {one.title_en} {one.title_zh}",
                [*items, *by_field(one)],
            )
            for one in layers
        },
        f"{at}/items/{{id}}": {
            **_get(
                "item", "One feature", item, {GEOJSON: _ref("Feature"), _HTML: _TEXT}
            ),
            "put": _write("replace", "Propose another feature", held),
            "patch": _write("update", "Propose other properties", held),
            "delete": _write("delete", "Propose to remove a feature", held),
        },
        f"{at}/items/{{id}}/history": _get(
            "history", "Every version of a feature", [layer, id], {JSON: _OBJECT}
        ),
    }


_TEXT: dict[str, Any] = {"type": "string"}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the feature as it was read.",
    "schema": _TEXT,
}
_OBJECT: dict[str, Any] = {"type": "object"}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _page(name: str) -> dict[str, Any]:
    return {JSON: _ref(name), _HTML: _TEXT}


def _write(id: str, summary: str, parameters: list[Any]) -> dict[str, Any]:
    """A write: role editor, answered with the changeset that reviewers decide on."""
    made: dict[str, Any] = {
        "operationId": id,
        "tags": ["editing"],
        "summary": summary,
        "description": "Role editor. Becomes a changeset; nothing goes around review.",
        "parameters": parameters,
        "security": [{"token": []}, {"session": []}],
        "responses": {
            "202": {
                "description": "The changeset.",
                "content": {JSON: {"schema": _OBJECT}},
            }
        },
    }
    if id != "delete":
        content = {GEOJSON: {"schema": _ref("Feature")}}
        made["requestBody"] = {"required": True, "content": content}
    return made


def _items(id: str, summary: str, parameters: list[Any]) -> dict[str, Any]:
    media = {GEOJSON: _ref("FeatureCollection"), _HTML: _TEXT, **_MEDIA}
    return _get(id, summary, parameters, media)


def _get(
    id: str, summary: str, parameters: list[Any], media: dict[str, Any]
) -> dict[str, Any]:
    content = {kind: {"schema": schema} for kind, schema in media.items()}
    return {
        "get": {
            "operationId": id,
            "tags": ["features"],
            "summary": summary,
            "parameters": parameters,
            "responses": {
                "200": {"description": summary, "content": content},
                "304": {"description": "The held ETag still names the newest."},
            },
        }
    }
