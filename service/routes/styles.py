"""GET /api/styles: how layers and land-use classes look, for page and printed maps."""

from __future__ import annotations

from functools import cache

from fastapi import APIRouter, Request, Response

from layers.catalogue import Catalogue
from layers.styles import styles
from service.atlas import atlas_of
from service.parameters import only
from service.responses import content_etag, json_bytes, json_response

router = APIRouter(tags=["Maps"])


@router.get("/styles")
async def get_styles(request: Request) -> Response:
    """Styles by layer, of evidence, and of every classification scheme."""
    only(request, ())
    body, etag = _styles(atlas_of(request).catalogue)
    return json_response(body, request=request, etag=etag)


@cache
def _styles(catalogue: Catalogue) -> tuple[bytes, str]:
    """The catalogue does not change while the service runs."""
    body = json_bytes(styles(catalogue))
    return body, content_etag(body)
