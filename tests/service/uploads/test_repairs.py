"""Repairs by type: only what was asked for, each told; the version holds just that."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.uploads.files import Headers, feature, geojson, send, square

Roles = dict[str, Headers]
BOWTIE = {
    "type": "Polygon",
    "coordinates": [
        [[113.24, 23.1], [113.242, 23.102], [113.242, 23.1], [113.24, 23.102],
         [113.24, 23.1]]
    ],
}  # fmt: skip
CONTENT = geojson(
    feature(square(113.235, 23.09), id="R-1", area_declared_m2="约三亩"),
    feature(square(113.237, 23.09), id="R-2"),
    feature(square(113.239, 23.09), id="R-2"),
    feature({"type": "Point", "coordinates": [113.24, 23.09]}, id="R-3"),
    feature(BOWTIE, id="R-4"),
)
TYPES = ["invalid_geometry", "duplicate_id", "malformed_value", "wrong_geometry_type"]


def errors(upload: dict[str, Any]) -> set[str]:
    return {p["code"] for p in upload["problems"] if p["severity"] == "error"}


def test_nothing_is_repaired_unasked(client: TestClient, as_role: Roles) -> None:
    upload = send(client, as_role["editor"], "a.geojson", CONTENT).json()
    assert errors(upload) == set(TYPES)
    assert not any(problem["repaired"] for problem in upload["problems"])


@pytest.mark.parametrize("code", TYPES)
def test_one_type_is_repaired_and_the_others_wait(
    client: TestClient, as_role: Roles, code: str
) -> None:
    upload = send(client, as_role["editor"], "a.geojson", CONTENT, repair=code).json()
    assert errors(upload) == set(TYPES) - {code}
    told = {p["code"] for p in upload["problems"] if p["repaired"]}
    assert told == {code}
    assert upload["codes"][code] >= 1


def test_what_is_repaired_is_published_as_told(
    client: TestClient, as_role: Roles
) -> None:
    headers = as_role["editor"]
    id = send(client, headers, "a.geojson", CONTENT).json()["id"]
    url = f"/api/uploads/{id}"
    upload = client.patch(url, json={"repair": TYPES}, headers=headers).json()
    assert upload["errors"] == 0
    told = [p["message_zh"] for p in upload["problems"] if p["repaired"]]
    assert any("R-2-2" in text for text in told)
    assert any("留空" in text for text in told)
    changeset = client.post(f"{url}/submit", headers=headers).json()["id"]
    answer = client.post(
        f"/api/changesets/{changeset}/approve", headers=as_role["reviewer"]
    )
    assert answer.status_code == 200, answer.text
    items = client.get("/api/collections/parcels/items?limit=100").json()["features"]
    found = {f["id"]: f for f in items if f["id"].startswith("R-")}
    assert set(found) == {"R-1", "R-2", "R-2-2", "R-3", "R-4"}
    assert found["R-1"]["properties"]["area_declared_m2"] is None
    assert found["R-3"]["geometry"] is None
    assert found["R-4"]["geometry"]["type"] == "MultiPolygon"


def test_a_type_that_is_not_known_is_refused_by_name(
    client: TestClient, as_role: Roles
) -> None:
    answer = send(client, as_role["editor"], "a.geojson", CONTENT, repair="overlap")
    assert answer.status_code == 400
    assert "duplicate_id" in answer.json()["detail_zh"]
