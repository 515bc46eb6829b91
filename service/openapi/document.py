"""Puts the document together: FastAPI's routes, the plain ones, the problem body."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from fastapi import FastAPI
from starlette.routing import Route

from layers.catalogue import Layer
from service.openapi import features, parameters, tiles
from service.openapi.rooms import MEDIA, QUERIES
from service.openapi.schemas import SCHEMAS
from service.responses import PROBLEM_JSON

_VERBS = ("get", "post", "put", "patch", "delete")
_ABOUT = """\
Layers, their versions, statistics and maps. Everything that is read names the version
it was read from. Errors are RFC 9457 problem bodies in English and Chinese; unknown
query parameters are refused by name."""
_SECURITY = {
    "token": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": "atlas_session"},
}


def document(
    app: FastAPI, layers: list[Layer], *, max_limit: int, server: str
) -> dict[str, Any]:
    """The OpenAPI 3.1 document for the layers that the caller may see."""
    made = deepcopy(app.openapi())
    made["info"]["description"] = _ABOUT
    made["info"]["license"] = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
    made["servers"] = [{"url": server}]
    described = features.paths(layers) | tiles.paths(layers)
    routed = {path.removeprefix("/api"): item for path, item in made["paths"].items()}
    made["paths"] = _order({**_plain(app, described), **routed, **described})
    known = parameters.components(max_limit)
    for path, item in made["paths"].items():
        for verb in (verb for verb in _VERBS if verb in item):
            name = f"{verb} {path}"
            _complete(item[verb], QUERIES.get(name, []), layers)
            _add_media(item[verb], MEDIA.get(name, []))
    components = made.setdefault("components", {})
    schemas = components.get("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    components["schemas"] = {**schemas, **SCHEMAS}
    components["parameters"] = known
    components["securitySchemes"] = _SECURITY
    return made


def _plain(app: FastAPI, described: dict[str, Any]) -> dict[str, Any]:
    """Plain Starlette routes below /api that nobody has described by hand."""
    found: dict[str, Any] = {}
    for route in app.router.routes:
        if not isinstance(route, Route) or not route.path.startswith("/api/"):
            continue
        if not route.include_in_schema:
            continue
        path = _without_convertors(route.path).removeprefix("/api")
        if path in described:
            continue
        doc = (route.endpoint.__doc__ or route.name).strip()
        found[path] = {
            verb: {
                "operationId": f"{route.name}_{verb}",
                "summary": doc.splitlines()[0],
                "parameters": [
                    parameters.path(name, f"{name} of the address.")
                    for name in route.param_convertors
                ],
                "responses": {"200": {"description": "The answer."}},
            }
            for verb in _VERBS
            if verb.upper() in (route.methods or ())
        }
    return found


def _without_convertors(path: str) -> str:
    for convertor in (":path", ":int"):
        path = path.replace(convertor, "")
    return path


def _order(paths: dict[str, Any]) -> dict[str, Any]:
    return dict(sorted(paths.items()))


def _add_media(operation: dict[str, Any], media: list[str]) -> None:
    answer = operation["responses"].get("200", {})
    for kind in media:
        schema = {} if kind.endswith("json") else {"type": "string"}
        answer.setdefault("content", {})[kind] = {"schema": schema}


def _complete(
    operation: dict[str, Any], queries: list[Any], layers: list[Layer]
) -> None:
    """Query parameters from the table, one problem body for everything that fails,
    and the layers there are."""
    given = operation.setdefault("parameters", [])
    for entry in given:
        if entry.get("name") == "layer" and entry.get("in") == "path":
            entry["schema"] = {"type": "string", "enum": [one.id for one in layers]}
    names = {entry.get("name") for entry in given}
    for entry in queries:
        name = entry if isinstance(entry, str) else entry["name"]
        if name not in names:
            given.append(parameters.reference(name) if name is entry else entry)
    operation["responses"].pop("422", None)
    problem = {"schema": {"$ref": "#/components/schemas/Problem"}}
    operation["responses"]["default"] = {
        "description": "A problem, in English and Chinese.",
        "content": {PROBLEM_JSON: problem},
    }
