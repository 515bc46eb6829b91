"""Routes: a look at a file, or at several that belong together; they are read, answered
and forgotten."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from service.accounts import Principal
from service.atlas import atlas_of
from service.errors import BadRequest
from service.parameters import only
from service.responses import json_response
from service.rights import address_of, require_reader
from service.throttle import Throttle
from service.uploads import looking
from service.uploads.encoding import require_codec
from service.uploads.options import unit_of
from service.uploads.readings import parse_reading
from service.uploads.receiving import form, receive

router = APIRouter(tags=["uploads"])
_OPTIONS = ("crs", "convert", "encoding", "sublayer")
#: Files of one person, or of one address: thirty in five minutes.
frequency = Throttle(
    limit=30,
    seconds=300,
    told=("Too many files from this address.", "此地址读取的文件过多"),
)
_FORM = form(_OPTIONS)


@router.post("/read", openapi_extra=_FORM, summary="Look at a file")
async def read_file(request: Request) -> Response:
    """The features of a file of any format that can be uploaded, in lon/lat, with
    their diagnosis. Files that belong together (the parts of a shapefile, several
    TXT) are sent as several fields ``file``. Nothing is kept or published, and no role
    is needed beyond viewing. 422 with ``question`` and ``choices`` where the file does
    not say which layer is meant, where it lies, or in what unit it is."""
    only(request, ())
    asking = await run_in_threadpool(require_reader, request)
    key = _key(request, asking)
    frequency.refuse(key)
    frequency.count(key)
    atlas = atlas_of(request)
    with looking.private_folder(atlas) as folder:
        limit = atlas.settings.max_read_bytes
        files, fields = await receive(request, folder.received, limit)
        said = _said(fields)
        body = await run_in_threadpool(looking.look, atlas, folder, files, said)
    return json_response(body, request=request, headers={"cache-control": "no-store"})


def _key(request: Request, asking: Principal) -> str:
    anonymous = asking.role == "anonymous"
    return address_of(request) if anonymous else f"{asking.name} {asking.token_id}"


def _said(fields: dict[str, str]) -> dict[str, Any]:
    for name in fields:
        if name not in _OPTIONS:
            known = ", ".join(("file", *_OPTIONS))
            raise BadRequest(
                f"{name[:40]!r} is not known. Known: {known}.",
                f"“{name[:40]}”未知，可用：{known}。",
                parameter=name[:40],
            )
    said = {name: fields.get(name, "").strip() or None for name in _OPTIONS}
    if said["crs"]:
        parse_reading(said["crs"])
    said["convert"] = unit_of("convert", said["convert"])
    if said["encoding"]:
        said["encoding"] = require_codec(said["encoding"])
    return said
