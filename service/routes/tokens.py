"""Routes: tokens, for administrators, and everybody's own. A token's text is shown
once, at creation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from service import tokens
from service.atlas import atlas_of
from service.errors import Unprocessable
from service.guard import needs
from service.parameters import only
from service.responses import json_response
from service.rights import require
from service.stores.base import Record

router = APIRouter(tags=["tokens"])
Granted = Literal["viewer", "editor", "reviewer", "admin"]
_PRIVATE = {"cache-control": "no-store"}


class NewToken(BaseModel):
    """Whose token it is, what it may do, where and until when."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=120)
    role: Granted
    layers: list[str] | None = Field(default=None, max_length=200)
    expires: datetime | None = None
    #: Bulk downloads granted or barred; left to the role by default.
    download: bool | None = None


def _no_default(schema: dict[str, Any]) -> None:
    """What is left out is not changed, whatever it is."""
    schema.pop("default", None)


class ChangedToken(BaseModel):
    """What is to become different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    role: Granted = Field(default="viewer", json_schema_extra=_no_default)
    layers: list[str] | None = Field(default=None, max_length=200)
    expires: datetime | None = None
    download: bool | None = None
    disabled: bool = Field(default=False, json_schema_extra=_no_default)


class OwnToken(BaseModel):
    """What a token of one's own is for, and at most one's own rights."""

    model_config = ConfigDict(extra="forbid")

    label: str = Field(min_length=1, max_length=120)
    role: Granted
    layers: list[str] | None = Field(default=None, max_length=200)
    expires: datetime


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
    limits = new.model_dump(include={"layers", "download"})
    limits["expires"] = _future(new.expires)
    atlas = atlas_of(request)
    made = partial(tokens.make, atlas, actor.name, new.name, new.role, **limits)
    return await _once(request, "tokens", made)


async def _once(
    request: Request, under: str, act: Callable[[], tuple[Record, str]]
) -> Response:
    """The only answer that holds a token's text."""
    record, token = await run_in_threadpool(act)
    shown = await run_in_threadpool(tokens.told, atlas_of(request), record)
    return json_response(
        {**shown, "token": token},
        request=request,
        status=201,
        headers={**_PRIVATE, "location": f"/api/{under}/{record.id}"},
    )


@router.get("/tokens", summary="All tokens")
async def list_tokens(request: Request) -> Response:
    """Role admin. Names, roles and dates; never the tokens themselves."""
    only(request, ())
    require(request, "admin")
    shown = await run_in_threadpool(tokens.listed, atlas_of(request))
    return json_response({"tokens": shown}, request=request, headers=_PRIVATE)


@router.get("/tokens/{id}", summary="One token")
async def get_token(request: Request, id: str) -> Response:
    """Role admin."""
    only(request, ())
    require(request, "admin")
    atlas = atlas_of(request)
    shown = tokens.told(atlas, atlas.accounts.token(id))
    return json_response(shown, request=request, headers=_PRIVATE)


@router.patch(
    "/tokens/{id}", summary="Change a token's rights", dependencies=[needs("admin")]
)
async def change_token(request: Request, id: str, changed: ChangedToken) -> Response:
    """Role admin. Role, layers, end, downloads, disabled; holds at once."""
    only(request, ())
    actor = require(request, "admin")
    changes = changed.model_dump(include=changed.model_fields_set)
    if "expires" in changes:
        changes["expires"] = _future(changed.expires)
    atlas = atlas_of(request)
    shown = await run_in_threadpool(tokens.change, atlas, actor.name, id, changes)
    return json_response(shown, request=request, headers=_PRIVATE)


@router.post(
    "/tokens/{id}/renewal",
    status_code=201,
    summary="Another text for a token",
    dependencies=[needs("admin")],
)
async def renew_token(request: Request, id: str) -> Response:
    """Role admin. Same holder, same rights, a new id and text; the old one, its logins
    and what its holder made end at once."""
    only(request, ())
    actor = require(request, "admin")
    act = partial(tokens.renew, atlas_of(request), actor.name, id)
    return await _once(request, "tokens", act)


@router.delete("/tokens/{id}", status_code=204, summary="Revoke a token")
async def revoke_token(request: Request, id: str) -> Response:
    """Role admin. Holds at once, in every process, for its sessions too."""
    only(request, ())
    actor = require(request, "admin")
    await run_in_threadpool(tokens.revoke, atlas_of(request), actor.name, id)
    return Response(status_code=204)


@router.get("/session/tokens", summary="Tokens of one's own")
async def list_own_tokens(request: Request) -> Response:
    """What one has made for programs of one's own."""
    only(request, ())
    asking = require(request, "viewer")
    shown = await run_in_threadpool(tokens.own, atlas_of(request), asking)
    return json_response({"tokens": shown}, request=request, headers=_PRIVATE)


@router.post(
    "/session/tokens",
    status_code=201,
    summary="Make a token of one's own",
    dependencies=[needs("viewer")],
)
async def make_own_token(request: Request, new: OwnToken) -> Response:
    """At most one's own role and layers, for a year at most; ends with one's own. The
    answer holds the token's text, which is not kept."""
    only(request, ())
    asking = require(request, "viewer")
    limits = {"layers": new.layers, "expires": _future(new.expires)}
    atlas = atlas_of(request)
    made = partial(tokens.make_own, atlas, asking, new.label, new.role, **limits)
    return await _once(request, "session/tokens", made)


@router.delete(
    "/session/tokens/{id}", status_code=204, summary="Revoke a token of one's own"
)
async def revoke_own_token(request: Request, id: str) -> Response:
    """Holds at once; what others made is unknown here."""
    only(request, ())
    asking = require(request, "viewer")
    await run_in_threadpool(tokens.revoke_own, atlas_of(request), asking, id)
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
