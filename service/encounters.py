"""Where changesets meet: others that are open and touch the same features, and what has
been published since one was made. Both sides are told before anybody decides."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any

from service.atlas import Atlas
from service.origins import KIND
from service.stores.base import Record
from service.uploads.comparison import compare
from service.uploads.register import current_frame

#: A changeset that can still be decided; ``approved`` is one whose publication is
#: under way or was cut off.
OPEN = ("submitted", "approved")
#: So many ids are named when two changesets meet.
NAMED = 50
_MOST_OPEN = 1000
#: So many ids are held in all; none of these sets can change any more.
_HELD_IDS = 500_000
_kept: OrderedDict[Hashable, frozenset[str]] = OrderedDict()
_lock = Lock()


def met(atlas: Atlas, record: Record) -> dict[str, Any]:
    """What an open changeset meets; nothing for one that has been decided."""
    if record.data["status"] not in OPEN:
        return {}
    base, current, both = since(atlas, record)
    stale = {"current_version": current, **_named(both)} if current != base else None
    return {"conflicts_with": _others(atlas, record), "stale": stale}


def since(atlas: Atlas, record: Record) -> tuple[int, int, frozenset[str]]:
    """The version that a changeset was made on, the newest, and the features that both
    it and the versions between have changed."""
    layer, base = record.data["layer"], record.data["base_version"]
    current = atlas.store.current_version(layer)
    if current == base:
        return base, current, frozenset()
    theirs = _published(atlas, layer, base, current)
    return base, current, _shared(theirs, record, touched(atlas, record))


def touched(atlas: Atlas, record: Record) -> frozenset[str]:
    """The features that a changeset puts or removes."""

    def make() -> frozenset[str]:
        changes = atlas.store.changes(record.id)
        return frozenset((*changes.upserts.ids.tolist(), *changes.removes.tolist()))

    return _once((record.id,), make)


def _others(atlas: Atlas, record: Record) -> list[dict[str, Any]]:
    ours, found = touched(atlas, record), []
    for other in _open(atlas, record.data["layer"]):
        if other.id == record.id:
            continue
        both = _shared(touched(atlas, other), record, ours)
        if not both and other.data.get("mode") == "replace":
            both = ours
        if both:
            told = {name: other.data[name] for name in ("id", "author", "submitted_at")}
            found.append(told | _named(both))
    return found


def _open(atlas: Atlas, layer: str) -> list[Record]:
    return [
        record
        for status in OPEN
        for record in atlas.store.records(
            KIND, match={"status": status, "layer": layer}, limit=_MOST_OPEN
        )
    ]


def _shared(
    theirs: frozenset[str], record: Record, ours: frozenset[str]
) -> frozenset[str]:
    """Replacing everything means everything: no feature is somebody else's."""
    return theirs if record.data.get("mode") == "replace" else theirs & ours


def _published(atlas: Atlas, layer: str, base: int, current: int) -> frozenset[str]:
    """The features that differ between two versions."""

    def make() -> frozenset[str]:
        after = current_frame(atlas, layer, current)
        before = current_frame(atlas, layer, base)
        comparison = compare(after, before)
        changed = comparison.pairs[comparison.changed][:, 0]
        put = (after.ids[comparison.added], after.ids[changed])
        gone = before.ids[comparison.removed]
        return frozenset(id for part in (*put, gone) for id in part.tolist())

    return _once((str(atlas.settings.store_url), layer, base, current), make)


def _named(ids: frozenset[str]) -> dict[str, Any]:
    return {"conflicts": sorted(ids)[:NAMED], "conflict_count": len(ids)}


def _once(key: Hashable, make: Callable[[], frozenset[str]]) -> frozenset[str]:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > 1 and sum(map(len, _kept.values())) > _HELD_IDS:
            _kept.popitem(last=False)
    return made
