"""Routes: create, replace, update and delete features (Features Part 4). Role editor.

Every answer is 202 with the changeset that a reviewer will decide on; the features of
the published version stay as they are until then."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo.crs import SUPPORTED, Crs, parse_crs
from geo.errors import GeoError
from layers.catalogue import Layer
from service import editing
from service.atlas import Atlas, atlas_of
from service.body import bounded_body
from service.editing import Seen
from service.errors import (
    BadRequest,
    NotFound,
    PreconditionFailed,
    PreconditionRequired,
    TooLarge,
    UnsupportedMedia,
)
from service.parameters import only
from service.responses import holds_feature_etag, json_response
from service.rights import require, visible_layer
from service.stores.base import Record

MAX_BODY_BYTES = 16 * 1024 * 1024
_MEDIA = ("application/geo+json", "application/json", "application/merge-patch+json")


async def create(request: Request) -> Response:
    """Propose new features."""
    atlas, layer = _layer(request)
    author = require(request, "editor", layer.id)
    features = editing.read_features(await _body(request))
    record = await run_in_threadpool(
        editing.propose_creation, atlas, author, layer, features, _crs(request)
    )
    return _accepted(request, record)


async def replace(request: Request) -> Response:
    """Propose another whole feature under the same id. Needs If-Match."""
    atlas, layer = _layer(request)
    author = require(request, "editor", layer.id)
    seen = _held(request, atlas, layer)
    features = editing.read_features(await _body(request))
    if len(features) != 1:
        raise BadRequest("PUT takes one feature.", "PUT 只接受一个要素。")
    features[0]["id"] = request.path_params["id"]
    record = await run_in_threadpool(
        editing.propose_replacement, atlas, author, seen, features[0], _crs(request)
    )
    return _accepted(request, record)


async def update(request: Request) -> Response:
    """Propose other properties or another geometry. Needs If-Match."""
    atlas, layer = _layer(request)
    author = require(request, "editor", layer.id)
    seen = _held(request, atlas, layer)
    patch = editing.read_json(await _body(request))
    feature = editing.patched(seen.text, patch, _crs(request))
    record = await run_in_threadpool(
        editing.propose_replacement, atlas, author, seen, feature, SUPPORTED[0]
    )
    return _accepted(request, record)


async def delete(request: Request) -> Response:
    """Propose to remove a feature. Needs If-Match."""
    atlas, layer = _layer(request)
    author = require(request, "editor", layer.id)
    seen = _held(request, atlas, layer)
    id = request.path_params["id"]
    record = await run_in_threadpool(editing.propose_removal, atlas, author, seen, id)
    return _accepted(request, record)


def _layer(request: Request) -> tuple[Atlas, Layer]:
    only(request, ())
    layer = visible_layer(request, request.path_params["layer"])
    return atlas_of(request), layer


def _held(request: Request, atlas: Atlas, layer: Layer) -> Seen:
    """The current feature, if If-Match names the one that the client has seen."""
    id = request.path_params["id"]
    found = atlas.store.newest(layer.id, id)
    if found is None:
        raise NotFound(
            f"Layer {layer.id!r} has no feature {id[:80]!r}; create it with POST.",
            f"图层“{layer.id}”没有要素“{id[:80]}”，请用 POST 新建。",
        )
    held = request.headers.get("if-match")
    if held is None:
        raise PreconditionRequired(
            "Send If-Match with the ETag that GET gave, so that no change is lost.",
            "请带 If-Match 请求头（值为 GET 得到的 ETag），以免覆盖他人的修改。",
        )
    if not holds_feature_etag(request, held, found[1]):
        raise PreconditionFailed(
            f"Feature {id[:80]!r} has changed since you read it. Read it again.",
            f"要素“{id[:80]}”在您读取之后已被修改，请重新读取。",
        )
    return Seen(layer, *found)


def _crs(request: Request) -> Crs:
    text = request.headers.get("content-crs")
    if text is None:
        return SUPPORTED[0]
    try:
        return parse_crs(text.strip().strip("<>"))
    except GeoError as error:
        detail, detail_zh = error.detail, error.detail_zh
        raise BadRequest(detail, detail_zh, parameter="Content-Crs") from None


async def _body(request: Request) -> bytes:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in _MEDIA:
        raise UnsupportedMedia(
            f"Content-Type must be application/geo+json, not {media[:60]!r}.",
            f"Content-Type 必须是 application/geo+json，而不是“{media[:60]}”。",
        )
    refusal = TooLarge(
        f"The body is larger than {MAX_BODY_BYTES // 2**20} MB; send large sets to"
        " /api/uploads.",
        f"请求体超过 {MAX_BODY_BYTES // 2**20} MB，请用 /api/uploads 上传。",
    )
    return await bounded_body(request, MAX_BODY_BYTES, refusal)


def _accepted(request: Request, record: Record) -> Response:
    headers = {
        "location": f"/api/changesets/{record.id}",
        "cache-control": "no-store",
    }
    return json_response(record.data, request=request, status=202, headers=headers)


_ITEMS = "/api/collections/{layer}/items"
routes = [
    Route(_ITEMS, create, methods=["POST"]),
    Route(f"{_ITEMS}/{{id:path}}", replace, methods=["PUT"]),
    Route(f"{_ITEMS}/{{id:path}}", update, methods=["PATCH"]),
    Route(f"{_ITEMS}/{{id:path}}", delete, methods=["DELETE"]),
]
