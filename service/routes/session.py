"""Routes: the web map's login. A token is exchanged for a session cookie."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from service.accounts import SESSION_LIFE, Session
from service.atlas import atlas_of
from service.errors import Unauthorised
from service.guessing import tried
from service.parameters import only
from service.responses import json_response
from service.rights import COOKIE, address_of, principal_of, require, session_of
from service.routes.opening import get_session, session_told
from service.sessions import end, end_own, open_sessions
from service.throttle import Throttle

router = APIRouter(tags=["session"])

#: Failed logins of one address: ten in five minutes, then wait.
failures = Throttle(limit=10, seconds=300)


class Login(BaseModel):
    """A login: the token that an administrator handed out."""

    token: str = Field(min_length=1, max_length=500)


router.get("/session", summary="Who is logged in")(get_session)


@router.post("/session", summary="Log in")
async def log_in(request: Request, login: Login) -> Response:
    """Exchange a token for an HttpOnly cookie that scripts cannot read."""
    only(request, ())
    address = address_of(request)
    opened, token = atlas_of(request).accounts.open_session, login.token.strip()
    # A writer may have to wait for a large publication: never on the event loop.
    session = await run_in_threadpool(tried, failures, address, token, opened)
    if session is None:
        raise Unauthorised(
            "The token is unknown, expired or revoked. Ask an administrator for one.",
            "令牌无效、已过期或已撤销，请向管理员申请。",
        )
    answer = session_told(request, session.principal, session.csrf)
    await set_session(request, answer, session)
    return answer


async def set_session(request: Request, answer: Response, session: Session) -> None:
    """Hand a new session to the browser; the one that it came with ends."""
    if (before := request.cookies.get(COOKIE)) is not None:
        await run_in_threadpool(atlas_of(request).accounts.close_session, before)
    answer.set_cookie(
        COOKIE,
        session.cookie,
        max_age=int(SESSION_LIFE.total_seconds()),
        httponly=True,
        samesite="strict",
        secure=request.url.scheme == "https",
    )


@router.delete("/session", status_code=204, summary="Log out")
async def log_out(request: Request) -> Response:
    """End the session, on the server as well."""
    only(request, ())
    session = session_of(request)
    answer = Response(status_code=204)
    if session is not None:
        principal_of(request)  # checks the CSRF token
        accounts = atlas_of(request).accounts
        await run_in_threadpool(accounts.close_session, session.cookie)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.get("/sessions", summary="Open logins")
async def list_sessions(request: Request) -> Response:
    """One's own logins; an administrator sees everybody's."""
    only(request, ())
    asking = await run_in_threadpool(require, request, "viewer")
    found = await run_in_threadpool(open_sessions, atlas_of(request), asking)
    headers = {"cache-control": "no-store"}
    return json_response({"sessions": found}, request=request, headers=headers)


@router.delete("/sessions", status_code=204, summary="Log out everywhere")
async def end_every_session(request: Request) -> Response:
    """Ends every login of the caller, on whatever machine. Holds at once."""
    only(request, ())
    asking = await run_in_threadpool(require, request, "viewer")
    await run_in_threadpool(end_own, atlas_of(request), asking)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
    return answer


@router.delete("/sessions/{id}", status_code=204, summary="End a login")
async def end_session(request: Request, id: str) -> Response:
    """One's own, or as an administrator anybody's. Holds at once."""
    only(request, ())
    asking = await run_in_threadpool(require, request, "viewer")
    await run_in_threadpool(end, atlas_of(request), id, asking)
    return Response(status_code=204)
