"""Routes: OGC API – Features. Plain Starlette endpoints: these are the hot ones."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from layers.catalogue import Layer
from service.atlas import Atlas, atlas_of
from service.collection import CRS_URIS, described
from service.conformance import CONFORMS_TO
from service.direct import plain_feature
from service.errors import NotFound
from service.exports import FORMATS, export_items
from service.featurecollection import feature, feature_collection, history_line
from service.items import (
    BAND,
    crs_of,
    first_page,
    is_quick,
    parse_items,
    with_unlocated,
)
from service.links import api_url, link
from service.origins import origin_of, origins_of
from service.pages import html_or_json
from service.parameters import language, only, resolve_version
from service.queryables import queryables, schema, sortables
from service.responses import (
    GEOJSON,
    HTML,
    JSON,
    OPENAPI_30,
    OPENAPI_31,
    SCHEMA_JSON,
    Ready,
    content_etag,
    feature_etag,
    is_fresh,
    json_bytes,
    json_response,
    negotiated,
    versioned,
)
from service.rights import (
    may_download,
    require_reader,
    view_only,
    visible_layer,
    visible_layers,
)

_HTML = HTML.partition(";")[0]
_REL = "http://www.opengis.net/def/rel/ogc/1.0"
ITEM_FORMATS = {
    "json": GEOJSON,
    "html": HTML,
    **{word: format.media_type for word, format in FORMATS.items()},
}


async def landing(request: Request) -> Response:
    """Where everything is."""
    only(request, {"f"})
    require_reader(request)
    lang = language(request)
    links = [
        link(api_url(request), "self", JSON),
        link(api_url(request, f="html"), "alternate", _HTML),
        link(api_url(request, "openapi.json"), "service-desc", OPENAPI_31),
        link(api_url(request, "openapi-3.0.json"), "service-desc", OPENAPI_30),
        link(api_url(request, "docs"), "service-doc", _HTML),
        link(api_url(request, "conformance"), "conformance", JSON),
        link(api_url(request, "conformance"), f"{_REL}/conformance", JSON),
        link(api_url(request, "collections"), "data", JSON),
        link(api_url(request, "collections"), f"{_REL}/data", JSON),
        link(f"{api_url(request, 'search')}?q={{q}}", "search", JSON)
        | {"templated": True},
    ]
    title = "荔湾规划一张图" if lang == "zh" else "Liwan Atlas"
    described_as = (
        "荔湾区规划与用地图层：要素、统计、制图与版本。"
        if lang == "zh"
        else "Planning and land-use layers of Liwan District, Guangzhou:"
        " features, statistics, maps and their versions."
    )
    body = {"title": title, "description": described_as, "links": links}
    return html_or_json(request, body)


async def conformance(request: Request) -> Response:
    """What the service declares, and its own tests check."""
    only(request, {"f"})
    require_reader(request)
    links = [link(api_url(request, "conformance"), "self", JSON)]
    body = {"conformsTo": CONFORMS_TO, "links": links}
    return html_or_json(request, body)


async def collections(request: Request) -> Response:
    """Every layer that the caller may read."""
    only(request, {"f"})
    atlas, lang = atlas_of(request), language(request)
    layers = visible_layers(request)
    current = atlas.store.current_versions()
    used = {layer.group for layer in layers}
    groups = [asdict(group) for group in atlas.catalogue.groups if group.id in used]
    body = {
        "links": [
            link(api_url(request, "collections"), "self", JSON),
            link(api_url(request, "collections", f="html"), "alternate", _HTML),
        ],
        "crs": CRS_URIS,
        "groups": groups,
        "numberMatched": len(layers),
        "numberReturned": len(layers),
        "collections": [
            orjson.Fragment(described(request, one, lang, current.get(one.id, 0)))
            for one in layers
        ],
    }
    return html_or_json(request, body)


async def collection(request: Request) -> Response:
    """One layer."""
    only(request, {"f"})
    layer = visible_layer(request, request.path_params["layer"])
    current = atlas_of(request).store.current_version(layer.id)
    body = described(request, layer, language(request), current)
    return html_or_json(request, body)


def _schema_route(
    make: Callable[[Layer, str, Any], dict[str, Any]], name: str
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        only(request, {"f"})
        layer = visible_layer(request, request.path_params["layer"])
        lang = language(request)
        negotiated(request, {"json": SCHEMA_JSON}, "json")
        url = api_url(request, "collections", layer.id, name)
        document = json_bytes(make(layer, url, lang))
        return json_response(
            document,
            request=request,
            etag=content_etag(document),
            media_type=SCHEMA_JSON,
            headers={"vary": "Accept-Language"},
        )

    return answer


async def versions(request: Request) -> Response:
    """The layer's versions, newest first."""
    only(request, ())
    layer = visible_layer(request, request.path_params["layer"])
    store = atlas_of(request).store
    origins = await run_in_threadpool(origins_of, atlas_of(request), layer.id)
    listed = [
        {**asdict(version), "origin": origins.get(version.changeset)}
        for version in store.versions(layer.id)
    ]
    etag = versioned(request, {layer.id: store.current_version(layer.id)})
    return json_response({"versions": listed}, request=request, etag=etag)


async def items(request: Request) -> Response:
    """Features of one version."""
    atlas = atlas_of(request)
    layer = visible_layer(request, request.path_params["layer"])
    asked = parse_items(request, layer, max_limit=atlas.settings.max_limit)
    form = negotiated(request, ITEM_FORMATS, "json")
    allowed = may_download(request, layer)
    if not allowed:
        if form in FORMATS:
            raise view_only(layer)
        asked = first_page(asked, layer)
    number = resolve_version(atlas, layer, request)
    beside: dict[str, int] = {}
    if not BAND.isdisjoint(request.query_params):
        from service.banded import banded

        asked, beside = await run_in_threadpool(banded, request, layer, number, asked)
    read = beside | {layer.id: number}
    etag = versioned(request, read, form if allowed else f"{form} view")
    headers = _item_headers(asked.crs.uri)
    if is_fresh(request, etag):
        return Response(status_code=304, headers={**headers, "etag": etag})
    if form == "json" and (body := atlas.ready.get(etag)) is not None:
        return Response(body, 200, {**headers, "etag": etag}, GEOJSON)
    if form not in ("json", "html"):
        return await run_in_threadpool(export_items, request, layer, number, form)
    version = atlas.store.version(layer.id, number)
    asked = with_unlocated(asked, version)
    if not beside and is_quick(layer, asked, version.feature_count):
        page = atlas.store.items(layer.id, number, asked.query)
    else:
        page = await run_in_threadpool(atlas.store.items, layer.id, number, asked.query)
    body = feature_collection(request, version, asked, page)
    if form == "html":
        return html_or_json(request, body)
    atlas.ready.put(etag, body)
    return Response(body, 200, {**headers, "etag": etag}, GEOJSON)


async def item(request: Request) -> Response | Ready:
    """One feature."""
    if (ready := plain_feature(request)) is not None:
        return ready
    only(request, {"f", "crs", "version", "as-of"})
    atlas = atlas_of(request)
    layer = visible_layer(request, request.path_params["layer"])
    crs = crs_of(request, "crs")
    form = negotiated(request, {"json": GEOJSON, "html": HTML}, "json")
    number = resolve_version(atlas, layer, request)
    id = request.path_params["id"]
    text = atlas.store.item(layer.id, number, id)
    if text is None:
        raise _no_feature(layer, id)
    etag = feature_etag(request, number, text)
    body = feature(request, layer.id, number, text, crs)
    if form == "html":
        return html_or_json(request, body)
    return json_response(
        body,
        request=request,
        etag=etag,
        media_type=GEOJSON,
        headers=_item_headers(crs.uri),
    )


async def history(request: Request) -> Response:
    """Every version of one feature, newest first."""
    only(request, ())
    layer = visible_layer(request, request.path_params["layer"])
    atlas, id = atlas_of(request), request.path_params["id"]
    lines = await run_in_threadpool(_lived, atlas, layer.id, id)
    if not lines:
        raise _no_feature(layer, id)
    etag = versioned(request, {layer.id: atlas.store.current_version(layer.id)})
    body = b'{"history":[%b]}' % b",".join(lines)
    return json_response(body, request=request, etag=etag)


def _lived(atlas: Atlas, layer: str, id: str) -> list[bytes]:
    return [
        history_line(line, origin_of(atlas, line.changeset))
        for line in atlas.store.history(layer, id)
    ]


def _item_headers(crs: str) -> dict[str, str]:
    return {
        "content-crs": f"<{crs}>",
        "vary": "Accept",
        "cache-control": "no-cache",
    }


def _no_feature(layer: Layer, id: str) -> NotFound:
    return NotFound(
        f"Layer {layer.id!r} has no feature {id[:80]!r} in this version.",
        f"图层“{layer.id}”的此版本中没有要素“{id[:80]}”。",
        layer=layer.id,
        feature=id[:80],
    )


_LAYER = "/api/collections/{layer}"
routes = [
    Route(f"{_LAYER}/items", items),
    Route(f"{_LAYER}/items/{{id:path}}/history", history),
    Route(f"{_LAYER}/items/{{id:path}}", item),
    Route("/api/collections", collections),
    Route(_LAYER, collection),
    Route(f"{_LAYER}/queryables", _schema_route(queryables, "queryables")),
    Route(f"{_LAYER}/sortables", _schema_route(sortables, "sortables")),
    Route(f"{_LAYER}/schema", _schema_route(schema, "schema")),
    Route(f"{_LAYER}/versions", versions),
    Route("/api", landing),
    Route("/api/", landing),
    Route("/api/conformance", conformance),
]
