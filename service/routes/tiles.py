"""Routes: OGC API – Tiles, vector tiles of every layer."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo.tile import MAX_ZOOM
from layers.catalogue import Layer
from service.atlas import atlas_of
from service.compression import accepts
from service.errors import NotFound
from service.links import api_url, link
from service.parameters import bad, language, only, resolve_version
from service.responses import JSON, is_fresh, json_response, versioned
from service.rights import visible_layer
from service.tiles import Address, tiles_of

MVT = "application/vnd.mapbox-vector-tile"
GRID = "WebMercatorQuad"
GRID_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
CRS_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"
_NUMBER = re.compile(r"[0-9]{1,40}")


async def tile(request: Request) -> Response:
    """One vector tile

    (Mapbox Vector Tile 2.1, one layer inside, named as the layer); 204 where empty."""
    only(request, {"version", "as-of"})
    layer = visible_layer(request, request.path_params["layer"])
    place = _place(request)
    version = resolve_version(atlas_of(request), layer, request)
    etag = versioned(request, {layer.id: version}, MVT)
    headers = {"cache-control": _caching(request, layer), "vary": "Accept-Encoding"}
    if is_fresh(request, etag):
        return Response(status_code=304, headers=headers | {"etag": etag})
    packed = accepts(request.headers.get("accept-encoding", ""), "gzip")
    body = await _bytes(request, layer, Address(layer.id, version, *place), packed)
    if not body:
        return Response(status_code=204, headers=headers | {"etag": etag})
    if packed:
        headers["content-encoding"] = "gzip"
        etag = f'{etag[:-1]}-gzip"'
    return Response(body, headers=headers | {"etag": etag}, media_type=MVT)


async def _bytes(
    request: Request, layer: Layer, address: Address, packed: bool
) -> bytes:
    tiles = tiles_of(request)
    body = tiles.kept(address, packed=packed)
    if body is None:
        cut = partial(tiles.tile, layer, address, packed=packed)
        body = await run_in_threadpool(cut)
    return body


async def tilesets(request: Request) -> Response:
    """Tilesets of a layer

    There is one."""
    only(request, {"version", "as-of"})
    layer = visible_layer(request, request.path_params["layer"])
    here = api_url(request, "collections", layer.id, "tiles")
    body = {"tilesets": [_tileset(request, layer)], "links": [link(here, "self", JSON)]}
    return json_response(body, request=request)


async def tileset(request: Request) -> Response:
    """One tileset

    As OGC API – Tiles describes it, or with ``f=tilejson`` as TileJSON 3.0."""
    only(request, {"f", "version", "as-of"})
    layer = visible_layer(request, request.path_params["layer"])
    _check_grid(request)
    if request.query_params.get("f", "json") not in ("json", "tilejson"):
        raise bad("f", "must be json or tilejson", "必须是 json 或 tilejson")
    if request.query_params.get("f") == "tilejson":
        return json_response(_tilejson(request, layer), request=request)
    return json_response(_tileset(request, layer), request=request)


def _place(request: Request) -> tuple[int, int, int]:
    """Zoom, column and row, checked against the grid."""
    _check_grid(request)
    z = _whole(request, "tileMatrix", MAX_ZOOM)
    y = _whole(request, "tileRow", (1 << z) - 1)
    return z, _whole(request, "tileCol", (1 << z) - 1), y


def _whole(request: Request, name: str, largest: int) -> int:
    text = request.path_params[name]
    if not _NUMBER.fullmatch(text):
        raise bad(name, "must be a whole number", "必须是整数")
    if int(text) > largest:
        raise NotFound(
            f"There is no tile with {name} {text}: the largest is {largest}.",
            f"没有 {name} 为 {text} 的瓦片，最大为 {largest}。",
            parameter=name,
        )
    return int(text)


def _check_grid(request: Request) -> None:
    if (name := request.path_params["grid"]) != GRID:
        raise NotFound(
            f"Tiles come in {GRID} only, not in {name!r}.",
            f"瓦片只提供 {GRID}，没有“{name}”。",
            parameter="tileMatrixSetId",
        )


def _caching(request: Request, layer: Layer) -> str:
    """A pinned version never changes; anything else is asked for again, cheaply. What
    not everybody may see is always asked for: the next to use the browser, or the same
    person after the right is gone, must not find it there."""
    if not atlas_of(request).is_open(layer):
        return "private, no-cache"
    pinned = "version" in request.query_params
    return "public, max-age=31536000, immutable" if pinned else "no-cache"


def _title(request: Request, layer: Layer) -> str:
    return layer.title_zh if language(request) == "zh" else layer.title_en


def _template(request: Request, layer: Layer, names: str, version: int) -> str:
    """Pinned: what it leads to never changes, and may be kept for ever."""
    tiles = api_url(request, "collections", layer.id, "tiles", GRID)
    return f"{tiles}/{names}?version={version}"


def _tileset(request: Request, layer: Layer) -> dict[str, Any]:
    here = api_url(request, "collections", layer.id, "tiles", GRID)
    version = resolve_version(atlas_of(request), layer, request)
    template = _template(request, layer, "{tileMatrix}/{tileRow}/{tileCol}", version)
    collection = api_url(request, "collections", layer.id)
    return {
        "title": _title(request, layer),
        "dataType": "vector",
        "crs": CRS_URI,
        "tileMatrixSetURI": GRID_URI,
        "links": [
            link(here, "self", JSON),
            link(f"{here}?f=tilejson", "alternate", JSON),
            link(template, "item", MVT) | {"templated": True},
            link(collection, "http://www.opengis.net/def/rel/ogc/1.0/geodata", JSON),
        ],
    }


def _tilejson(request: Request, layer: Layer) -> dict[str, Any]:
    atlas = atlas_of(request)
    version = resolve_version(atlas, layer, request)
    extent = atlas.store.version(layer.id, version).extent
    fields = {f.name: f.title_en for f in layer.fields if f.type != "json"}
    template = _template(request, layer, "{z}/{y}/{x}", version)
    return {
        "tilejson": "3.0.0",
        "name": _title(request, layer),
        "version": f"{version}.0.0",
        "tiles": [template],
        "minzoom": 0,
        "maxzoom": MAX_ZOOM,
        "bounds": extent or (-180, -85.0511, 180, 85.0511),
        "vector_layers": [{"id": layer.id, "fields": {"id": "Identifier"} | fields}],
    }


_TILES = "/api/collections/{layer}/tiles"
routes = [
    Route(_TILES, tilesets),
    Route(f"{_TILES}/{{grid}}", tileset),
    Route(f"{_TILES}/{{grid}}/{{tileMatrix}}/{{tileRow}}/{{tileCol}}", tile),
]
