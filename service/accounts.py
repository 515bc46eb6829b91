"""Who is asking, and what they may do. Roles: viewer < editor < reviewer < admin.

Programs send ``Authorization: Bearer TOKEN``. The web map logs in once and holds a
session cookie; its writes carry the session's CSRF token. Tokens and sessions are
kept as hashes only, as store records, so that every process sees them at once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request

from layers.catalogue import Layer
from layers.errors import UnknownLayer
from service.atlas import atlas_of
from service.errors import Conflict, Forbidden, NotFound, Unauthorised, Unprocessable
from service.guessing import tried
from service.roles import NAMES_ZH, ROLES, Role
from service.settings import Settings
from service.stores.base import Record, Store
from service.throttle import Throttle

COOKIE = "atlas_session"
CSRF_HEADER = "x-csrf-token"
SESSION_LIFE = timedelta(hours=12)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
#: Marks the token that the settings or the first start made.
_FIRST = "first-administrator"


@dataclass(frozen=True, slots=True)
class Principal:
    """The person or program behind a request. ``layers`` None means every layer."""

    name: str
    role: Role
    layers: frozenset[str] | None = None
    token_id: str | None = None
    #: Whether bulk downloads are granted or barred; None leaves it to the role.
    download: bool | None = None

    def has(self, role: Role) -> bool:
        """Whether the role is at least the one asked for."""
        return ROLES.index(self.role) >= ROLES.index(role)

    def covers(self, layer: str) -> bool:
        """Whether the layer is within the token's scope."""
        return self.layers is None or layer in self.layers


ANONYMOUS = Principal("anonymous", "anonymous")


@dataclass(frozen=True, slots=True)
class Session:
    """A login of the web map: its cookie's value and the CSRF token of its writes."""

    cookie: str
    csrf: str
    principal: Principal


class Accounts:
    """Tokens and sessions, kept in the store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self.public_read = settings.public_read
        #: Unknown tokens of one address, by the minute.
        self.guesses = Throttle(limit=100, seconds=60)
        self._admin_token = settings.admin_token

    # -- tokens ----------------------------------------------------------------
    def ensure_administrator(self) -> str | None:
        """Make sure that somebody can administer. Returns the new token if one was
        made (the only time it can be shown)."""
        if self._admin_token is not None:
            self._keep_configured(self._admin_token.get_secret_value())
            return None
        if self._store.get("account", _FIRST) is not None:
            return None
        try:
            self._store.put("account", _FIRST, {"at": _now()}, expect=0)
        except Conflict:  # another process was first
            return None
        return self.create("administrator", "admin")[1]

    def _keep_configured(self, token: str) -> None:
        digest = _digest(token)
        for record in self._store.records("token", match={"origin": "settings"}):
            if record.data["hash"] != digest:
                self._store.delete("token", record.id)
        if self._store.get("token", _id(digest)) is None:
            data = _token_data("administrator", "admin", digest)
            self._store.put("token", _id(digest), {**data, "origin": "settings"})
        if self._store.get("account", _FIRST) is None:
            self._store.put("account", _FIRST, {"at": _now()})

    def create(
        self,
        name: str,
        role: Role,
        *,
        layers: list[str] | None = None,
        expires: datetime | None = None,
        download: bool | None = None,
    ) -> tuple[Record, str]:
        """A new token: its record and its text, which is never kept."""
        if role == "admin" and layers is not None:
            raise _everywhere()
        token = f"atlas_{secrets.token_urlsafe(32)}"
        digest = _digest(token)
        until = None if expires is None else _text(expires)
        limits = {"layers": layers, "expires": until, "download": download}
        data = _token_data(name, role, digest) | limits
        return self._store.put("token", _id(digest), data), token

    def tokens(self) -> list[Record]:
        """Every token, newest first."""
        return self._store.records("token", limit=10_000)

    def token(self, id: str) -> Record:
        """One token's record. Raises ``NotFound``."""
        record = self._store.get("token", id)
        if record is None:
            raise NotFound(f"There is no token {id!r}.", f"没有令牌“{id}”。")
        return record

    def revoke(self, id: str) -> None:
        """Delete a token; its sessions end with it."""
        self.token(id)
        self._store.delete("token", id)

    def by_token(self, token: str) -> Principal | None:
        """Who holds this token, if it is known and has not expired."""
        digest = _digest(token)
        record = self._store.get("token", _id(digest))
        if record is None or not hmac.compare_digest(record.data["hash"], digest):
            return None
        return _principal(record)

    # -- sessions --------------------------------------------------------------
    def open_session(self, token: str) -> Session | None:
        """Log in with a token."""
        principal = self.by_token(token)
        if principal is None:
            return None
        return self._open(principal, {"token": principal.token_id})

    def open_session_of(self, name: str, role: Role) -> Session:
        """Log in somebody for whom an OpenID provider has vouched."""
        holder = {"name": name, "role": role}
        return self._open(Principal(name, role), {"holder": holder})

    def _open(self, principal: Principal, holder: dict[str, Any]) -> Session:
        cookie, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        expires = _text(datetime.now(UTC) + SESSION_LIFE)
        data = {**holder, "csrf": csrf, "opened": _now(), "expires": expires}
        self._store.put("session", _id(_digest(cookie)), data)
        return Session(cookie, csrf, principal)

    def session(self, cookie: str) -> Session | None:
        """The session behind a cookie, while it and its token are valid."""
        record = self._store.get("session", _id(_digest(cookie)))
        if record is None or _has_expired(record.data):
            return None
        principal = self._holder(record.data)
        if principal is None:
            return None
        return Session(cookie, str(record.data["csrf"]), principal)

    def _holder(self, data: Mapping[str, Any]) -> Principal | None:
        if "holder" in data:
            return Principal(**data["holder"])
        token = self._store.get("token", str(data["token"]))
        return None if token is None else _principal(token)

    def close_session(self, cookie: str) -> None:
        """Log out, and forget what has expired."""
        self._store.delete("session", _id(_digest(cookie)))
        for record in self._store.records("session"):
            if _has_expired(record.data):
                self._store.delete("session", record.id)


# -- the request's side ------------------------------------------------------------
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


# -- records -----------------------------------------------------------------------
def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()


def _id(digest: str) -> str:
    return digest[:16]


def _now() -> str:
    return _text(datetime.now(UTC))


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _token_data(name: str, role: Role, digest: str) -> dict[str, Any]:
    """A token without limits."""
    return {
        "name": name,
        "role": role,
        "layers": None,
        "created": _now(),
        "expires": None,
        "download": None,
        "hash": digest,
    }


def _everywhere() -> Unprocessable:
    return Unprocessable(
        "An administrator can make tokens for every layer, so an administrator's own"
        " token covers every layer. Leave 'layers' out, or choose another role.",
        "管理员可为任何图层发放令牌，其令牌不能限定图层。请省略“layers”或选择其他角色。",
        parameter="layers",
    )


def _has_expired(data: Mapping[str, Any]) -> bool:
    expires = data.get("expires")
    return expires is not None and datetime.fromisoformat(expires) <= datetime.now(UTC)


def _principal(record: Record) -> Principal | None:
    data = record.data
    if _has_expired(data):
        return None
    scope = data.get("layers")
    layers = None if scope is None else frozenset(scope)
    download = data.get("download")
    return Principal(data["name"], data["role"], layers, record.id, download)
