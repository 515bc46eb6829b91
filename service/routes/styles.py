"""What a map looks like: layers and land-use classes, and the bases to choose from."""

from __future__ import annotations

from functools import lru_cache

from fastapi import APIRouter, Request, Response

from layers.catalogue import Catalogue
from layers.styles import styles
from service.atlas import atlas_of
from service.basemaps import described
from service.parameters import only
from service.responses import content_etag, json_bytes, json_response
from service.rights import require_reader, visible_layers

router = APIRouter(tags=["Maps"])


@router.get("/styles")
async def get_styles(request: Request) -> Response:
    """Styles by layer, of evidence, and of every classification scheme."""
    only(request, ())
    seen = frozenset(layer.id for layer in visible_layers(request))
    body, etag = _styles(atlas_of(request).catalogue, seen)
    return json_response(body, request=request, etag=etag)


@router.get("/basemaps")
async def get_basemaps(request: Request) -> Response:
    """Base maps besides the map's own, as the administrator named them: often none."""
    only(request, ())
    require_reader(request)
    body = json_bytes(described(atlas_of(request).settings.basemaps))
    return json_response(body, request=request, etag=content_etag(body))


@lru_cache(maxsize=64)
def _styles(catalogue: Catalogue, seen: frozenset[str]) -> tuple[bytes, str]:
    """The catalogue does not change while the service runs."""
    made = styles(catalogue)
    shown = {id: style for id, style in made["layers"].items() if id in seen}
    body = json_bytes({**made, "layers": shown})
    return body, content_etag(body)
