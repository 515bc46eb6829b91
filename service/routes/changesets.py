"""Routes: changesets. Review, publish, return, restore."""

from __future__ import annotations

from functools import partial
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from geo.bbox import parse_bbox
from layers.catalogue import Layer
from service import changesets
from service.accounts import Principal
from service.atlas import Atlas, atlas_of
from service.corrections import since
from service.difference import KINDS, Difference
from service.differences import difference_of
from service.encounters import met
from service.errors import NotFound
from service.guard import needs
from service.items import VIEW_LIMIT
from service.origins import KIND
from service.parameters import choice, integer, only
from service.responses import json_response
from service.rights import may_download, require, view_only, visible_layer
from service.statistics.plates import plates_of
from service.stores.base import Record
from service.tiles import tiles_of
from service.uploads.register import current_frame

router = APIRouter(tags=["changesets"])
_PRIVATE = {"cache-control": "no-store"}
#: Pages are cut from what the caller may see, not from what there is.
_EVERY = 100_000
_STATUSES = ("submitted", "approved", "published", "rejected", "all")


class Rejection(BaseModel):
    """Why a changeset goes back to its author."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    reason: str = Field(min_length=1, max_length=2000)


class Note(BaseModel):
    """A word for the record."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    note: str = Field(default="", max_length=2000)


@router.get("/changesets", summary="Changesets")
async def list_changesets(request: Request) -> Response:
    """Role editor. Newest first; filtered by status and layer."""
    only(request, {"status", "layer", "limit", "offset"})
    asking = await run_in_threadpool(require, request, "editor")
    status = choice(request, "status", _STATUSES, "all")
    match = {} if status == "all" else {"status": status}
    if layer := request.query_params.get("layer"):
        match["layer"] = visible_layer(request, layer).id
    limit = integer(request, "limit", 100, minimum=1, maximum=1000)
    offset = integer(request, "offset", 0, maximum=10**9)
    records = await run_in_threadpool(
        atlas_of(request).store.records, KIND, match=match, limit=_EVERY
    )
    seen = [r.data for r in records if asking.covers(r.data["layer"])]
    page = seen[offset : offset + limit]
    return json_response({"changesets": page}, request=request, headers=_PRIVATE)


@router.get("/changesets/{id}", summary="One changeset")
async def get_changeset(request: Request, id: str) -> Response:
    """Role editor. While it is open: ``conflicts_with`` names other open changesets on
    the same features, ``stale`` what has been published since it was made."""
    only(request, ())
    record, _ = await _found(request, id, "editor")
    body = await run_in_threadpool(_told, atlas_of(request), record)
    return json_response(body, request=request, headers=_PRIVATE)


def _told(atlas: Atlas, record: Record) -> dict[str, Any]:
    return {**record.data, **met(atlas, record)}


@router.get("/changesets/{id}/diff", summary="What a changeset changes")
async def get_difference(request: Request, id: str) -> Response:
    """Role editor. Before and after of each feature, and area per class; ``bbox`` and
    ``change`` choose among them; ``since=previous`` compares with the returned
    changeset that this one is handed in for."""
    looked = looked_at(request, "since")
    record, _ = await _found(request, id, "editor")
    layer = atlas_of(request).catalogue.get(record.data["layer"])
    looked, make = within_right(request, layer, looked), _difference
    if "since" in request.query_params:
        choice(request, "since", ("previous",), "previous")
        make = _correction
    body = await run_in_threadpool(make, atlas_of(request), record, looked)
    return json_response(body, request=request, headers=_PRIVATE)


def looked_at(request: Request, *more: str) -> dict[str, Any]:
    """Which part of a difference is asked for."""
    only(request, {"limit", "offset", "bbox", "change", *more})
    text = request.query_params.get("bbox")
    asked = "change" in request.query_params
    return {
        "limit": integer(request, "limit", 1000, minimum=1, maximum=10_000),
        "offset": integer(request, "offset", 0, maximum=10**9),
        "bbox": parse_bbox(text) if text else None,
        "kind": choice(request, "change", KINDS, KINDS[0]) if asked else None,
    }


def within_right(
    request: Request, layer: Layer, looked: dict[str, Any]
) -> dict[str, Any]:
    """What is left of it for those who may view the layer but not take it away: to
    replace or restore everything would show everything."""
    if may_download(request, layer):
        return looked
    if looked["offset"]:
        raise view_only(layer)
    return looked | {"limit": min(looked["limit"], VIEW_LIMIT)}


def _difference(atlas: Atlas, record: Record, looked: dict[str, Any]) -> dict[str, Any]:
    layer = atlas.catalogue.get(record.data["layer"])
    base_version = record.data["base_version"]

    def make() -> Difference:
        base = current_frame(atlas, layer.id, base_version)
        return Difference(atlas.store.changes(record.id), base, layer)

    about = {
        "changeset": record.id,
        "base_version": base_version,
        "summary": record.data["summary"],
    }
    key = ("changeset", str(atlas.settings.data_dir), record.id, record.revision)
    return about | difference_of(key, make).body(**looked)


def _correction(atlas: Atlas, record: Record, looked: dict[str, Any]) -> dict[str, Any]:
    previous = record.data.get("previous")
    earlier = atlas.store.get(KIND, previous) if previous else None
    if earlier is None:
        raise NotFound(
            f"The changeset {record.id!r} is handed in for no other.",
            f"变更“{record.id}”不是退回后重新送审的。",
        )
    key = ("correction", str(atlas.settings.data_dir), record.id, record.revision)
    found = difference_of(key, partial(since, atlas, record, earlier))
    about = {"changeset": record.id, "since": earlier.id, "summary": found.summary}
    return about | found.body(**looked)


@router.post(
    "/changesets/{id}/approve",
    summary="Approve and publish",
    dependencies=[needs("reviewer")],
)
async def approve_changeset(
    request: Request, id: str, note: Note | None = None
) -> Response:
    """Role reviewer, never the submitter. Publishes the next version; the note is kept
    as the changeset's ``comment``."""
    only(request, ())
    record, reviewer = await _found(request, id, "reviewer")
    comment = note.note if note else ""
    published, version = await run_in_threadpool(
        partial(changesets.approve, comment=comment, ahead=plates_of(request).ahead),
        atlas_of(request),
        record,
        reviewer,
    )
    tiles_of(request).prepare(atlas_of(request).catalogue.get(version.layer), version)
    body = {"changeset": published.data, "version": version}
    return json_response(body, request=request, headers=_PRIVATE)


@router.post(
    "/changesets/{id}/reject",
    summary="Return with a reason",
    dependencies=[needs("reviewer")],
)
async def reject_changeset(request: Request, id: str, rejection: Rejection) -> Response:
    """Role reviewer, never the submitter."""
    only(request, ())
    record, reviewer = await _found(request, id, "reviewer")
    rejected = await run_in_threadpool(
        changesets.reject, atlas_of(request), record, reviewer, rejection.reason
    )
    return json_response(rejected.data, request=request, headers=_PRIVATE)


@router.post(
    "/collections/{layer_id}/versions/{number}/restore",
    status_code=201,
    summary="Propose an earlier version",
    dependencies=[needs("editor")],
)
async def restore_version(
    request: Request, layer_id: str, number: int, note: Note | None = None
) -> Response:
    """Role editor. A changeset that makes the layer what it was."""
    only(request, ())
    layer = visible_layer(request, layer_id)
    author = await run_in_threadpool(require, request, "editor", layer.id)
    if not 1 <= number < 2**31:
        raise NotFound(f"There is no version {number}.", f"没有第 {number} 版。")
    record = await run_in_threadpool(
        changesets.restore,
        atlas_of(request),
        author,
        layer.id,
        number,
        note.note if note else "",
    )
    headers = {**_PRIVATE, "location": f"/api/changesets/{record.id}"}
    body = await run_in_threadpool(_told, atlas_of(request), record)
    return json_response(body, request=request, status=201, headers=headers)


async def _found(request: Request, id: str, role: Any) -> tuple[Record, Principal]:
    asking = await run_in_threadpool(require, request, role)
    atlas = atlas_of(request)
    record = await run_in_threadpool(changesets.find, atlas, id, asking)
    return record, asking
