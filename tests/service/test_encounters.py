"""Two changesets on the same features: both sides are told before anybody decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from geo.crs import SUPPORTED
from service import changesets
from service.accounts import Principal
from service.atlas import Atlas
from service.editing import Seen, patched, propose_removal, propose_replacement
from service.errors import Conflict
from service.stores.base import Publication
from service.uploads.register import current_frame
from tests.service.uploads.files import feature, square

Roles = dict[str, dict[str, str]]
REVIEWER = Principal("Zhou", "reviewer")


def parcel(id: str, **properties: Any) -> dict[str, Any]:
    return feature(square(113.235, 23.09), id=id, parcel_code=id, **properties)


@pytest.fixture
def told(client: TestClient, as_role: Roles) -> Callable[[str], dict[str, Any]]:
    def told(id: str) -> dict[str, Any]:
        answer = client.get(f"/api/changesets/{id}", headers=as_role["editor"])
        body: dict[str, Any] = answer.json()
        return body

    return told


@pytest.fixture
def approve(client: TestClient, as_role: Roles) -> Callable[[dict[str, Any]], int]:
    def approve(changeset: dict[str, Any]) -> int:
        url = f"/api/changesets/{changeset['id']}/approve"
        return client.post(url, headers=as_role["reviewer"]).status_code

    return approve


def test_both_are_told_of_each_other_until_one_is_published(
    propose: Any, told: Any, approve: Any
) -> None:
    first = propose(parcel("E-1", name_zh="甲"), parcel("E-2"))
    second = propose(parcel("E-1", name_zh="乙"))
    assert first["conflicts_with"] == []
    assert [one["id"] for one in second["conflicts_with"]] == [first["id"]]
    (met,) = told(first["id"])["conflicts_with"]
    assert (met["id"], met["author"], met["conflicts"]) == (
        second["id"],
        second["author"],
        ["E-1"],
    )
    assert approve(first) == 200
    late = told(second["id"])
    assert late["conflicts_with"] == []
    assert late["stale"]["conflicts"] == ["E-1"]
    assert "stale" not in told(first["id"])


def test_what_others_published_elsewhere_is_told_and_stands_in_nobodys_way(
    propose: Any, told: Any, approve: Any
) -> None:
    mine, theirs = propose(parcel("E-3")), propose(parcel("E-4"))
    assert approve(theirs) == 200
    assert told(mine["id"])["stale"]["conflict_count"] == 0
    assert approve(mine) == 200


def test_replacing_everything_meets_every_other_change(
    propose: Any, told: Any, approve: Any
) -> None:
    single = propose(parcel("E-5"))
    whole = propose(parcel("E-6"), mode="replace")
    assert single["id"] in [one["id"] for one in whole["conflicts_with"]]
    assert whole["id"] in [one["id"] for one in told(single["id"])["conflicts_with"]]
    assert approve(single) == 200
    assert approve(whole) == 409


def test_a_write_is_held_against_the_version_that_was_read(atlas: Atlas) -> None:
    layer = atlas.catalogue.get("old-villages")
    number = atlas.store.current_version(layer.id)
    id = current_frame(atlas, layer.id, number).ids[0]
    text = atlas.store.item(layer.id, number, id)
    assert text is not None
    seen = Seen(layer, number, text)
    author = Principal("Li", "editor")
    body = patched(text, {"properties": {"name_zh": "先"}}, SUPPORTED[0])
    first = propose_replacement(atlas, author, seen, body, SUPPORTED[0])
    changesets.approve(atlas, first, REVIEWER)
    late = propose_removal(atlas, author, seen, id)
    with pytest.raises(Conflict):
        changesets.approve(atlas, late, REVIEWER)


def test_an_approval_that_was_cut_off_can_be_returned(
    atlas: Atlas, propose: Any
) -> None:
    made = propose(parcel("E-7"))
    cut = atlas.store.get("changeset", made["id"])
    assert cut is not None
    cut = atlas.store.put("changeset", cut.id, {**cut.data, "status": "approved"})
    returned = changesets.reject(atlas, cut, REVIEWER, "重来")
    assert returned.data["status"] == "rejected"


def test_what_was_returned_meanwhile_is_not_published(
    atlas: Atlas, propose: Any
) -> None:
    made = propose(parcel("E-8"))
    record = atlas.store.get("changeset", made["id"])
    assert record is not None
    changesets.reject(atlas, record, REVIEWER, "重来")
    current = atlas.store.current_version("parcels")
    about = Publication("parcels", current, "Li", changeset=record.id)
    with pytest.raises(Conflict):
        atlas.store.publish(atlas.store.changes(record.id), about)
    assert atlas.store.current_version("parcels") == current
