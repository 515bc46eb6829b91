"""Tokens and sessions, and who holds them. Roles: viewer < editor < reviewer < admin.

Programs hold a token; the web map logs in once with one and then holds a session.
Both are kept as hashes only, as store records, so that every process sees them at
once.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from service.errors import Conflict, NotFound, Unprocessable
from service.roles import ROLES, Role, highest
from service.settings import Settings
from service.stores.base import Record, Store
from service.throttle import Throttle

SESSION_LIFE = timedelta(hours=12)
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
        self._groups = settings.oidc_roles if settings.oidc_issuer else {}

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
        owner: str | None = None,
        label: str | None = None,
    ) -> tuple[Record, str]:
        """A new token: its record and its text, which is never kept. One with an owner
        (the id of another) is never worth more than that; its label says what it is
        for, its name who answers for it."""
        if role == "admin" and layers is not None:
            raise _everywhere()
        token = f"atlas_{secrets.token_urlsafe(32)}"
        digest = _digest(token)
        limits = {"layers": layers, "expires": _until(expires), "download": download}
        data = (
            _token_data(name, role, digest) | limits | {"owner": owner, "label": label}
        )
        return self._store.put("token", _id(digest), data), token

    def change(self, record: Record, changes: Mapping[str, Any]) -> Record:
        """Other rights for the same token; they hold for its sessions at once. Raises
        ``Conflict`` if somebody has changed it meanwhile."""
        data = {**record.data, **changes}
        if data["role"] == "admin" and data["layers"] is not None:
            raise _everywhere()
        if isinstance(data["expires"], datetime):
            data["expires"] = _until(data["expires"])
        return self._store.put("token", record.id, data, expect=record.revision)

    def renew(self, record: Record) -> tuple[Record, str]:
        """Another text for the same rights. The old one, its sessions and the tokens
        that its holder made end: whoever has taken it may have made some."""
        if record.data.get("origin") == "settings":
            raise _configured()
        token = f"atlas_{secrets.token_urlsafe(32)}"
        digest = _digest(token)
        with self._store.transaction():
            self.revoke(record.id)
            data = {**record.data, "hash": digest, "created": _now()}
            return self._store.put("token", _id(digest), data), token

    def opens(self, record: Record) -> Principal | None:
        """Whom the token makes its holder at this moment; None: nobody."""
        return self._principal(record)

    def last_logins(self) -> dict[str, str]:
        """When each token last opened a session, by its id."""
        found = self._store.records("login", limit=10_000)
        return {record.id: str(record.data["at"]) for record in found}

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
        """Delete a token; its sessions, and the tokens that its holder made, end
        with it."""
        self.token(id)
        made = self._store.records("token", match={"owner": id}, limit=10_000)
        for gone in [id, *(record.id for record in made)]:
            self._store.delete("token", gone)
            self._store.delete("login", gone)

    def by_token(self, token: str) -> Principal | None:
        """Who holds this token, if it is known and has not expired."""
        digest = _digest(token)
        record = self._store.get("token", _id(digest))
        if record is None or not hmac.compare_digest(record.data["hash"], digest):
            return None
        return self._principal(record)

    def _principal(self, record: Record) -> Principal | None:
        own, owner = _principal(record), record.data.get("owner")
        if own is None or owner is None:
            return own
        above = self._store.get("token", owner)
        lent = None if above is None else _principal(above)
        return None if lent is None else _within(own, lent)

    # -- sessions --------------------------------------------------------------
    def open_session(self, token: str) -> Session | None:
        """Log in with a token."""
        principal = self.by_token(token)
        if principal is None:
            return None
        self._store.put("login", str(principal.token_id), {"at": _now()})
        return self._open(principal, {"token": principal.token_id})

    def open_session_of(self, name: str, groups: list[str]) -> Session:
        """Log in somebody for whom an OpenID provider has vouched. Their groups are
        kept and not the role: what a group may do can change before they log out."""
        holder = {"holder": {"name": name, "groups": groups}}
        return self._open(self.holder(holder) or ANONYMOUS, holder)

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
        principal = self.holder(record.data)
        if principal is None:
            return None
        return Session(cookie, str(record.data["csrf"]), principal)

    def holder(self, data: Mapping[str, Any]) -> Principal | None:
        """Whose session a record is, with the rights of this moment; None once it opens
        nothing."""
        if "holder" in data:
            role = highest(data["holder"].get("groups", ()), self._groups)
            return None if role is None else Principal(data["holder"]["name"], role)
        token = self._store.get("token", str(data["token"]))
        return None if token is None else self._principal(token)

    def close_session(self, cookie: str) -> None:
        """Log out, and forget what has expired."""
        self._store.delete("session", _id(_digest(cookie)))
        for record in self._store.records("session"):
            if _has_expired(record.data):
                self._store.delete("session", record.id)


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


def _until(expires: datetime | None) -> str | None:
    return None if expires is None else _text(expires)


def _configured() -> Conflict:
    return Conflict(
        "The settings name this token. Change ATLAS_ADMIN_TOKEN and start again.",
        "此令牌由设置给定。请改 ATLAS_ADMIN_TOKEN 后重新启动。",
    )


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
    if _has_expired(data) or data.get("disabled"):
        return None
    scope = data.get("layers")
    layers = None if scope is None else frozenset(scope)
    download = data.get("download")
    return Principal(data["name"], data["role"], layers, record.id, download)


def _within(own: Principal, owner: Principal) -> Principal:
    """What a token lends, never more than its maker may at this moment."""
    role = min(own.role, owner.role, key=ROLES.index)
    if own.layers is None or owner.layers is None:
        layers = own.layers if owner.layers is None else owner.layers
    else:
        layers = own.layers & owner.layers
    download = False if own.download is False else owner.download
    return Principal(own.name, role, layers, own.token_id, download)
