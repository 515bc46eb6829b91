"""Routes: liveness and readiness."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from service.atlas import atlas_of
from service.parameters import only
from service.responses import json_response, software_version
from service.rights import readable_layers

router = APIRouter(tags=["operations"])
_FRESH = {"cache-control": "no-store"}


@router.get("/health", summary="The process lives")
async def health(request: Request) -> Response:
    """Liveness: answers without touching the store."""
    only(request, ())
    body = {"status": "ok", "version": software_version()}
    return json_response(body, request=request, headers=_FRESH)


@router.get("/ready", summary="The store answers and every layer is published")
async def ready(request: Request) -> Response:
    """Readiness: 503 while the store does not answer."""
    only(request, ())
    atlas = atlas_of(request)
    atlas.store.ping()
    versions = atlas.store.current_versions()
    seen = [layer.id for layer in readable_layers(request)]
    shown = {layer: versions[layer] for layer in seen if layer in versions}
    body = {"status": "ready", "versions": shown}
    return json_response(body, request=request, headers=_FRESH)
