"""Addresses in answers: absolute, of the host that was asked."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote_plus, urlencode

from starlette.requests import HTTPConnection, Request

_PATH_SAFE = "/:@!$&'()*+,;=~"
_HOST = re.compile(r"[A-Za-z0-9._\-\[\]:]{1,255}")


def base_url(request: HTTPConnection) -> str:
    """Scheme, host and mount point, without a slash at the end."""
    scope = request.scope
    known: str | None = scope.get("atlas.base_url")
    if known is None:
        host = next((v for k, v in scope["headers"] if k == b"host"), b"")
        server = scope.get("server") or ("localhost", 80)
        known = _base(scope["scheme"], host, tuple(server), scope.get("root_path", ""))
        scope["atlas.base_url"] = known
    return known


@lru_cache(1024)
def _base(scheme: str, host: bytes, server: tuple[Any, ...], root: str) -> str:
    named = host.decode("latin-1")
    if not _HOST.fullmatch(named):
        named = "{}:{}".format(*server)
    return f"{scheme}://{named}{root}"


def api_url(request: Request, *parts: str, **query: Any) -> str:
    """An address below /api; parts are escaped, None values left out."""
    path = "".join(f"/{_quoted(part, '')}" for part in parts)
    return f"{base_url(request)}/api{path}{_query(query)}"


def same_url(request: Request, **query: Any) -> str:
    """This address with parameters replaced (None removes one). What the client wrote
    is kept as it was written."""
    written = request.scope["query_string"].decode("latin-1")
    parts = written.split("&") if written else []
    if query:
        if not query.keys().isdisjoint(request.query_params):
            parts = [part for part in parts if _name(part) not in query]
        parts += [
            f"{name}={value}" for name, value in query.items() if value is not None
        ]
    return f"{_here(request)}{'?' if parts else ''}{'&'.join(parts)}"


def _here(request: Request) -> str:
    scope = request.scope
    known: str | None = scope.get("atlas.here")
    if known is None:
        known = base_url(request) + _quoted(scope["path"], _PATH_SAFE)
        scope["atlas.here"] = known
    return known


@lru_cache(4096)
def _quoted(text: str, safe: str) -> str:
    return quote(text, safe=safe)


def _name(part: str) -> str:
    name = part.partition("=")[0]
    return unquote_plus(name) if "%" in name else name


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
