"""GET /api/search: features by name, alias, English name or pinyin."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from layers.catalogue import Layer
from service.atlas import atlas_of
from service.chapters import find_chapters
from service.nearness import answered_by, asked_near
from service.parameters import bad, integer, only, versions_at, words
from service.responses import json_response, versioned
from service.rights import visible_layer, visible_layers
from service.search import Found, Search, search_of
from service.searchclasses import find_classes
from service.searchlayers import MOST, find_layers

LONGEST = 100
NOT_KEPT = {"cache-control": "no-store"}

router = APIRouter(tags=["Atlas"])


@router.get("/search")
async def find_by_name(request: Request) -> Response:
    """The best features for ``q``; ``layers`` narrows, ``limit`` is 20 by default.
    ``documents`` are chapters and documents of that title or number, also in pinyin;
    ``layers`` are whole layers called so, of which ``begins`` tells those whose name
    begins so; ``questions`` are statistics that answer what is asked in words
    (地铁站附近的旧村); ``classes`` are classes of land use of that code or name, with
    the layer that has them; ``alike`` is true where nothing is spelled so and these
    are only the nearest; ``pending`` names layers that are still being indexed."""
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
    besides, place = _besides(query, layers) if named is None else ({}, None)
    found = await _found(search, query, wanted, limit)
    if named is None:
        besides["classes"] = find_classes(query, search.classes(wanted))
    if any(besides.values()) and found.alike:  # what is titled so needs no guess
        found = Found([], found.pending, alike=False)
    if place and not found.results:
        found = await _found(search, place, wanted, limit)
    used = {layer.id: number for layer, number in wanted if number}
    body = {"query": query, **found._asdict(), "versions": used, **besides}
    if found.pending:  # not the answer that these versions will give
        return json_response(body, request=request, headers=NOT_KEPT)
    return json_response(body, request=request, etag=versioned(request, used))


async def _found(
    search: Search, query: str, wanted: list[tuple[Layer, int]], limit: int
) -> Found:
    if search.ready(wanted):  # a thread would wait longer for its turn than this takes
        return search.find(query, wanted, limit)
    return await run_in_threadpool(search.find, query, wanted, limit)


def _besides(query: str, layers: list[Layer]) -> tuple[dict[str, Any], str | None]:
    """What answers a query besides features; of what lies near a place that is no layer
    the place, if the query is named like nothing."""
    whole = find_layers(query, layers)
    chapters = find_chapters(query)
    near = None if whole else asked_near(query)
    asked = answered_by(near, layers) if near else []
    if near:
        whole = find_layers(near.what, layers)[:1]
    if asked and near:
        whole = [*whole, *find_layers(near.place, layers)][:MOST]
    place = near.place if near and whole and not asked else None
    return {"documents": chapters, "layers": whole, "questions": asked}, place


def _query(request: Request) -> str:
    query = request.query_params.get("q", "").strip()
    if not query or len(query) > LONGEST:
        raise bad(
            "q",
            f"must hold 1 to {LONGEST} characters to search for",
            f"须为 1 到 {LONGEST} 个字的检索词",
        )
    return query
