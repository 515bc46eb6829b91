"""Routes: statistics. Parameters in, a plan, an answer in JSON, CSV or XLSX."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import orjson
import shapely
from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from geo.proximity import catchments
from geo.surface import Basis
from layers.catalogue import Layer
from service.atlas import atlas_of
from service.body import bounded_body
from service.errors import BadRequest, TooLarge
from service.parameters import bad, language, number, only
from service.responses import (
    JSON,
    is_fresh,
    json_response,
    negotiated,
    versioned,
)
from service.routes import checks
from service.routes.sheets import FORMATS, rendered, sent
from service.statistics.asking import (
    MAX_DISTANCE_M,
    SHAPE_PARAMETERS,
    Plan,
    ask_area,
    ask_balance,
    ask_overlap,
    ask_proximity,
    ask_shape,
)
from service.statistics.drawn import shape_of
from service.statistics.kept import Kept
from service.statistics.plate import Plate
from service.statistics.plates import plates_of
from service.statistics.reading import Reading, read
from service.waiting import while_waited_for

router = APIRouter(tags=["statistics"])
router.include_router(checks.router)
#: A million vertices of 20 characters a number.
MAX_BODY_BYTES = 64 * 1024 * 1024
_SHAPE_BODY = {
    "requestBody": {
        "required": True,
        "content": {
            JSON: {
                "schema": {
                    "type": "object",
                    "required": ["geometry"],
                    "properties": {
                        "geometry": {"type": "object"},
                        "layers": {"type": "array", "items": {"type": "string"}},
                    },
                }
            }
        },
    }
}


@router.get("/statistics/area", summary="Areas of a layer, by a field")
async def area(request: Request) -> Response:
    """Counts, areas and lengths of a version, by the values of a field."""
    return await _answered(request, ask_area)


@router.get("/statistics/overlap", summary="What two layers share")
async def overlap(request: Request) -> Response:
    """Pairs, both shares, the uncovered remainder, and the proof that they sum."""
    return await _answered(request, ask_overlap)


@router.get("/statistics/balance", summary="Land-use balance table")
async def balance(request: Request) -> Response:
    """用地平衡表: rows by class that sum to the whole."""
    return await _answered(request, ask_balance)


@router.get("/statistics/proximity", summary="What lies within a distance")
async def proximity(request: Request) -> Response:
    """Areas within a geodesic distance, rings, and the nearest feature."""
    return await _answered(request, ask_proximity)


@router.post(
    "/statistics/overlap",
    summary="A drawn shape against layers",
    openapi_extra=_SHAPE_BODY,
)
async def drawn(request: Request) -> Response:
    """``{"geometry": GeoJSON, "layers": [ids]}``; every visible layer by default. Of
    each layer the ``limit`` largest shares are listed; totals count all."""
    only(request, SHAPE_PARAMETERS)
    word, body = negotiated(request, FORMATS, "json"), await _body(request)
    wanted = _layer_list(body.get("layers"))
    answer, lang = (
        ask_shape(request, body.get("geometry"), wanted, _source),
        language(request),
    )
    content = await while_waited_for(request, lambda: rendered(answer, word, lang))
    return sent(request, content, word, None, name="overlap")


@router.post(
    "/statistics/reach",
    summary="What lies within a distance of a shape",
    openapi_extra=_SHAPE_BODY,
)
async def reach(request: Request) -> Response:
    """``{"geometry": GeoJSON}`` and ``distance`` in metres: the area around it as a
    GeoJSON Feature. Distances are geodesic; a point's circle keeps its exact area."""
    only(request, ("distance",))
    metres = number(request, "distance", minimum=0, maximum=MAX_DISTANCE_M)
    if not metres:
        most = MAX_DISTANCE_M
        raise bad(
            "distance",
            f"is needed: metres above 0, up to {most}",
            f"必填：大于 0、不超过 {most} 的米数",
        )
    body = await _body(request)

    def answer() -> dict[str, Any]:
        given = np.array([shape_of(body.get("geometry"))], dtype=object)
        around = orjson.Fragment(shapely.to_geojson(catchments(given, metres)[0]))
        told = {"distance_m": metres}
        return {"type": "Feature", "properties": told, "geometry": around}

    return json_response(await while_waited_for(request, answer), request=request)


def _source(
    request: Request, layer: Layer, version: int, basis: Basis
) -> Plate | Reading:
    """The plate where there is one, else the version itself. Of the past none is
    made."""
    newest = "as-of" not in request.query_params
    plate = plates_of(request).get(layer, version, basis) if newest else None
    return plate or read(atlas_of(request), layer, version)


async def _answered(request: Request, ask: Callable[[Request], Plan]) -> Response:
    word, lang = negotiated(request, FORMATS, "json"), language(request)
    plan = await run_in_threadpool(ask, request)
    plates_of(request)  # so that versions laid out before are found
    etag = versioned(request, plan.versions, f"{word}\n{lang}")
    content = b"" if is_fresh(request, etag) else _kept(request).get(etag)
    if content is None:
        content = await while_waited_for(
            request, lambda: rendered(plan.answer, word, lang)
        )
        _kept(request).put(etag, content)
    name = request.url.path.rpartition("/")[2]
    return sent(request, content, word, etag, name=name)


def _kept(request: Request) -> Kept:
    """The application's own answers: another one in this process has other data."""
    state = request.app.state
    if not hasattr(state, "kept_statistics"):
        state.kept_statistics = Kept()
    kept: Kept = state.kept_statistics
    return kept


async def _body(request: Request) -> dict[str, Any]:
    """The body as a JSON object, counted while it comes in."""
    refusal = TooLarge(
        f"The body is over {MAX_BODY_BYTES >> 20} MB. Simplify the shape, or upload it"
        " as a layer.",
        f"请求体超过 {MAX_BODY_BYTES >> 20} MB。请化简图形或作为图层上传。",
    )
    raw = await bounded_body(request, MAX_BODY_BYTES, refusal)
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise BadRequest(
            f"The body is not JSON ({error}).", "请求体不是有效的 JSON。"
        ) from None
    if not isinstance(body, dict) or body.keys() - {"geometry", "layers"}:
        raise BadRequest(
            "The body is an object with 'geometry' and, if wanted, 'layers'.",
            "请求体应为含“geometry”（及可选“layers”）的对象。",
        )
    return body


def _layer_list(given: Any) -> list[str] | None:
    if given is None:
        return None
    if isinstance(given, list) and given and all(isinstance(i, str) for i in given):
        return given
    raise BadRequest(
        "'layers' is a list of layer ids; leave it out for every layer.",
        "“layers”应为图层编号列表；省略则为全部图层。",
        parameter="layers",
    )
