"""Routes: maps as pictures, sheets, pages and books (OGC API – Maps)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.atlas import atlas_of
from service.errors import TooManyRequests
from service.maps import series
from service.maps.described import answering, operation, posted
from service.maps.kept import Kept
from service.maps.placing import SCHEMA
from service.maps.plan import Plan
from service.maps.posted import bounded, told_in
from service.maps.provenance import digest_headers
from service.maps.query import (
    ALL_TYPES,
    BOOK_TYPES,
    MEDIA_TYPES,
    PARAMETERS,
    parse_map,
)
from service.maps.rendering import Maps
from service.parameters import only
from service.responses import content_etag, is_fresh, json_bytes, json_response
from service.rights import may_download, view_only, visible_layer, visible_layers

router = APIRouter()

#: Parameters of a picture, and not of where its sheets lie.
_OF_PICTURES = {"f", "sheet"}
#: Maps drawn at once; further requests wait, and too many waiting are turned away.
_AT_ONCE, _WAITING = 4, 64
#: An interactive map names its own scripts; here it is kept apart from this origin.
_PAGE_POLICY = "sandbox allow-scripts; frame-ancestors 'none'"


class Desk:
    """Draws maps for requests, a bounded number at a time."""

    def __init__(self, maps: Maps) -> None:
        self.maps = maps
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="map")
        self._waiting = 0
        self._digests = Kept[dict[str, str]](4096)

    def digest(self, plan: Plan, content: bytes) -> dict[str, str]:
        """The digest headers of a plan's file: hashed once, for its bytes never
        change."""
        key = (plan.record.digest,)
        if (held := self._digests.get(key)) is None:
            held = digest_headers(content)
            self._digests.keep(key, held, 1)
        return held

    async def make(self, plan: Plan, draw: Callable[[Plan], bytes]) -> bytes:
        """The finished file, drawn unless it is at hand."""
        if (held := self.maps.finished(plan)) is not None:
            return held
        if self._waiting >= _WAITING:
            raise TooManyRequests(
                "Too many maps are being drawn just now. Try again in a few seconds.",
                "当前制图请求过多，请数秒后重试。",
                retry_after=5,
            )
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, draw, plan)
        finally:
            self._waiting -= 1


def desk_of(request: Request) -> Desk:
    """The application's desk, made at its first map."""
    state, atlas = request.app.state, atlas_of(request)
    if not hasattr(state, "map_desk"):
        static_dir = atlas.settings.static_dir
        state.map_desk = Desk(
            Maps(atlas.store, atlas.snapshots, atlas.catalogue, static_dir=static_dir)
        )
    desk: Desk = state.map_desk
    return desk


@router.get(
    "/map",
    summary="Map of several layers · 多图层地图",
    response_class=Response,
    openapi_extra=operation(PARAMETERS, MEDIA_TYPES, required="collections"),
)
async def map_of_layers(request: Request) -> Response:
    """PNG, SVG, PDF or HTML of the layers named in ``collections``."""
    only(request, PARAMETERS)
    given = dict(request.query_params)
    _check_visible(request, given)
    return await _map(request, given, ())


@router.post(
    "/map",
    summary="The same, with a shape too long for an address · 含图形的地图",
    response_class=Response,
    openapi_extra=posted(PARAMETERS, MEDIA_TYPES, required="collections"),
)
async def map_with_shape(request: Request) -> Response:
    """The parameters as members of a JSON object; ``shape`` may be GeoJSON as it is.
    Its bytes are those of GET."""
    only(request, ())
    given = told_in(await bounded(request))
    _check_visible(request, given)
    return await _map(request, given, ())


@router.get(
    "/map/sheets",
    summary="How many sheets an extent takes · 分幅情况",
    openapi_extra=answering(
        operation(PARAMETERS - _OF_PICTURES, ["json"], required="collections"), SCHEMA
    ),
)
async def sheets_of_map(request: Request) -> Response:
    """What a series of the same parameters would have: its sheets, their columns and
    rows, and their ground. Without ``scale``, or with ``center``: the one sheet."""
    only(request, PARAMETERS - _OF_PICTURES)
    return await _placed(request, {**request.query_params, "f": "pdf"})


@router.post(
    "/map/sheets",
    summary="The same, with a shape too long for an address · 含图形的分幅情况",
    openapi_extra=answering(
        posted(PARAMETERS - {"sheet"}, ["json"], required="collections"), SCHEMA
    ),
)
async def sheets_with_shape(request: Request) -> Response:
    """As of a map asked for by a body; ``f`` makes no difference."""
    only(request, ())
    return await _placed(request, {**told_in(await bounded(request)), "f": "pdf"})


async def _placed(request: Request, given: dict[str, str]) -> Response:
    if "scale" in given and "center" not in given:
        given["series"] = "true"
    _check_visible(request, given)
    maps = desk_of(request).maps
    plan = maps.plan(parse_map(given), visible_layers(request))
    body = json_bytes(await asyncio.to_thread(maps.placed, plan))
    return json_response(body, request=request, etag=content_etag(body))


@router.get(
    "/collections/{layer}/map",
    summary="Map of one layer · 单图层地图",
    response_class=Response,
    openapi_extra=operation(PARAMETERS - {"collections"}, MEDIA_TYPES),
)
async def map_of_layer(request: Request, layer: str) -> Response:
    """The same for the layer of the address."""
    only(request, PARAMETERS - {"collections"})
    visible_layer(request, layer)
    return await _map(request, dict(request.query_params), (layer,))


@router.get(
    "/collections/{layer}/dossiers",
    summary="A page per feature · 一地一档",
    response_class=Response,
    openapi_extra=operation(series.PARAMETERS, BOOK_TYPES),
)
async def dossiers_of_layer(request: Request, layer: str) -> Response:
    """One PDF or Word file: an index map, then a page for each feature with its map,
    key facts, areas, overlaps, land use, neighbours and sources."""
    only(request, series.PARAMETERS)
    own, given = visible_layer(request, layer), dict(request.query_params)
    if "id" not in given and not may_download(request, own):
        raise view_only(own)  # every feature with all that is known of it
    _check_visible(request, given)
    maps, visible = desk_of(request).maps, visible_layers(request)
    query = series.parse_series(given, layer, maps.comparable(visible))
    plan = maps.plan(query, visible, kind="series")
    return await _answer(request, plan, maps.series, f"{layer}.{query.format}")


def _check_visible(request: Request, given: dict[str, str]) -> None:
    for name in given.get("collections", "").split(","):
        if name.strip():
            visible_layer(request, name.strip())


async def _map(
    request: Request, given: dict[str, str], layers: Sequence[str]
) -> Response:
    query = parse_map(given, layers)
    maps = desk_of(request).maps
    plan = maps.plan(query, visible_layers(request))
    if query.format == "html":  # it holds the features themselves
        for layer in plan.layers:
            if not may_download(request, layer):
                raise view_only(layer)
    return await _answer(request, plan, maps.draw, f"map.{query.format}")


async def _answer(
    request: Request, plan: Plan, draw: Callable[[Plan], bytes], name: str
) -> Response:
    headers = {
        "etag": plan.record.etag,
        "cache-control": "no-cache, no-transform",
        "vary": "Authorization, Cookie",  # what is drawn is what the asker may see
    }
    if is_fresh(request, plan.record.etag):
        return Response(status_code=304, headers=headers)
    desk = desk_of(request)
    content = await desk.make(plan, draw)
    headers |= desk.digest(plan, content)
    if plan.query.format == "html":  # the page carries its own, stricter policy
        headers["content-security-policy"] = (
            "script-src 'unsafe-inline'; sandbox allow-scripts"
        )
    headers["content-disposition"] = f'inline; filename="{name}"'
    return Response(content, 200, headers, ALL_TYPES[plan.query.format])
