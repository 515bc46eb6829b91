"""Review: who may decide, what is published, how two changes meet."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from geo.gcj02 import to_gcj02
from service.atlas import Atlas
from service.errors import StoreUnavailable
from tests.service.plots import SOUTH, WEST, parcel
from tests.service.uploads.files import Headers, feature, geojson, send, square

Roles = dict[str, Headers]


def items(client: TestClient) -> dict[str, Any]:
    found = client.get("/api/collections/parcels/items?limit=1000").json()
    return {f["id"]: f["properties"] for f in found["features"]}


def test_the_submitter_cannot_approve(
    client: TestClient, as_role: Roles, propose: Any
) -> None:
    headers = as_role["reviewer"]
    content = geojson(parcel("OWN-1", 90))
    upload = send(client, headers, "a.geojson", content).json()
    url = f"/api/uploads/{upload['id']}/submit"
    changeset = client.post(url, headers=headers).json()
    url = f"/api/changesets/{changeset['id']}/approve"
    assert client.post(url, headers=headers).status_code == 403


def test_an_editor_cannot_approve(propose: Any, decide: Any) -> None:
    changeset = propose(parcel("E-1", 1))
    assert decide(changeset, "approve", "editor").status_code == 403


def test_a_rejection_keeps_its_reason(
    client: TestClient, propose: Any, decide: Any
) -> None:
    changeset = propose(parcel("R-1", 2))
    rejected = decide(changeset, "reject").json()
    assert (rejected["status"], rejected["reason"]) == ("rejected", "界址不清")
    assert decide(changeset, "approve").status_code == 409
    assert "R-1" not in items(client)


@pytest.mark.parametrize("reason", ["", " \n "])
def test_a_return_needs_a_reason(
    client: TestClient, as_role: Roles, propose: Any, reason: str
) -> None:
    url = f"/api/changesets/{propose(parcel('R-0'))['id']}/reject"
    answer = client.post(url, json={"reason": reason}, headers=as_role["reviewer"])
    assert answer.status_code == 422
    assert "至少 1 个字符" in answer.json()["detail_zh"]


def test_a_returned_upload_is_corrected_and_submitted_again(
    client: TestClient, as_role: Roles, propose: Any, decide: Any
) -> None:
    headers, made = as_role["editor"], propose(parcel("R-1"))
    url = f"/api/uploads/{made['upload']}"
    assert client.patch(url, json={}, headers=headers).status_code == 409
    decide(made, "reject")
    back = client.get(url, headers=headers).json()
    assert (back["status"], back["returned"]["reason"]) == ("diagnosed", "界址不清")
    assert client.patch(url, json={"repair": True}, headers=headers).status_code == 200
    again = client.post(f"{url}/submit", headers=headers)
    assert again.status_code == 201
    sent = client.get(url, headers=headers).json()
    assert sent["changeset"] == again.json()["id"] and "returned" not in sent


def test_what_the_approver_says_is_kept(
    client: TestClient, as_role: Roles, propose: Any
) -> None:
    url = f"/api/changesets/{propose(parcel('R-2'))['id']}"
    said = {"note": "与规划条件一致"}
    client.post(f"{url}/approve", json=said, headers=as_role["reviewer"])
    kept = client.get(url, headers=as_role["editor"]).json()
    assert kept["comment"] == said["note"]


def test_an_approved_changeset_is_the_next_version(
    client: TestClient, propose: Any, decide: Any
) -> None:
    changeset = propose(parcel("A-1", 3, name_zh="甲地块"))
    before = client.get("/api/collections/parcels").json()["version"]
    body = decide(changeset, "approve").json()
    assert body["version"]["number"] == before + 1
    assert body["changeset"]["status"] == "published"
    assert items(client)["A-1"]["name_zh"] == "甲地块"


def test_an_upload_tells_what_has_become_of_it(
    client: TestClient, propose: Any, decide: Any, as_role: Roles
) -> None:
    changeset = propose(parcel("became-1", 20), mode="upsert")
    url = f"/api/uploads/{changeset['upload']}"

    def told() -> list[Any]:
        one = client.get(url, headers=as_role["editor"]).json()
        every = client.get("/api/uploads", headers=as_role["editor"]).json()["uploads"]
        listed = next(each for each in every if each["id"] == changeset["upload"])
        assert one["decision"] == listed["decision"]
        return [one["decision"][name] for name in ("status", "version")]

    assert told() == ["submitted", None]
    version = decide(changeset, "approve").json()["version"]["number"]
    assert told() == ["published", version]


def test_an_upsert_keeps_what_the_file_does_not_speak_of(
    client: TestClient, propose: Any, decide: Any
) -> None:
    decide(propose(parcel("K-1", 4, name_zh="乙", landuse_code="0701")), "approve")
    decide(propose(parcel("K-1", 4, name_zh="乙二")), "approve")
    found = items(client)["K-1"]
    assert (found["name_zh"], found["landuse_code"]) == ("乙二", "0701")


def test_disjoint_changes_are_rebased(
    client: TestClient, propose: Any, decide: Any
) -> None:
    first, second = propose(parcel("B-1", 10)), propose(parcel("B-2", 11))
    assert decide(first, "approve").status_code == 200
    assert decide(second, "approve").status_code == 200
    assert {"B-1", "B-2"} <= items(client).keys()


def test_changes_of_the_same_feature_conflict_with_the_list(
    client: TestClient, propose: Any, decide: Any
) -> None:
    first = propose(parcel("C-1", 12, name_zh="一"))
    second = propose(parcel("C-1", 12, name_zh="二"))
    decide(first, "approve")
    answer = decide(second, "approve")
    assert answer.status_code == 409
    assert answer.json()["conflicts"] == ["C-1"]
    assert items(client)["C-1"]["name_zh"] == "一"


def test_replacing_removes_what_is_not_in_the_file(
    client: TestClient, propose: Any, decide: Any
) -> None:
    decide(propose(parcel("X-1", 13)), "approve")
    decide(propose(parcel("X-2", 14), mode="replace"), "approve")
    assert items(client).keys() == {"X-2"}


def test_appending_does_not_overwrite(
    client: TestClient, as_role: Roles, propose: Any, decide: Any
) -> None:
    decide(propose(parcel("P-1", 15)), "approve")
    content = geojson(parcel("P-1", 16))
    headers = as_role["editor"]
    upload = send(client, headers, "a.geojson", content, mode="append").json()
    assert [p["code"] for p in upload["problems"]][:1] == ["existing_id"]


def test_what_is_new_introduces_its_overlaps_with_what_was_there(
    client: TestClient, as_role: Roles, propose: Any, decide: Any
) -> None:
    standing = [parcel("I-1", 80), feature(square(WEST + 0.1605, SOUTH), id="I-2")]
    decide(propose(*standing), "approve")
    new = feature(square(WEST + 0.16, SOUTH + 0.0005), id="I-3", parcel_code="I-3")
    whole = send(client, as_role["editor"], "a.geojson", geojson(*standing, new))
    alone = send(client, as_role["editor"], "a.geojson", geojson(new)).json()
    summary = whole.json()["summary"]
    assert (summary["introduced"], summary["inherited"]) == (2, 1)
    assert alone["codes"]["overlaps_current"] == 2
    assert alone["summary"]["inherited"] == 0


def test_restoring_is_a_new_version(
    client: TestClient, as_role: Roles, propose: Any, decide: Any
) -> None:
    decide(propose(parcel("V-1", 17), mode="replace"), "approve")
    number = client.get("/api/collections/parcels").json()["version"]
    decide(propose(parcel("V-2", 18), mode="replace"), "approve")
    url = f"/api/collections/parcels/versions/{number}/restore"
    answer = client.post(url, headers=as_role["editor"])
    assert answer.status_code == 201
    assert decide(answer.json(), "approve").json()["version"]["number"] == number + 2
    assert items(client).keys() == {"V-1"}


def test_a_viewer_sees_no_changesets(client: TestClient, as_role: Roles) -> None:
    answer = client.get("/api/changesets", headers=as_role["viewer"])
    assert answer.status_code == 403


def test_known_features_that_moved_by_an_offset_are_suspected(
    client: TestClient, as_role: Roles, propose: Any, decide: Any
) -> None:
    features = [parcel(f"S-{n}", 20 + n) for n in range(3)]
    decide(propose(*features), "approve")
    for moved in features:
        ring = np.array(moved["geometry"]["coordinates"][0])
        moved["geometry"]["coordinates"] = [to_gcj02(ring).tolist()]
    headers = as_role["editor"]
    upload = send(client, headers, "a.geojson", geojson(*features)).json()
    first = upload["problems"][0]
    assert (first["code"], first["severity"]) == ("suspected_gcj02", "error")
    assert "620" in first["message"]


@pytest.mark.parametrize(
    ("form", "start"), [("csv", b"\xef\xbb\xbfnumber,code,"), ("geojson", b'{"type"')]
)
def test_problems_are_downloadable(
    client: TestClient, as_role: Roles, form: str, start: bytes
) -> None:
    headers = as_role["editor"]
    content = geojson(parcel("W-1", 40), parcel("W-2", 40))
    upload = send(client, headers, "a.geojson", content).json()
    url = f"/api/uploads/{upload['id']}/problems?f={form}"
    answer = client.get(url, headers=headers)
    assert answer.content.startswith(start)
    assert b"duplicate_geometry" in answer.content


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_people_send_the_same_features_and_the_second_is_told(
    client: TestClient,
    as_role: Roles,
    atlas: Atlas,
    decide: Any,
    order: tuple[int, int],
) -> None:
    _, token = atlas.accounts.create(f"Chen {order}", "editor")
    people = as_role["editor"], {"authorization": f"Bearer {token}"}
    id = f"T-{order[0]}"
    contents = [geojson(parcel(id, 50, name_zh=name)) for name in "甲乙"]
    with ThreadPoolExecutor(2) as pool:
        sent = list(pool.map(partial(proposed, client), people, contents))
    first, second = (sent[index] for index in order)
    assert decide(first, "approve").status_code == 200
    refused = decide(second, "approve")
    assert (refused.status_code, refused.json()["conflicts"]) == (409, [id])
    assert items(client)[id]["name_zh"] == "甲乙"[order[0]]
    again = proposed(client, people[order[1]], contents[order[1]])
    assert decide(again, "approve").status_code == 200
    assert items(client)[id]["name_zh"] == "甲乙"[order[1]]


def proposed(client: TestClient, headers: Headers, content: bytes) -> dict[str, Any]:
    """The changeset of an upload by one of several people at once."""
    upload = send(client, headers, "a.geojson", content).json()
    url = f"/api/uploads/{upload['id']}/submit"
    changeset: dict[str, Any] = client.post(url, headers=headers).json()
    return changeset


def test_a_submission_cut_off_midway_leaves_nothing(
    client: TestClient,
    atlas: Atlas,
    as_role: Roles,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sent = send(client, as_role["editor"], "a.geojson", geojson(parcel("cut", 7)))
    before = len(atlas.store.records("changeset"))

    def refused(*_: Any) -> None:
        raise StoreUnavailable("gone", "中断")

    with monkeypatch.context() as patched:
        patched.setattr(atlas.store, "append_audit", refused)
        url = f"/api/uploads/{sent.json()['id']}/submit"
        assert client.post(url, headers=as_role["editor"]).status_code == 503
    assert len(atlas.store.records("changeset")) == before
    upload = client.get(f"/api/uploads/{sent.json()['id']}", headers=as_role["editor"])
    assert upload.json()["status"] == "diagnosed"
    assert client.post(url, headers=as_role["editor"]).status_code == 201


def test_a_published_version_can_be_asked_at_once(
    client: TestClient, propose: Any, decide: Any
) -> None:
    """Its plate holds what was there, with what the changeset puts and without what it
    removes, before anybody has asked."""
    decide(propose(parcel("P-1", 40), parcel("P-2", 41)), "approve")
    layer = client.app.state.atlas.catalogue.get("parcels")
    answer = decide(propose(parcel("P-2", 45), parcel("P-3", 46)), "approve").json()
    plate = client.app.state.plates.get(
        layer, answer["version"]["number"], "ellipsoidal"
    )
    assert plate is not None
    rows = np.argsort(plate.rank)
    published = client.app.state.atlas.store.frame("parcels", plate.version)
    assert plate.texts("id", rows) == published.ids.tolist()
    assert plate.features.amount[rows] == pytest.approx(
        published.columns["area_m2"], rel=1e-9
    )
    assert plate.evidence_rank[rows].tolist() == (
        client.app.state.atlas.snapshots.get(
            "parcels", plate.version
        ).evidence_ranks.tolist()
    )
