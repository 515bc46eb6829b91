"""A store taken over by another one is the same store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from service.errors import Conflict
from service.stores import open_store
from service.stores.auditing import Audit
from service.stores.base import ItemQuery, Store
from service.stores.migration import migrate

from .conftest import layer
from .samples import EVERYTHING, LAYER, frame, grid, publish, square

BOX = ItemQuery(bbox=(113.2, 23.1, 113.2032, 23.1027), limit=1000)


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """An empty GeoPackage store."""
    opened = open_store(f"gpkg:{tmp_path / 'other.gpkg'}")
    yield opened
    opened.close()


@pytest.fixture
def lived_in(store: Store) -> Store:
    """A store with a past: three versions, records, a changeset, an audit log."""
    publish(store, grid(20))
    changed = frame(
        ["p000000", "new", "nowhere"],
        [square(90), square(91), None],
        listed=[True, False, None],
        tags=[{"a": [1]}, None, None],
        权属=["国有", None, None],
        height_m=np.array([1.5, np.nan, 2.5]),
    )
    publish(store, changed, ["p001000"], approver="bo", note="second")
    publish(store, None, ["new"])
    for id in ("t1", "t2"):
        store.put("token", id, {"name": "安"})
    store.append_audit("an", "login", "web", None)
    return store


def same(a: Store, b: Store) -> bool:
    """Whether two stores answer alike, in every version."""
    versions = a.versions(LAYER) == b.versions(LAYER)
    pages = all(
        set(a.items(LAYER, n, query).features.split(b'{"type":"Feature"'))
        == set(b.items(LAYER, n, query).features.split(b'{"type":"Feature"'))
        for n in (1, 2, 3)
        for query in (EVERYTHING, BOX)
    )
    lives = a.history(LAYER, "p000000") == b.history(LAYER, "p000000")
    records = a.records("token") == b.records("token")
    return versions and pages and lives and records


def test_everything_moves_into_a_geopackage(lived_in: Store, other: Store) -> None:
    migrate(lived_in, other, [layer()])
    assert same(lived_in, other)
    assert list(other.audit()) == list(lived_in.audit())
    assert isinstance(other, Audit)
    assert other.audit_break() is None


def test_everything_moves_back(
    lived_in: Store, other: Store, open_again: Callable[[], Store]
) -> None:
    migrate(lived_in, other, [layer()])
    with pytest.raises(Conflict):
        migrate(other, open_again(), [layer()])
    migrate(other, lived_in, [layer()], replace=True)
    assert same(lived_in, other)


def test_a_store_that_was_moved_goes_on(lived_in: Store, other: Store) -> None:
    migrate(lived_in, other, [layer()])
    assert publish(other, frame(["later"])).number == 4
    assert other.put("token", "t3", {}).revision == 1
    assert [r.id for r in other.records("token")] == ["t3", "t2", "t1"]


def test_progress_is_told(lived_in: Store, other: Store) -> None:
    told: list[tuple[str, int, int]] = []
    migrate(lived_in, other, [layer()], progress=lambda *step: told.append(step))
    assert told[0] == (LAYER, 0, 403)
    assert told[-1] == (LAYER, 403, 403)


def test_a_layer_that_the_catalogue_lacks_is_not_dropped(
    lived_in: Store, other: Store
) -> None:
    with pytest.raises(Conflict, match=LAYER):
        migrate(lived_in, other, [layer("else")])


def test_a_changed_audit_log_is_noticed(lived_in: Store) -> None:
    assert isinstance(lived_in, Audit)
    assert lived_in.audit_break() is None
    lived_in._db.run("UPDATE atlas_audit SET actor = 'eve' WHERE seq = 2")
    assert lived_in.audit_break() == 2


@pytest.mark.parametrize(
    ("gone", "broken"), [("seq = 1", 1), ("seq = 2", 2), ("seq > 1", 2), ("true", 1)]
)
def test_a_shortened_audit_log_is_noticed(
    lived_in: Store, gone: str, broken: int
) -> None:
    assert isinstance(lived_in, Audit)
    lived_in._db.run(f"DELETE FROM atlas_audit WHERE {gone}")
    assert lived_in.audit_break() == broken


def test_a_version_without_its_entry_is_noticed(lived_in: Store) -> None:
    assert isinstance(lived_in, Audit)
    assert lived_in.unaudited() == []
    lived_in._db.run("DELETE FROM atlas_audit WHERE seq > 1")
    lived_in._db.run("DELETE FROM atlas_records WHERE kind = 'audit'")
    assert lived_in.audit_break() is None
    assert lived_in.unaudited() == [f"{LAYER}@3", f"{LAYER}@2"]


def test_an_entry_noted_elsewhere_can_be_asked_for(lived_in: Store) -> None:
    assert isinstance(lived_in, Audit)
    seq, digest = lived_in.audit_head()
    assert lived_in.has_audited(seq, digest[:16])
    assert not lived_in.has_audited(seq, "0" * 16)
    assert not lived_in.has_audited(seq + 1, digest)
