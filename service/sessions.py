"""Logins that are open: whose they are, since when, and how to end one of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from service.accounts import Principal
from service.atlas import Atlas
from service.errors import NotFound
from service.stores.base import Record

KIND = "session"
_MOST = 10_000


def open_sessions(atlas: Atlas, asking: Principal) -> list[dict[str, Any]]:
    """One's own; an administrator sees everybody's. Newest first."""
    records = atlas.store.records(KIND, limit=_MOST)
    shown = [_shown(atlas, record) for record in records]
    known = [one for one in shown if one is not None and _may_see(one, asking)]
    return sorted(known, key=lambda one: str(one["opened"]), reverse=True)


def end(atlas: Atlas, id: str, asking: Principal) -> None:
    """End one login at once, in every process."""
    record = atlas.store.get(KIND, id)
    shown = None if record is None else _shown(atlas, record)
    if shown is None or not _may_see(shown, asking):
        raise NotFound(f"There is no open session {id!r}.", f"没有登录会话“{id}”。")
    atlas.store.delete(KIND, id)
    atlas.store.append_audit(asking.name, "session.end", id, {"name": shown["name"]})


def end_own(atlas: Atlas, asking: Principal) -> None:
    """Log out everywhere: whoever sits at one of them, or has taken its cookie."""
    own = [one for one in open_sessions(atlas, asking) if _is_own(one, asking)]
    for one in own:
        atlas.store.delete(KIND, one["id"])
    about = {"name": asking.name, "count": len(own)}
    atlas.store.append_audit(asking.name, "session.end-all", asking.name, about)


def _may_see(shown: dict[str, Any], asking: Principal) -> bool:
    return _is_own(shown, asking) or asking.has("admin")


def _is_own(shown: dict[str, Any], asking: Principal) -> bool:
    return (shown["name"], shown["token"]) == (asking.name, asking.token_id)


def _shown(atlas: Atlas, record: Record) -> dict[str, Any] | None:
    """Never the cookie nor its CSRF token; None once the session opens nothing."""
    data = record.data
    if datetime.fromisoformat(data["expires"]) <= datetime.now(UTC):
        return None
    holder, token = atlas.accounts.holder(data), data.get("token")
    if holder is None:
        return None
    return {
        "id": record.id,
        "name": holder.name,
        "role": holder.role,
        "token": token,
        "login": "token" if token else "oidc",
        "opened": data.get("opened"),
        "expires": data["expires"],
    }
