"""GET /api/documents, /api/documents/{id}, /api/indicators, /api/conflicts."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from layers.documents import conflicts, documents, indicators, public_sources
from service.atlas import Atlas, atlas_of
from service.documents import LayerFrame, described, detail, named_features, summary
from service.parameters import only
from service.responses import content_etag, json_bytes, json_response, versioned
from service.rights import require, require_reader, visible_layers
from service.texts import known_document, linked_text, names_of

router = APIRouter(tags=["Atlas"])
#: A layer this large is parcels from an upload; no document cites those one by one.
MOST_FEATURES = 20_000


@router.get("/documents")
async def list_documents(request: Request) -> Response:
    """The documents that the atlas cites, and what public sources are in English."""
    only(request, ())
    versions, frames = await _frames(request)

    def body() -> Any:
        listed = [summary(each, frames) for each in documents().values()]
        return {"documents": listed, "public_sources": public_sources()}

    return json_response(
        await run_in_threadpool(body),
        request=request,
        etag=versioned(request, versions),
    )


@router.get("/documents/{document_id}")
async def get_document(request: Request, document_id: str) -> Response:
    """A document with its chapters and the features that each of them names."""
    only(request, ())
    versions, frames = await _frames(request)
    document = known_document(document_id)
    return json_response(
        await run_in_threadpool(partial(detail, document, frames)),
        request=request,
        etag=versioned(request, versions),
    )


@router.get("/documents/{document_id}/text")
async def get_text(request: Request, document_id: str) -> Response:
    """The text that the district has imported, its places linked to features."""
    only(request, ())
    require(request, "viewer")
    document = known_document(document_id)
    _, frames = await _frames(request)
    store = atlas_of(request).store

    def body() -> Any:
        names = names_of(named_features(frames))
        paragraphs = linked_text(store, document, names)
        named = (
            (feature["layer"], feature["id"])
            for paragraph in paragraphs
            for place in paragraph["places"]
            for feature in place["features"]
        )
        features = described(frames, named)
        return {"id": document.id, "paragraphs": paragraphs, "features": features}

    return json_response(
        await run_in_threadpool(body),
        request=request,
        headers={"cache-control": "private, no-cache"},
    )


@router.get("/indicators")
async def list_indicators(request: Request) -> Response:
    """Every indicator: baseline, target, unit, property and source. ``baseline``
    and ``target`` are as the plan prints them, ``baseline_en`` and ``target_en`` the
    same in English, ``baseline_number`` and ``target_number`` where one number."""
    only(request, ())
    return _constant(request, {"indicators": indicators()})


@router.get("/conflicts")
async def list_conflicts(request: Request) -> Response:
    """Where the documents disagree with each other or with themselves."""
    only(request, ())
    return _constant(request, {"conflicts": [asdict(c) for c in conflicts().values()]})


def _constant(request: Request, body: Any) -> Response:
    require_reader(request)
    content = json_bytes(body)
    return json_response(content, request=request, etag=content_etag(content))


async def _frames(request: Request) -> tuple[dict[str, int], list[LayerFrame]]:
    """The current versions that the caller may read, and their frames."""
    atlas = atlas_of(request)
    current = atlas.store.current_versions()
    layers = [layer for layer in visible_layers(request) if current.get(layer.id)]
    versions = {layer.id: current[layer.id] for layer in layers}
    frames = await run_in_threadpool(_read, atlas, versions)
    return versions, frames


def _read(atlas: Atlas, versions: dict[str, int]) -> list[LayerFrame]:
    found = []
    for id, number in versions.items():
        if atlas.store.version(id, number).feature_count <= MOST_FEATURES:
            frame = atlas.snapshots.get(id, number).frame
            found.append((atlas.catalogue.get(id), frame))
    return found
