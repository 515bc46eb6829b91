"""Routes: what is at a position."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from service.atlas import atlas_of
from service.parameters import bad, number, only, words
from service.responses import json_response, versioned
from service.statistics.asking import all_layers
from service.statistics.identify import identify
from service.statistics.reading import read_near

router = APIRouter(tags=["statistics"])
MAX_TOLERANCE_M = 5_000


@router.get("/identify", summary="Features at a position")
async def identify_features(request: Request) -> Response:
    """Features within ``tolerance_m`` of a position, nearest and smallest first."""
    only(request, ("lon", "lat", "tolerance_m", "layers", "as-of"))
    lon = _required(request, "lon", 180)
    lat = _required(request, "lat", 90)
    tolerance = number(request, "tolerance_m", 10.0, minimum=0, maximum=MAX_TOLERANCE_M)
    layers = all_layers(request, words(request, "layers"))
    etag = versioned(request, {layer.id: version for layer, version in layers})

    def answer() -> dict[str, Any]:
        near = [partial(read_near, atlas_of(request), *each) for each in layers]
        return identify(lon, lat, tolerance or 0.0, near)

    body = await run_in_threadpool(answer)
    return json_response(body, request=request, etag=etag)


def _required(request: Request, name: str, most: float) -> float:
    value = number(request, name, minimum=-most, maximum=most)
    if value is None:
        raise bad(name, "is needed: degrees, CRS84", "必填：度（CRS84）")
    return value
