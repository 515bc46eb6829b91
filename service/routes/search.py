"""GET /api/search: features by name, alias, English name or pinyin."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.concurrency import run_in_threadpool

from service.accounts import visible_layer, visible_layers
from service.atlas import Atlas, atlas_of
from service.errors import ServiceError
from service.parameters import bad, integer, only, versions_at, words
from service.responses import json_response, versioned
from service.search import Search

LONGEST = 100
#: Layers up to this size are indexed at start-up, larger ones when first searched.
WARM_FEATURES = 5_000


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Index behind the start-up, so that the first search is as fast as the rest."""
    app.state.search = Search(app.state.atlas.snapshots)
    warming = asyncio.create_task(
        run_in_threadpool(_warm, app.state.atlas, app.state.search)
    )
    yield
    await warming


def _warm(atlas: Atlas, search: Search) -> None:
    with suppress(ServiceError):  # a store that is away is told by the first request
        for id, number in atlas.store.current_versions().items():
            size = atlas.store.version(id, number).feature_count
            if id in atlas.catalogue and size <= WARM_FEATURES:
                search.find("荔湾", [(atlas.catalogue.get(id), number)], 1)


router = APIRouter(tags=["Atlas"], lifespan=_lifespan)


@router.get("/search")
async def search(request: Request) -> Response:
    """The best features for ``q``; ``layers`` narrows, ``limit`` is 20 by default."""
    only(request, {"q", "limit", "layers", "as-of"})
    query = _query(request)
    limit = integer(request, "limit", 20, minimum=1, maximum=100)
    named = words(request, "layers")
    layers = (
        visible_layers(request)
        if named is None
        else [visible_layer(request, name) for name in named]
    )
    atlas = atlas_of(request)
    versions = versions_at(atlas, layers, request)
    wanted = [(layer, versions[layer.id]) for layer in layers]
    found = await run_in_threadpool(request.app.state.search.find, query, wanted, limit)
    used = {layer.id: number for layer, number in wanted if number}
    return json_response(
        {"query": query, "results": found, "versions": used},
        request=request,
        etag=versioned(request, used),
    )


def _query(request: Request) -> str:
    query = request.query_params.get("q", "").strip()
    if not query or len(query) > LONGEST:
        raise bad(
            "q",
            f"must hold 1 to {LONGEST} characters to search for",
            f"须为 1 到 {LONGEST} 个字的检索词",
        )
    return query
