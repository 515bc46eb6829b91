"""Routes: the API's description, for programs and for people."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.accounts import visible_layers
from service.atlas import atlas_of
from service.links import base_url
from service.manual import manual
from service.openapi.document import document
from service.pages import page
from service.parameters import only
from service.responses import content_etag, json_bytes, json_response

router = APIRouter()
_MEDIA = "application/vnd.oai.openapi+json;version=3.1"


async def openapi(request: Request) -> Response:
    """The OpenAPI 3.1 document."""
    only(request, ())
    body = json_bytes(_document(request))
    return json_response(
        body, request=request, etag=content_etag(body), media_type=_MEDIA
    )


async def docs(request: Request) -> Response:
    """The same as a page to read."""
    only(request, {"f"})
    content = manual(_document(request))
    return page(request, "API", content, {"cache-control": "no-cache"})


def _document(request: Request) -> dict[str, Any]:
    return document(
        request.app,
        visible_layers(request),
        max_limit=atlas_of(request).settings.max_limit,
        server=base_url(request),
    )


routes = [
    Route("/api/openapi.json", openapi, include_in_schema=False),
    Route("/api/docs", docs, include_in_schema=False),
]
