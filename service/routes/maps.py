"""Routes: maps as pictures, sheets and pages (OGC API – Maps)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from layers.catalogue import Layer
from service.accounts import visible_layer, visible_layers
from service.atlas import atlas_of
from service.errors import TooManyRequests
from service.maps.provenance import digest_headers
from service.maps.query import MEDIA_TYPES, PARAMETERS, parse_map
from service.maps.rendering import Maps, Plan
from service.parameters import only
from service.responses import is_fresh

router = APIRouter()

#: Maps drawn at once; further requests wait, and too many waiting are turned away.
_AT_ONCE, _WAITING = 4, 64


class Desk:
    """Draws maps for requests, a bounded number at a time."""

    def __init__(self, maps: Maps) -> None:
        self.maps = maps
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="map")
        self._waiting = 0

    async def draw(self, plan: Plan) -> bytes:
        """The finished file."""
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
            return await loop.run_in_executor(self._threads, self.maps.draw, plan)
        finally:
            self._waiting -= 1


def desk_of(request: Request) -> Desk:
    """The application's desk, made at its first map."""
    state, atlas = request.app.state, atlas_of(request)
    if not hasattr(state, "map_desk"):
        state.map_desk = Desk(Maps(atlas.store, atlas.snapshots, atlas.catalogue))
    desk: Desk = state.map_desk
    return desk


@router.get("/map", summary="Map of several layers · 多图层地图")
async def map_of_layers(request: Request) -> Response:
    """PNG, SVG, PDF or HTML of the layers named in ``collections``."""
    only(request, PARAMETERS)
    given = dict(request.query_params)
    for name in given.get("collections", "").split(","):
        if name.strip():
            visible_layer(request, name.strip())
    return await _answer(request, given, ())


@router.get("/collections/{layer}/map", summary="Map of one layer · 单图层地图")
async def map_of_layer(request: Request, layer: str) -> Response:
    """The same for the layer of the address."""
    only(request, PARAMETERS - {"collections"})
    visible_layer(request, layer)
    return await _answer(request, dict(request.query_params), (layer,))


async def _answer(
    request: Request, given: dict[str, str], layers: Sequence[str]
) -> Response:
    query = parse_map(given, layers)
    desk = desk_of(request)
    visible: list[Layer] = visible_layers(request)
    plan = desk.maps.plan(query, visible)
    headers = {"etag": plan.record.etag, "cache-control": "no-cache, no-transform"}
    if is_fresh(request, plan.record.etag):
        return Response(status_code=304, headers=headers)
    content = await desk.draw(plan)
    headers |= digest_headers(content)
    headers["content-disposition"] = f'inline; filename="map.{query.format}"'
    return Response(content, 200, headers, MEDIA_TYPES[query.format])
