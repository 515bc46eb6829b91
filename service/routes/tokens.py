"""Routes: tokens, for administrators. A token's text is shown once, at creation."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from service.atlas import atlas_of
from service.errors import Unprocessable
from service.guard import needs
from service.parameters import only
from service.responses import json_response
from service.rights import require
from service.stores.base import Record

router = APIRouter(tags=["tokens"])
_PRIVATE = {"cache-control": "no-store"}


class NewToken(BaseModel):
    """Whose token it is, what it may do, where and until when."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=120)
    role: Literal["viewer", "editor", "reviewer", "admin"]
    layers: list[str] | None = Field(default=None, max_length=200)
    expires: datetime | None = None
    #: Bulk downloads granted or barred; left to the role by default.
    download: bool | None = None


@router.post(
    "/tokens",
    status_code=201,
    summary="Make a token",
    dependencies=[needs("admin")],
)
async def create_token(request: Request, new: NewToken) -> Response:
    """Role admin. The answer holds the token's text, which is not kept."""
    only(request, ())
    actor = require(request, "admin")
    atlas = atlas_of(request)
    for layer in new.layers or ():
        atlas.catalogue.get(layer)
    record, token = await run_in_threadpool(
        atlas.accounts.create,
        new.name,
        new.role,
        layers=new.layers,
        expires=_future(new.expires),
        download=new.download,
    )
    about = {"name": new.name, "role": new.role}
    await run_in_threadpool(
        atlas.store.append_audit, actor.name, "token.create", record.id, about
    )
    return json_response(
        {**_shown(record), "token": token},
        request=request,
        status=201,
        headers={**_PRIVATE, "location": f"/api/tokens/{record.id}"},
    )


@router.get("/tokens", summary="All tokens")
async def list_tokens(request: Request) -> Response:
    """Role admin. Names, roles and dates; never the tokens themselves."""
    only(request, ())
    require(request, "admin")
    shown = [_shown(record) for record in atlas_of(request).accounts.tokens()]
    return json_response({"tokens": shown}, request=request, headers=_PRIVATE)


@router.get("/tokens/{id}", summary="One token")
async def get_token(request: Request, id: str) -> Response:
    """Role admin."""
    only(request, ())
    require(request, "admin")
    record = atlas_of(request).accounts.token(id)
    return json_response(_shown(record), request=request, headers=_PRIVATE)


@router.delete("/tokens/{id}", status_code=204, summary="Revoke a token")
async def revoke_token(request: Request, id: str) -> Response:
    """Role admin. Holds at once, in every process, for its sessions too."""
    only(request, ())
    actor = require(request, "admin")
    atlas = atlas_of(request)
    await run_in_threadpool(atlas.accounts.revoke, id)
    await run_in_threadpool(
        atlas.store.append_audit, actor.name, "token.revoke", id, {}
    )
    return Response(status_code=204)


def _future(expires: datetime | None) -> datetime | None:
    if expires is None:
        return None
    if expires.tzinfo is None:
        expires = expires.replace(tzinfo=UTC)
    if expires <= datetime.now(UTC):
        raise Unprocessable(
            "Member 'expires' lies in the past; give a later time, or none.",
            "“expires”早于当前时间，请给出将来的时间或省略。",
            parameter="expires",
        )
    return expires


def _shown(record: Record) -> dict[str, Any]:
    data = {k: v for k, v in record.data.items() if k not in ("hash", "origin")}
    return {"id": record.id, **data}
