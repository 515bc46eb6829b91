"""Routes: logging in with an OpenID provider, there and back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from geo.errors import BilingualError
from service.atlas import atlas_of
from service.attempt import Attempt
from service.errors import NotFound, Unauthorised
from service.links import api_url, base_url
from service.pages import refusal_page
from service.parameters import only
from service.rights import address_of
from service.routes.session import failures, set_session

if TYPE_CHECKING:
    from service.oidc import Oidc

router = APIRouter(tags=["session"])
#: Holds state, nonce and PKCE verifier while the browser is at the provider. It has to
#: come back from another site, so it cannot be Strict; it opens nothing by itself.
COOKIE = "atlas_login"
_PATH = "/api/session/oidc"
_LIFE_S = 600
_PRIVATE = {"cache-control": "no-store"}


@router.get("/session/oidc", status_code=303, summary="Log in with OpenID Connect")
async def log_in(request: Request) -> Response:
    """Sends the browser to the provider; 404 where none is configured."""
    return await _told(request, _log_in)


async def _log_in(request: Request) -> Response:
    only(request, ())
    oidc = _configured(request)
    failures.refuse(address_of(request))
    attempt = Attempt.fresh()
    url = await run_in_threadpool(oidc.login_url, attempt, _back(request))
    answer = RedirectResponse(url, 303, _PRIVATE)
    answer.set_cookie(
        COOKIE,
        attempt.cookie,
        max_age=_LIFE_S,
        path=_PATH,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return answer


@router.get("/session/oidc/callback", status_code=303, summary="Back from the provider")
async def come_back(request: Request) -> Response:
    """Opens a session for whom the provider names, and goes on to the map."""
    return await _told(request, _come_back)


async def _told(
    request: Request, step: Callable[[Request], Awaitable[Response]]
) -> Response:
    """What is refused on the way is a page for a browser, which shows nothing else."""
    try:
        return await step(request)
    except BilingualError as refusal:
        if "text/html" not in request.headers.get("accept", ""):
            raise
        return refusal_page(request, refusal, "未能登录 · Not logged in")


async def _come_back(request: Request) -> Response:
    oidc = _configured(request)
    address = address_of(request)
    failures.refuse(address)
    query = request.query_params
    attempt = Attempt.from_cookie(request.cookies.get(COOKIE, ""))
    code = query.get("code")
    if attempt is None or not code or not attempt.answers(query.get("state", "")):
        failures.count(address)
        raise _start_again()
    name, groups = await run_in_threadpool(oidc.identity, attempt, code, _back(request))
    atlas = atlas_of(request)
    session = await run_in_threadpool(atlas.accounts.open_session_of, name, groups)
    about = {"role": session.principal.role}
    await run_in_threadpool(atlas.store.append_audit, name, "session.oidc", name, about)
    answer = RedirectResponse(f"{base_url(request)}/", 303, _PRIVATE)
    answer.delete_cookie(COOKIE, path=_PATH, httponly=True, samesite="lax")
    await set_session(request, answer, session)
    return answer


def _configured(request: Request) -> Oidc:
    if (oidc := atlas_of(request).oidc) is not None:
        return oidc
    raise NotFound(
        "Nobody has configured a login with OpenID Connect here; log in with a token.",
        "本系统未配置统一登录，请用令牌登录。",
    )


def _back(request: Request) -> str:
    return api_url(request, "session", "oidc", "callback")


def _start_again() -> Unauthorised:
    return Unauthorised(
        "This login was not begun in this browser, took longer than ten minutes, or"
        " was cancelled. Start it again from the map.",
        "此次登录不是由本浏览器发起、超过十分钟或已取消，请回到地图重新登录。",
    )
