"""Addresses in answers: absolute, of the host that was asked."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

from starlette.requests import HTTPConnection, Request

_HOST = re.compile(r"[A-Za-z0-9._\-\[\]:]{1,255}")


def base_url(request: HTTPConnection) -> str:
    """Scheme, host and mount point, without a slash at the end."""
    scope = request.scope
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        host = "{}:{}".format(*(scope.get("server") or ("localhost", 80)))
    return f"{scope['scheme']}://{host}{scope.get('root_path', '')}"


def api_url(request: Request, *parts: str, **query: Any) -> str:
    """An address below /api; parts are escaped, None values left out."""
    path = "".join(f"/{quote(part, safe='')}" for part in parts)
    return f"{base_url(request)}/api{path}{_query(query)}"


def same_url(request: Request, **query: Any) -> str:
    """This address with parameters replaced (None removes one)."""
    merged = dict(request.query_params) | query
    path = quote(request.scope["path"], safe="/:@!$&'()*+,;=~")
    return f"{base_url(request)}{path}{_query(merged)}"


def _query(query: dict[str, Any]) -> str:
    present = {name: value for name, value in query.items() if value is not None}
    return f"?{urlencode(present, quote_via=quote)}" if present else ""


def link(
    href: str, rel: str, media: str | None = None, title: str | None = None
) -> dict[str, str]:
    """A link object."""
    made = {"href": href, "rel": rel}
    if media:
        made["type"] = media
    if title:
        made["title"] = title
    return made
