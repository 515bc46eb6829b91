"""Routes: uploads. A file comes in, is diagnosed, corrected, and submitted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from geo.bbox import parse_bbox
from service.accounts import Principal
from service.atlas import Atlas, atlas_of
from service.difference import Difference
from service.differences import difference_of
from service.encounters import met
from service.errors import Conflict, Forbidden
from service.guard import needs
from service.origins import decision
from service.parameters import choice, integer, only
from service.responses import GEOJSON, json_response
from service.rights import require
from service.routes.changesets import looked_at, within_right
from service.stores.base import Record
from service.uploads import jobs, register
from service.uploads.options import OPTION_NAMES, Options, parse_options
from service.uploads.preview import preview
from service.uploads.problems import problems_csv, problems_geojson
from service.uploads.receiving import form, receive
from service.uploads.staging import RECEIVING

router = APIRouter(tags=["uploads"])
_PRIVATE = {"cache-control": "no-store"}
#: Pages are cut from what the caller may see, not from what there is.
_EVERY = 100_000
_WAIT = re.compile(r"(?:^|[,;]) *wait *= *(\d{1,4})", re.IGNORECASE)
_FORM = form(OPTION_NAMES, required=("layer",))


class Submission(BaseModel):
    """What goes to the reviewer with the changes."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(default="", max_length=2000)
    #: The returned changeset that this one is handed in for.
    answers: str | None = Field(default=None, max_length=100)


@router.post("/uploads", status_code=201, openapi_extra=_FORM, summary="Upload a file")
async def create_upload(request: Request) -> Response:
    """Role editor. The file is diagnosed; nothing is published. A large file is
    diagnosed in the background: its status is ``diagnosing`` until it is done.
    ``Prefer: wait=2`` answers after two seconds at the latest."""
    only(request, OPTION_NAMES)
    author = await run_in_threadpool(require, request, "editor")
    atlas = atlas_of(request)
    id, folder = await run_in_threadpool(register.new_folder, atlas)
    kept = False
    try:
        limit = atlas.settings.max_upload_bytes
        with folder.held(RECEIVING):
            files, fields = await receive(request, folder.received, limit)
            options = parse_options({**_said(request), **fields})
            atlas.catalogue.get(options.layer)
            require(request, "editor", options.layer)
            record = await run_in_threadpool(
                register.register, atlas, id, author, files, options
            )
        record = await jobs.diagnose(atlas, record, _patience(request))
        kept = True
    finally:  # refused, disk full, or the sender hung up: nothing stays
        if not kept:
            await run_in_threadpool(register.discard, atlas, id)
    return await _answer(request, record, 201)


def _patience(request: Request) -> int:
    """How long the asker will wait for a diagnosis: RFC 7240, ``Prefer: wait=2``."""
    found = _WAIT.search(request.headers.get("prefer", ""))
    return int(found[1]) if found else jobs.WAIT_S


def _said(request: Request) -> dict[str, str]:
    query = request.query_params
    return {name: query[name] for name in OPTION_NAMES if name in query}


@router.get("/uploads", summary="Uploads")
async def list_uploads(request: Request) -> Response:
    """Role editor: one's own; a reviewer sees all. Newest first."""
    only(request, {"limit", "offset"})
    asking = await run_in_threadpool(require, request, "editor")
    limit = integer(request, "limit", 100, minimum=1, maximum=1000)
    offset = integer(request, "offset", 0, maximum=10**9)
    match = None if asking.has("reviewer") else {"author": asking.name}
    records = await run_in_threadpool(
        atlas_of(request).store.records, register.KIND, match=match, limit=_EVERY
    )
    seen = [record for record in records if register.is_listed(record, asking)]
    page = seen[offset : offset + limit]
    listed = await run_in_threadpool(_lines, atlas_of(request), page)
    return json_response({"uploads": listed}, request=request, headers=_PRIVATE)


def _lines(atlas: Atlas, records: Sequence[Record]) -> list[dict[str, Any]]:
    long = ("files", "diagnosis", "options", "codes", "affected")
    return [
        {k: v for k, v in record.data.items() if k not in long}
        | decision(atlas.store, record)
        for record in records
    ]


@router.get("/uploads/{id}", summary="One upload")
async def get_upload(request: Request, id: str) -> Response:
    """Its status, diagnosis, first problems, and what publishing it would do."""
    only(request, ())
    record, _ = await _found(request, id)
    return await _answer(request, jobs.resumed(atlas_of(request), record))


@router.patch(
    "/uploads/{id}",
    summary="Correct and diagnose again",
    dependencies=[needs("editor")],
)
async def change_upload(request: Request, id: str, said: dict[str, Any]) -> Response:
    """Other options (crs, encoding, mapping, repair, source_layer …) for the file that
    is already here."""
    only(request, ())
    record, asking = await _found(request, id)
    _only_author(record, asking)
    _only_open(record)
    atlas = atlas_of(request)
    options = parse_options(said, base=Options(**record.data["options"]))
    require(request, "editor", options.layer)
    record = await run_in_threadpool(register.again, atlas, record, said)
    record = await jobs.diagnose(atlas, record, _patience(request))
    return await _answer(request, record)


@router.delete("/uploads/{id}", status_code=204, summary="Cancel an upload")
async def delete_upload(request: Request, id: str) -> Response:
    """Stops its diagnosis and removes the file; a submitted one stays."""
    only(request, ())
    record, asking = await _found(request, id)
    _only_author(record, asking)
    _only_open(record)
    atlas = atlas_of(request)
    await run_in_threadpool(register.discard, atlas, id)
    await run_in_threadpool(
        atlas.store.append_audit, asking.name, "upload.delete", id, {}
    )
    return Response(status_code=204)


@router.get("/uploads/{id}/items", summary="Preview of the features")
async def preview_items(request: Request, id: str) -> Response:
    """GeoJSON of the features as they would be published."""
    only(request, {"bbox", "limit", "offset"})
    record, _ = await _found(request, id)
    register.only_diagnosed(record)
    atlas = atlas_of(request)
    limit = integer(request, "limit", 1000, minimum=1, maximum=atlas.settings.max_limit)
    offset = integer(request, "offset", 0, maximum=10**9)
    text = request.query_params.get("bbox")
    bbox = parse_bbox(text) if text else None
    layer = atlas.catalogue.get(record.data["layer"])

    def make() -> dict[str, Any]:
        frame = register.folder_of(atlas, record.id).read_frame()
        return preview(frame, layer, bbox=bbox, limit=limit, offset=offset)

    body = await run_in_threadpool(make)
    return json_response(body, request=request, media_type=GEOJSON, headers=_PRIVATE)


@router.get("/uploads/{id}/problems", summary="Every problem found")
async def list_problems(request: Request, id: str) -> Response:
    """Errors first; filtered by severity and code."""
    only(request, {"f", "severity", "code", "limit", "offset"})
    form = choice(request, "f", ("json", "csv", "geojson"), "json")
    record, _ = await _found(request, id)
    severity = choice(request, "severity", ("error", "warning", "all"), "all")
    code = request.query_params.get("code")
    limit = integer(request, "limit", 10_000, minimum=1, maximum=100_000)
    offset = integer(request, "offset", 0, maximum=10**9)
    found = await run_in_threadpool(register.problems, atlas_of(request), record)
    chosen = [
        problem
        for problem in found
        if severity in ("all", problem["severity"]) and code in (None, problem["code"])
    ]
    if form == "csv":
        return _download(problems_csv(chosen), f"problems-{id}.csv", "text/csv")
    if form == "geojson":
        return _download(problems_geojson(chosen), f"problems-{id}.geojson", GEOJSON)
    body = {
        "upload": id,
        "count": len(chosen),
        "codes": record.data.get("codes", {}),
        "affected": record.data.get("affected", {}),
        "problems": chosen[offset : offset + limit],
    }
    return json_response(body, request=request, headers=_PRIVATE)


def _download(content: bytes, name: str, media_type: str) -> Response:
    disposition = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, headers={**_PRIVATE, **disposition}, media_type=media_type)


@router.get("/uploads/{id}/diff", summary="What publishing it would change")
async def preview_difference(request: Request, id: str) -> Response:
    """A dry run against the current version: nothing is changed."""
    looked = looked_at(request)
    record, _ = await _found(request, id)
    register.only_diagnosed(record)
    layer = atlas_of(request).catalogue.get(record.data["layer"])
    looked = within_right(request, layer, looked)
    body = await run_in_threadpool(_effect, atlas_of(request), record, looked)
    return json_response(body, request=request, headers=_PRIVATE)


def _effect(atlas: Atlas, record: Record, looked: dict[str, Any]) -> dict[str, Any]:
    layer = atlas.catalogue.get(record.data["layer"])
    version = atlas.store.current_version(layer.id)

    def make() -> Difference:
        effect, _ = register.effect(atlas, record)
        base = register.current_frame(atlas, layer.id, version)
        return Difference(effect.changes, base, layer, effect.summary)

    key = ("upload", str(atlas.settings.data_dir), record.id, record.revision, version)
    difference = difference_of(key, make)
    summary = {**record.data["summary"], **difference.summary}
    about = {"upload": record.id, "base_version": version, "summary": summary}
    return about | difference.body(**looked)


@router.post(
    "/uploads/{id}/submit",
    status_code=201,
    summary="Submit for review",
    dependencies=[needs("editor")],
)
async def submit_upload(
    request: Request, id: str, submission: Submission | None = None
) -> Response:
    """Makes a changeset of the upload. 409 while errors remain."""
    only(request, ())
    record, asking = await _found(request, id)
    _only_author(record, asking)
    _only_open(record)
    register.only_diagnosed(record)
    require(request, "editor", record.data["layer"])
    if record.data["errors"]:
        raise _errors_remain(atlas_of(request), record)
    said = submission or Submission()
    changeset = await run_in_threadpool(
        jobs.submit, atlas_of(request), record, asking, said.note, said.answers
    )
    meeting = await run_in_threadpool(met, atlas_of(request), changeset)
    return json_response(
        {**changeset.data, **meeting},
        request=request,
        status=201,
        headers={**_PRIVATE, "location": f"/api/changesets/{changeset.id}"},
    )


async def _found(request: Request, id: str) -> tuple[Record, Principal]:
    asking = await run_in_threadpool(require, request, "editor")
    atlas = atlas_of(request)
    return await run_in_threadpool(register.find, atlas, id, asking), asking


async def _answer(request: Request, record: Record, status: int = 200) -> Response:
    body = await run_in_threadpool(register.body, atlas_of(request), record)
    headers = {**_PRIVATE, "location": f"/api/uploads/{record.id}"}
    return json_response(body, request=request, status=status, headers=headers)


def _only_author(record: Record, asking: Principal) -> None:
    if record.data["author"] != asking.name and not asking.has("admin"):
        raise Forbidden(
            f"Only {record.data['author']!r}, who sent this upload, or an administrator"
            " can change, submit or delete it.",
            f"只有上传人“{record.data['author']}”或管理员可以改动、送审或删除。",
        )


def _only_open(record: Record) -> None:
    if record.data["status"] == "submitted":
        raise Conflict(
            "The upload has been submitted and can no longer be changed.",
            "上传已送审，不能再改动。",
            changeset=record.data["changeset"],
        )


def _errors_remain(atlas: Atlas, record: Record) -> Conflict:
    count = record.data["errors"]
    found = register.problems(atlas, record)
    errors = [problem for problem in found if problem["severity"] == "error"]
    return Conflict(
        f"{count} must-fix items left. Correct the file, or diagnose with repair.",
        f"还有 {count} 项必须处理。改正文件，或开启修复后重新诊断。",
        problems=errors[:100],
        errors=count,
    )
