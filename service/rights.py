"""What the person or program behind a request may see and do.

Programs send ``Authorization: Bearer TOKEN``. The web map's cookie names its session,
and its writes carry the session's CSRF token. A private layer is not refused but
unknown to whoever may not read it.
"""

from __future__ import annotations

import hmac

from starlette.requests import Request

from layers.catalogue import Layer
from layers.errors import UnknownLayer
from service.accounts import ANONYMOUS, Principal, Session
from service.atlas import atlas_of
from service.errors import Forbidden, Unauthorised
from service.guessing import tried
from service.roles import NAMES_ZH, Role

COOKIE = "atlas_session"
CSRF_HEADER = "x-csrf-token"
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def principal_of(request: Request) -> Principal:
    """Who is asking. Raises ``Unauthorised`` for credentials that do not hold, and
    ``Forbidden`` for a session's write without its CSRF token."""
    state = request.scope.setdefault("state", {})
    known: Principal | None = state.get("principal")
    if known is None:
        known = state["principal"] = _identify(request)
    return known


def _identify(request: Request) -> Principal:
    if (field := request.headers.get("authorization")) is not None:
        return _bearer(request, field)
    session = session_of(request)
    if session is None:
        return ANONYMOUS
    if request.method not in _SAFE_METHODS:
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode(), session.csrf.encode()):
            raise Forbidden(
                f"A write by a logged-in page needs the header {CSRF_HEADER}"
                " with the value that GET /api/session gives.",
                f"登录页面的写操作需带请求头 {CSRF_HEADER}，值见 GET /api/session。",
                header=CSRF_HEADER,
            )
    return session.principal


def _bearer(request: Request, field: str) -> Principal:
    scheme, _, token = field.partition(" ")
    accounts, address = atlas_of(request).accounts, address_of(request)
    held = token.strip() if scheme.lower() == "bearer" else ""
    found = tried(accounts.guesses, address, held, accounts.by_token)
    if found is None:
        raise Unauthorised(
            "The token is unknown, expired or revoked. Send a valid one as"
            " 'Authorization: Bearer TOKEN', or none to read public layers.",
            "令牌无效、已过期或已撤销。请以“Authorization: Bearer 令牌”重新发送，"
            "或不带令牌读取公开图层。",
        )
    return found


def address_of(request: Request) -> str:
    """Where the request comes from, for counting failures."""
    return request.client.host if request.client else "-"


def session_of(request: Request) -> Session | None:
    """The valid session of the request's cookie, if any."""
    cookie = request.cookies.get(COOKIE) if "cookie" in request.headers else None
    return atlas_of(request).accounts.session(cookie) if cookie else None


def require(request: Request, role: Role, layer: str | None = None) -> Principal:
    """The principal, if it has the role (and the layer in its scope)."""
    principal = principal_of(request)
    if not principal.has(role):
        if principal.role == "anonymous":
            raise _log_in(role)
        raise Forbidden(
            f"This needs the role {role!r}; {principal.name!r} is"
            f" {principal.role!r}. Ask an administrator for another token.",
            f"此操作需要{NAMES_ZH[role]}角色，“{principal.name}”目前是"
            f"{NAMES_ZH[principal.role]}。请向管理员申请相应令牌。",
            required=role,
        )
    if layer is not None and not principal.covers(layer):
        visible_layer(request, layer)  # one that may not be seen is unknown
        raise Forbidden(
            f"The token of {principal.name!r} does not cover layer {layer!r}.",
            f"“{principal.name}”的令牌不包含图层“{layer}”。",
            layer=layer,
        )
    return principal


def _log_in(role: Role) -> Unauthorised:
    return Unauthorised(
        f"This needs the role {role!r}. Log in, or send 'Authorization: Bearer TOKEN'.",
        f"此操作需要{NAMES_ZH[role]}角色，请先登录或发送令牌。",
        required=role,
    )


def require_reader(request: Request) -> Principal:
    """Anyone while reading is public, else a viewer."""
    if atlas_of(request).accounts.public_read:
        return principal_of(request)
    return require(request, "viewer")


def _may_see(principal: Principal, layer: Layer, public_read: bool) -> bool:
    if layer.visibility == "public" and public_read:
        return True
    return principal.has("viewer") and principal.covers(layer.id)


def visible_layer(request: Request, layer_id: str) -> Layer:
    """The layer, or ``UnknownLayer``: a private layer is not even known to exist."""
    principal = require_reader(request)
    atlas = atlas_of(request)
    layer = atlas.catalogue.get(layer_id)
    if _may_see(principal, layer, atlas.accounts.public_read):
        return layer
    raise UnknownLayer(
        f"There is no layer {layer_id!r}. See /api/collections for the list.",
        f"没有图层“{layer_id}”。可用图层见 /api/collections。",
        layer=layer_id,
    )


def visible_layers(request: Request) -> list[Layer]:
    """Every layer that the caller may read, in catalogue order."""
    require_reader(request)
    return readable_layers(request)


def readable_layers(request: Request) -> list[Layer]:
    """The same where nobody is turned away: none for who may read nothing."""
    principal = principal_of(request)
    atlas = atlas_of(request)
    public = atlas.accounts.public_read
    return [layer for layer in atlas.catalogue if _may_see(principal, layer, public)]


def may_download(request: Request, layer: Layer) -> bool:
    """Whether the caller, who may see the layer, may also take it away in bulk. What
    anyone may take cannot be barred; otherwise the token's word goes before the
    role's."""
    principal = principal_of(request)
    public = atlas_of(request).accounts.public_read
    if layer.download == "public" and _may_see(ANONYMOUS, layer, public):
        return True
    if principal.download is not None:
        return principal.download and principal.covers(layer.id)
    if layer.download == "public":
        return True
    return principal.has(layer.download) and principal.covers(layer.id)


def view_only(layer: Layer) -> Forbidden:
    """The refusal of a bulk download."""
    return Forbidden(
        "You may view, not download. Ask the planning section.",
        "可查看，不能下载。向“规划科”申请下载。",
        layer=layer.id,
    )
