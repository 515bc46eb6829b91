"""Routes: the API's description, for programs and for people."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from service.atlas import atlas_of
from service.links import api_url, same_url
from service.manual import manual
from service.openapi.document import document
from service.openapi.older import as_openapi_30
from service.pages import page
from service.parameters import language, only
from service.responses import (
    OPENAPI_30,
    OPENAPI_31,
    content_etag,
    is_fresh,
    json_bytes,
    json_response,
)
from service.rights import visible_layers


async def openapi(request: Request) -> Response:
    """The OpenAPI 3.1 document."""
    return _answer(request, _document(request), OPENAPI_31)


async def openapi_30(request: Request) -> Response:
    """The same for clients that know OpenAPI 3.0 only."""
    return _answer(request, as_openapi_30(_document(request)), OPENAPI_30)


async def docs(request: Request) -> Response:
    """The same as a page to read."""
    only(request, {"f"})
    content, lang = manual(_document(request)), language(request)
    etag = content_etag(content.encode(), f"{lang} {same_url(request)}")
    headers = {"cache-control": "no-cache", "vary": "Accept-Language", "etag": etag}
    if is_fresh(request, etag):
        return Response(status_code=304, headers=headers)
    return page(request, "API", content, headers)


def _answer(request: Request, made: dict[str, Any], media: str) -> Response:
    only(request, ())
    body = json_bytes(made)
    etag = content_etag(body)
    return json_response(body, request=request, etag=etag, media_type=media)


def _document(request: Request) -> dict[str, Any]:
    return document(
        request.app,
        visible_layers(request),
        max_limit=atlas_of(request).settings.max_limit,
        server=api_url(request),
    )


routes = [
    Route("/api/openapi.json", openapi, include_in_schema=False),
    Route("/api/openapi-3.0.json", openapi_30, include_in_schema=False),
    Route("/api/docs", docs, include_in_schema=False),
]
