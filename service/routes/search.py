"""GET /api/search: features by name, alias, English name or pinyin."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from service.atlas import atlas_of
from service.chapters import find_chapters
from service.parameters import bad, integer, only, versions_at, words
from service.responses import json_response, versioned
from service.rights import visible_layer, visible_layers
from service.search import Found, search_of
from service.searchlayers import find_layers

LONGEST = 100
NOT_KEPT = {"cache-control": "no-store"}

router = APIRouter(tags=["Atlas"])


@router.get("/search")
async def find_by_name(request: Request) -> Response:
    """The best features for ``q``; ``layers`` narrows, ``limit`` is 20 by default.
    ``documents`` are chapters and documents of that title or number, also in pinyin;
    ``layers`` are whole layers called so, of which ``begins`` tells those whose name
    begins so; ``alike`` is true where nothing is spelled so and the results are only
    the nearest; ``pending`` names large layers that are still being indexed."""
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
    search = search_of(request.app.state)
    if search.ready(wanted):  # a thread would wait longer for its turn than this takes
        found = search.find(query, wanted, limit)
    else:
        found = await run_in_threadpool(search.find, query, wanted, limit)
    used = {layer.id: number for layer, number in wanted if number}
    chapters = find_chapters(query) if named is None else []
    whole = find_layers(query, layers) if named is None else []
    if (chapters or whole) and found.alike:  # what is titled so leaves nothing to guess
        found = Found([], found.pending, alike=False)
    body = {"query": query, **found._asdict(), "versions": used}
    if named is None:
        body |= {"documents": chapters, "layers": whole}
    if found.pending:  # not the answer that these versions will give
        return json_response(body, request=request, headers=NOT_KEPT)
    return json_response(body, request=request, etag=versioned(request, used))


def _query(request: Request) -> str:
    query = request.query_params.get("q", "").strip()
    if not query or len(query) > LONGEST:
        raise bad(
            "q",
            f"must hold 1 to {LONGEST} characters to search for",
            f"须为 1 到 {LONGEST} 个字的检索词",
        )
    return query
