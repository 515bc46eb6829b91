"""Records and the audit log, in every store."""

from __future__ import annotations

import pytest

from service.errors import Conflict
from service.stores.base import Changes, Publication, Store

from .samples import LAYER, frame, objects, publish


# -- records -----------------------------------------------------------------------
def test_a_record_comes_back(store: Store) -> None:
    store.put("token", "t1", {"name": "安", "layers": None})
    record = store.get("token", "t1")
    assert record is not None
    assert (record.revision, record.data) == (1, {"name": "安", "layers": None})
    assert store.get("token", "t2") is None


def test_each_change_of_a_record_counts(store: Store) -> None:
    store.put("token", "t1", {"a": 1})
    assert store.put("token", "t1", {"a": 2}).revision == 2
    assert store.put("token", "t1", {"a": 3}, expect=2).revision == 3


@pytest.mark.parametrize("expect", [0, 2])
def test_a_record_seen_in_another_state_is_not_overwritten(
    store: Store, expect: int
) -> None:
    store.put("token", "t1", {"a": 1})
    with pytest.raises(Conflict):
        store.put("token", "t1", {"a": 2}, expect=expect)


def test_a_record_expected_but_missing_is_a_conflict(store: Store) -> None:
    with pytest.raises(Conflict):
        store.put("token", "t9", {}, expect=1)


def test_records_are_listed_newest_first_by_member(store: Store) -> None:
    for id, role in (("1", "editor"), ("2", "admin"), ("3", "editor")):
        store.put("token", id, {"role": role, "on": True})
    store.put("upload", "4", {"role": "editor"})
    found = store.records("token", match={"role": "editor", "on": True})
    assert [record.id for record in found] == ["3", "1"]
    assert [r.id for r in store.records("token", limit=1, offset=1)] == ["2"]


@pytest.mark.parametrize("value", ["x'\"", None, 7, False])
def test_records_match_values_of_any_kind(store: Store, value: object) -> None:
    store.put("note", "1", {"of": value})
    store.put("note", "2", {"of": "other"})
    assert [r.id for r in store.records("note", match={"of": value})] == ["1"]


def test_a_deleted_record_is_gone(store: Store) -> None:
    store.put("token", "t1", {})
    assert store.delete("token", "t1")
    assert not store.delete("token", "t1")
    assert store.get("token", "t1") is None


# -- audit -------------------------------------------------------------------------
def test_the_audit_log_is_a_chain(store: Store) -> None:
    store.append_audit("an", "login", "web", {"b": 1, "a": "荔"})
    store.append_audit("bo", "approve", "c1", None)
    first, second = store.audit()
    assert (first["seq"], first["actor"], first["data"]) == (
        1,
        "an",
        {"b": 1, "a": "荔"},
    )
    assert second["previous"] == first["hash"]


def test_a_publication_is_audited(store: Store) -> None:
    publish(store, frame(["a"]), approver="bo")
    (entry,) = store.audit()
    assert (entry["actor"], entry["action"]) == ("bo", "publish")
    assert entry["subject"] == f"{LAYER}@1"


def test_a_refused_publication_leaves_no_trace(store: Store) -> None:
    publish(store, frame(["a"]))
    with pytest.raises(Conflict):
        store.publish(Changes(frame(["b"]), objects([])), Publication(LAYER, 5, "an"))
    assert len(list(store.audit())) == 1
