"""HTML for people who open the API in a browser."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from service.parameters import language
from service.responses import (
    HTML,
    JSON,
    is_fresh,
    json_response,
    negotiated,
    versioned,
)


def html_or_json(
    request: Request,
    body: Any,
    kind: str,
    *,
    versions: Mapping[str, int] | None = None,
) -> Response:
    """The body in the form that the client prefers."""
    lang = language(request)
    form = negotiated(request, {"json": JSON, "html": HTML}, "json")
    etag = versioned(request, versions or {}, f"{form} {lang}")
    headers = {"vary": "Accept, Accept-Language", "content-language": lang}
    if form == "json":
        return json_response(body, request=request, etag=etag, headers=headers)
    headers |= {"etag": etag, "cache-control": "no-cache"}
    if is_fresh(request, etag):
        return Response(status_code=304, headers=headers)
    shown = orjson.loads(body) if isinstance(body, bytes) else body
    return Response(f"<pre>{shown}</pre>", 200, headers, HTML)
