"""What is done to tokens, by the command line, by administrators in the page and by
everyone with their own: each act is noted in the audit log, and none of them locks the
last administrator out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from service.accounts import Principal
from service.atlas import Atlas
from service.errors import Conflict, Forbidden, NotFound, Unprocessable
from service.roles import NAMES_ZH, Role
from service.sessions import KIND as SESSION
from service.stores.base import Record

#: Nobody remembers for longer what they made a token for.
LONGEST = timedelta(days=366)
_KEPT_BACK = ("hash", "origin")


def make(
    atlas: Atlas, actor: str, name: str, role: Role, **limits: Any
) -> tuple[Record, str]:
    """A new token and its text, the only time that it can be shown."""
    for layer in limits.get("layers") or ():
        atlas.catalogue.get(layer)
    record, token = atlas.accounts.create(name, role, **limits)
    about = {"name": name, "role": role}
    atlas.store.append_audit(actor, "token.create", record.id, about)
    return record, token


def change(
    atlas: Atlas, actor: str, id: str, changes: Mapping[str, Any]
) -> dict[str, Any]:
    """Another name, role, scope, end, or disabled; at once, for its sessions too."""
    for layer in changes.get("layers") or ():
        atlas.catalogue.get(layer)
    record = atlas.accounts.token(id)
    if changes.get("disabled") or changes.get("expires") is not None:
        _keep_an_administrator(atlas, record)
    if changes.get("role", "admin") != "admin":
        _keep_an_administrator(atlas, record)
    changed = atlas.accounts.change(record, changes)
    about = {key: changed.data.get(key) for key in changes}
    atlas.store.append_audit(actor, "token.change", id, about)
    return told(atlas, changed)


def renew(atlas: Atlas, actor: str, id: str) -> tuple[Record, str]:
    """Another text for the same rights, for who has lost theirs."""
    before = atlas.accounts.token(id)
    record, token = atlas.accounts.renew(before)
    about = {"name": record.data["name"], "before": id}
    atlas.store.append_audit(actor, "token.renew", record.id, about)
    return record, token


def revoke(atlas: Atlas, actor: str, id: str) -> None:
    """End a token, its sessions, and what its holder made."""
    record = atlas.accounts.token(id)
    _keep_an_administrator(atlas, record)
    atlas.accounts.revoke(id)
    about = {"name": record.data["name"], "role": record.data["role"]}
    atlas.store.append_audit(actor, "token.revoke", id, about)


def _keep_an_administrator(atlas: Atlas, record: Record) -> None:
    if not _administers(atlas, record):
        return
    others = (one for one in atlas.accounts.tokens() if one.id != record.id)
    if any(_administers(atlas, one) for one in others):
        return
    raise Conflict(
        "This is the last administrator. Make another administrator first.",
        "这是最后一位管理员。请先添加另一位管理员。",
    )


def _administers(atlas: Atlas, record: Record) -> bool:
    """For good: not with a token that another one lends or that ends by itself."""
    lasting = record.data.get("owner") is None and record.data["expires"] is None
    holder = atlas.accounts.opens(record)
    return lasting and holder is not None and holder.role == "admin"


# -- telling -----------------------------------------------------------------------
def told(atlas: Atlas, record: Record) -> dict[str, Any]:
    """A token as it is shown: never its text, nor what could prove it."""
    return _shown(record, atlas.accounts.last_logins(), _open_logins(atlas))


def listed(atlas: Atlas) -> list[dict[str, Any]]:
    """Every token, newest first."""
    logins, counts = atlas.accounts.last_logins(), _open_logins(atlas)
    return [_shown(record, logins, counts) for record in atlas.accounts.tokens()]


def _open_logins(atlas: Atlas) -> Counter[str]:
    now = datetime.now(UTC)
    found = atlas.store.records(SESSION, limit=10_000)
    alive = (r for r in found if datetime.fromisoformat(r.data["expires"]) > now)
    return Counter(str(r.data["token"]) for r in alive if r.data.get("token"))


def _shown(
    record: Record, logins: Mapping[str, str], counts: Counter[str]
) -> dict[str, Any]:
    data = {k: v for k, v in record.data.items() if k not in _KEPT_BACK}
    usual = {"disabled": False, "owner": None, "label": None}
    return {
        "id": record.id,
        **usual,
        **data,
        "last_login": logins.get(record.id),
        "sessions": counts[record.id],
        "configured": record.data.get("origin") == "settings",
    }


# -- one's own ---------------------------------------------------------------------
def make_own(
    atlas: Atlas, asking: Principal, label: str, role: Role, **limits: Any
) -> tuple[Record, str]:
    """For a program of one's own: at most what one may do oneself, with an end, and
    under one's own name: nobody becomes a second person who approves."""
    owner = _may_make(atlas, asking)
    if not asking.has(role):
        raise _too_much(asking, role)
    for layer in limits.get("layers") or ():
        if not asking.covers(layer):
            raise _unknown_layer(layer)
    if limits["expires"] > datetime.now(UTC) + LONGEST:
        raise Unprocessable(
            "A token of one's own lasts a year at most. Give an earlier end.",
            "自己的令牌最长一年，请给出更早的期限。",
            parameter="expires",
        )
    limits |= {"owner": owner, "label": label}
    return make(atlas, asking.name, asking.name, role, **limits)


def own(atlas: Atlas, asking: Principal) -> list[dict[str, Any]]:
    """What one has made, newest first."""
    if asking.token_id is None:
        return []
    return [one for one in listed(atlas) if one["owner"] == asking.token_id]


def revoke_own(atlas: Atlas, asking: Principal, id: str) -> None:
    """Raises ``NotFound`` for what somebody else made."""
    if id not in {one["id"] for one in own(atlas, asking)}:
        raise NotFound(f"There is no token {id!r}.", f"没有令牌“{id}”。")
    revoke(atlas, asking.name, id)


def _may_make(atlas: Atlas, asking: Principal) -> str:
    """The token that a new one hangs on."""
    held = asking.token_id and atlas.accounts.token(asking.token_id)
    if not held:
        raise Forbidden(
            "A login of the organisation lends no tokens. Ask an administrator.",
            "单位统一登录不能自建令牌，请向管理员申请。",
        )
    if held.data.get("owner") is not None:
        raise Forbidden(
            "A token made by its holder makes no others. Log in with the one that an"
            " administrator gave you.",
            "自建的令牌不能再建令牌。请用管理员发放的令牌登录。",
        )
    return held.id


def _too_much(asking: Principal, role: Role) -> Forbidden:
    return Forbidden(
        f"You are {asking.role!r} and cannot lend the role {role!r}.",
        f"您是{NAMES_ZH[asking.role]}，不能给出{NAMES_ZH[role]}角色。",
        parameter="role",
    )


def _unknown_layer(layer: str) -> Unprocessable:
    return Unprocessable(
        f"Your own token does not cover layer {layer!r}. Choose among your layers.",
        f"您的令牌不含图层“{layer}”，请在自己的图层中选择。",
        parameter="layers",
    )
