"""Changesets: what is proposed, who decides, and what becomes of it.

``submitted`` → ``approved`` → ``published``, or ``rejected`` with a reason.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import UTC, datetime
from typing import Any

from geo.errors import BilingualError
from geo.frame import Frame
from service.accounts import Principal
from service.atlas import Atlas
from service.encounters import NAMED, OPEN, since
from service.errors import Conflict, Forbidden, NotFound
from service.origins import KIND
from service.stores.base import (
    Changes,
    Progress,
    Publication,
    Record,
    Version,
    silent,
)
from service.uploads.effect import changed, effect_of
from service.uploads.register import current_frame, give_back

#: Given a layer, the number of its next version and the features of that, what is to
#: be made before it is published; and what is to be called once it is.
Ahead = Callable[[str, int, Frame], AbstractContextManager[Callable[[], None]]]


def submit(
    atlas: Atlas,
    author: Principal,
    changes: Changes,
    about: Mapping[str, Any],
) -> Record:
    """Propose changes. ``about``: layer, base_version, mode, note, summary and where
    they come from (upload or restored version)."""
    if not len(changes.upserts) and not len(changes.removes):
        raise Conflict(
            "Nothing would change: the current version already holds this.",
            "没有变化：现行版本与此相同。",
        )
    id = secrets.token_hex(8)
    at = _now()
    data = {
        "id": id,
        "status": "submitted",
        "author": author.name,
        "created_at": at,
        "submitted_at": at,
        **about,
    }
    audited = {k: data.get(k) for k in ("layer", "base_version", "summary", "upload")}
    audited |= {k: data[k] for k in ("conversion",) if data.get(k)}
    with atlas.store.transaction():
        atlas.store.save_changes(id, data["layer"], changes)
        record = atlas.store.put(KIND, id, data, expect=0)
        atlas.store.append_audit(author.name, "changeset.submit", id, audited)
    return record


def restore(
    atlas: Atlas, author: Principal, layer: str, number: int, note: str
) -> Record:
    """Propose to make the layer what it was in an earlier version."""
    atlas.store.version(layer, number)
    current = atlas.store.current_version(layer)
    wanted = current_frame(atlas, layer, number)
    effect = effect_of(wanted, (), current_frame(atlas, layer, current), "replace")
    about = {
        "layer": layer,
        "base_version": current,
        "mode": "replace",
        "note": note or f"Restore version {number} 恢复第 {number} 版",
        "restores": number,
        "summary": effect.summary,
    }
    return submit(atlas, author, effect.changes, about)


def find(atlas: Atlas, id: str, asking: Principal) -> Record:
    """The changeset, if its layer is in the caller's scope; unknown otherwise."""
    record = atlas.store.get(KIND, id)
    if record is None or not asking.covers(record.data["layer"]):
        raise NotFound(f"There is no changeset {id!r}.", f"没有变更“{id}”。")
    return record


def approve(
    atlas: Atlas,
    record: Record,
    approver: Principal,
    *,
    comment: str = "",
    ahead: Ahead | None = None,
    told: Progress = silent,
) -> tuple[Record, Version]:
    """Publish a submitted changeset as the next version of its layer. ``ahead`` makes
    what questions about that version will want, before anybody can ask them."""
    _may_decide(record, approver)
    base = _rebased(atlas, record)
    decided = {"approver": approver.name, "decided_at": _now(), "status": "approved"}
    if comment:
        decided["comment"] = comment
    approved = _move(atlas, record, decided)
    publication = Publication(
        record.data["layer"],
        base,
        record.data["author"],
        approver=approver.name,
        changeset=record.id,
        note=record.data.get("note") or "",
    )
    try:
        changes = atlas.store.changes(record.id)
        with _ahead(atlas, ahead, publication, changes) as done:
            version = atlas.store.publish(changes, publication, told=told)
            done()
    except BilingualError:  # others were first, or the store has no room
        with suppress(BilingualError):
            _move(atlas, approved, {"status": "submitted"})
        raise
    published = atlas.store.get(KIND, record.id)
    assert published is not None
    return published, version


def _ahead(
    atlas: Atlas, ahead: Ahead | None, publication: Publication, changes: Changes
) -> AbstractContextManager[Callable[[], None]]:
    if ahead is None:
        return nullcontext(lambda: None)
    layer, base = publication.layer, publication.base_version
    coming = changed(current_frame(atlas, layer, base), changes)
    return ahead(layer, base + 1, coming)


def reject(atlas: Atlas, record: Record, reviewer: Principal, reason: str) -> Record:
    """Return a changeset to its author with a reason; the upload that it was made of
    can be corrected and submitted again."""
    _may_decide(record, reviewer)
    decided = {"status": "rejected", "approver": reviewer.name, "decided_at": _now()}
    told = {"reason": reason, "layer": record.data["layer"]}
    with atlas.store.transaction():
        rejected = _move(atlas, record, {**decided, "reason": reason})
        give_back(atlas, rejected)
        atlas.store.append_audit(reviewer.name, "changeset.reject", record.id, told)
    return rejected


def _may_decide(record: Record, reviewer: Principal) -> None:
    """``approved`` is left by a publication that was cut off; it can be repeated, or
    the changeset be returned: what others have published may stand in its way."""
    if record.data["author"] == reviewer.name:
        raise Forbidden(
            "A changeset is reviewed by somebody else than its submitter.",
            "不能审核自己提交的内容，须由他人审核。",
        )
    status = record.data["status"]
    if status not in OPEN:
        raise Conflict(
            f"The changeset is {status!r}; only a submitted one can be decided.",
            f"变更状态为“{status}”，只有已提交的变更可以审核。",
            status_now=status,
        )


def _move(atlas: Atlas, record: Record, change: Mapping[str, Any]) -> Record:
    data = {**record.data, **change}
    return atlas.store.put(KIND, record.id, data, expect=record.revision)


def _rebased(atlas: Atlas, record: Record) -> int:
    """The version to publish on: the newest, unless others have changed the same
    features since the changeset was made."""
    base, current, both = since(atlas, record)
    if both:
        raise _conflict(record.data["layer"], base, current, sorted(both))
    return current


def _conflict(layer: str, base: int, current: int, ids: list[str]) -> Conflict:
    named = ", ".join(ids[:5])
    return Conflict(
        f"Version {current} of {layer!r} has changed {len(ids)} of the same features "
        f"since version {base} ({named} …). Upload again and compare.",
        f"“{layer}”第 {current} 版已改动其中 {len(ids)} 个要素（{named} 等），"
        f"本变更基于第 {base} 版。比较后重新提交。",
        conflicts=ids[:NAMED],
        conflict_count=len(ids),
        base_version=base,
        current_version=current,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
