"""What a difference shows: of a changeset, and of an upload before it is submitted."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.plots import SOUTH, WEST, parcel
from tests.service.uploads.files import Headers, geojson, send

Roles = dict[str, Headers]


def test_a_diff_tells_kind_and_both_sides(
    client: TestClient, as_role: Roles, propose: Any, decide: Any
) -> None:
    decide(propose(parcel("D-1", 5), parcel("D-2", 6, name_zh="旧")), "approve")
    changeset = propose(
        parcel("D-1", 7), parcel("D-2", 6, name_zh="新"), parcel("D-3", 8)
    )
    url = f"/api/changesets/{changeset['id']}/diff"
    diff = client.get(url, headers=as_role["reviewer"]).json()
    shown = {f["id"]: f["properties"] for f in diff["features"]["features"]}
    kinds = {id: properties["change"] for id, properties in shown.items()}
    assert kinds == {
        "D-1": "change_geometry",
        "D-2": "change_attributes",
        "D-3": "add",
    }
    assert shown["D-2"]["before"]["name_zh"] == "旧"
    assert shown["D-2"]["after"]["name_zh"] == "新"
    assert diff["area_by_class"][0]["delta_m2"] == pytest.approx(11346, rel=0.01)


def test_an_upload_can_be_compared_before_it_is_submitted(
    client: TestClient, as_role: Roles
) -> None:
    headers = as_role["editor"]
    content = geojson(parcel("Q-1", 30))
    upload = send(client, headers, "a.geojson", content).json()
    diff = client.get(f"/api/uploads/{upload['id']}/diff", headers=headers).json()
    (feature,) = diff["features"]["features"]
    assert (feature["id"], feature["properties"]["change"]) == ("Q-1", "add")


def test_a_difference_is_asked_for_by_place_and_by_kind(
    client: TestClient, as_role: Roles, propose: Any
) -> None:
    changeset = propose(parcel("D-1", 40), parcel("D-2", 50))
    url, headers = f"/api/changesets/{changeset['id']}/diff", as_role["editor"]
    west = WEST + 40 * 0.002
    box = f"{west - 0.001},{SOUTH - 0.001},{west + 0.001},{SOUTH + 0.001}"
    near = client.get(url, params={"bbox": box}, headers=headers).json()["features"]
    assert [f["id"] for f in near["features"]] == ["D-1"]
    gone = client.get(url, params={"change": "remove"}, headers=headers).json()
    assert gone["features"]["numberMatched"] == 0


def test_a_moved_feature_is_also_found_where_it_was(
    client: TestClient, as_role: Roles, propose: Any, decide: Any
) -> None:
    decide(propose(parcel("M-1", 70)), "approve")
    changeset = propose(parcel("M-1", 75))
    url, headers = f"/api/changesets/{changeset['id']}/diff", as_role["editor"]
    found = []
    for step in (70, 75, 78):
        west = WEST + step * 0.002
        box = f"{west - 0.001},{SOUTH - 0.001},{west + 0.001},{SOUTH + 0.001}"
        near = client.get(url, params={"bbox": box}, headers=headers).json()
        found.append([f["id"] for f in near["features"]["features"]])
    assert found == [["M-1"], ["M-1"], []]


def test_a_difference_says_from_afar_where_its_changes_lie(
    client: TestClient, as_role: Roles, propose: Any
) -> None:
    changeset = propose(parcel("O-1", 60), parcel("O-2", 61), parcel("O-3", 62))
    url = f"/api/changesets/{changeset['id']}/diff?limit=1"
    overview = client.get(url, headers=as_role["editor"]).json()["overview"]
    assert sum(mark["changes"]["add"] for mark in overview) == 3
