"""Routes: what the page asks for before anything is drawn, besides layers.

Plain Starlette endpoints: a process that has only just started answers them too. The
rooms that they belong to, styles and session, describe them with the rest.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from layers.catalogue import Catalogue
from layers.styles import styles
from service.accounts import Principal
from service.atlas import atlas_of
from service.basemaps import described
from service.links import api_url
from service.parameters import only
from service.responses import content_etag, json_bytes, json_response
from service.rights import principal_of, require_reader, session_of, visible_layers


async def get_styles(request: Request) -> Response:
    """Styles by layer, of evidence, and of every classification scheme."""
    only(request, ())
    seen = frozenset(layer.id for layer in visible_layers(request))
    body, etag = _styles(atlas_of(request).catalogue, seen)
    return json_response(body, request=request, etag=etag)


async def get_basemaps(request: Request) -> Response:
    """Base maps besides the map's own, as the administrator named them: often none."""
    only(request, ())
    require_reader(request)
    body = json_bytes(described(atlas_of(request).settings.basemaps))
    return json_response(body, request=request, etag=content_etag(body))


async def get_session(request: Request) -> Response:
    """The principal behind the cookie or token, and the CSRF token of its writes."""
    only(request, ())
    session = session_of(request)
    principal = principal_of(request)
    known = None if principal.role == "anonymous" else principal
    return session_told(request, known, session.csrf if session else None)


def session_told(
    request: Request, principal: Principal | None, csrf: str | None
) -> Response:
    """Who is logged in, and how one logs in."""
    atlas = atlas_of(request)
    offered = None if atlas.oidc is None else api_url(request, "session", "oidc")
    body: dict[str, Any] = {
        "principal": None if principal is None else _shown(principal),
        "csrf": csrf,
        "public_read": atlas.accounts.public_read,
        "login": {"token": True, "oidc": offered},
    }
    return json_response(body, request=request, headers={"cache-control": "no-store"})


def _shown(principal: Principal) -> dict[str, Any]:
    layers = None if principal.layers is None else sorted(principal.layers)
    return {
        "name": principal.name,
        "role": principal.role,
        "layers": layers,
        "download": principal.download,
    }


@lru_cache(maxsize=64)
def _styles(catalogue: Catalogue, seen: frozenset[str]) -> tuple[bytes, str]:
    """The catalogue does not change while the service runs."""
    made = styles(catalogue)
    shown = {id: style for id, style in made["layers"].items() if id in seen}
    body = json_bytes({**made, "layers": shown})
    return body, content_etag(body)


routes = [
    Route("/api/styles", get_styles, include_in_schema=False),
    Route("/api/basemaps", get_basemaps, include_in_schema=False),
    Route("/api/session", get_session, include_in_schema=False),
]
