"""The whole line over HTTP: a file comes in, is reviewed, and becomes a version."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.uploads.files import Headers, send, settled, zipped_shapefile

Roles = dict[str, Headers]
CAMBRIDGE = "testdata/cambridge_ma/cambridge_parcels_fy14_landuse.geojson"


@pytest.fixture(scope="module")
def neighbours(client: TestClient, as_role: Roles, shared: Path) -> dict[str, Any]:
    path = shared / "testdata/cn_shp/liwan_neighbours_4526_gbk_nocpg.shp"
    answer = send(client, as_role["editor"], "片区.zip", zipped_shapefile(path))
    assert answer.status_code == 201, answer.text
    upload: dict[str, Any] = answer.json()
    return upload


@pytest.fixture(scope="module")
def cambridge(client: TestClient, as_role: Roles, shared: Path) -> dict[str, Any]:
    path = shared / CAMBRIDGE
    answer = send(client, as_role["editor"], path.name, path.read_bytes())
    assert answer.status_code == 201, answer.text
    return settled(client, as_role["editor"], answer.json())


def test_gbk_attributes_without_a_cpg_are_readable_chinese(
    neighbours: dict[str, Any],
) -> None:
    fields = {field["name"]: field for field in neighbours["diagnosis"]["fields"]}
    assert fields["行政区名"]["samples"][0] == "荔湾区"


def test_a_guessed_encoding_is_told_with_a_sample(neighbours: dict[str, Any]) -> None:
    codes = [problem["code"] for problem in neighbours["problems"]]
    assert "encoding_guessed" in codes


def test_a_zone_38_shapefile_lands_where_it_belongs(
    client: TestClient, as_role: Roles, neighbours: dict[str, Any]
) -> None:
    url = f"/api/uploads/{neighbours['id']}/items"
    preview = client.get(url, headers=as_role["editor"]).json()
    west, south = preview["features"][0]["geometry"]["coordinates"][0][0][:2]
    assert neighbours["diagnosis"]["crs"] == "EPSG:4526"
    assert 113.1 < west < 113.3 and 22.9 < south < 23.2


def test_every_invalid_parcel_is_reported_with_place_and_reason(
    cambridge: dict[str, Any],
) -> None:
    invalid = [p for p in cambridge["problems"] if p["code"] == "invalid_geometry"]
    assert len(invalid) == cambridge["codes"]["invalid_geometry"] == 51
    assert len({p["feature"] for p in invalid}) == 37
    assert cambridge["affected"]["invalid_geometry"] == 37
    assert all(p["place"] and p["message"] and p["message_zh"] for p in invalid)


def test_errors_stand_in_the_way_of_submitting(
    client: TestClient, as_role: Roles, cambridge: dict[str, Any]
) -> None:
    url = f"/api/uploads/{cambridge['id']}/submit"
    answer = client.post(url, headers=as_role["editor"])
    assert answer.status_code == 409
    assert len(answer.json()["problems"]) == 51


def test_repaired_parcels_are_listed_reviewed_and_published(
    client: TestClient, as_role: Roles, cambridge: dict[str, Any]
) -> None:
    editor, reviewer = as_role["editor"], as_role["reviewer"]
    url = f"/api/uploads/{cambridge['id']}"
    answer = client.patch(url, json={"repair": True}, headers=editor).json()
    repaired = settled(client, editor, answer)
    assert [p["repaired"] for p in repaired["problems"]].count(True) == 51
    assert repaired["summary"]["adds"] == 13116
    assert repaired["summary"]["errors"] == 0

    changeset = client.post(f"{url}/submit", headers=editor).json()
    url = f"/api/changesets/{changeset['id']}"
    before = client.get("/api/collections/parcels").json()["version"]
    answer = client.post(f"{url}/approve", headers=reviewer)
    assert answer.status_code == 200, answer.text
    assert answer.json()["version"]["number"] == before + 1 == 2
    found = client.get("/api/collections/parcels").json()
    assert (found["version"], found["feature_count"]) == (2, 13116)


def test_the_same_file_again_changes_nothing(
    client: TestClient, as_role: Roles, shared: Path
) -> None:
    path = shared / CAMBRIDGE
    content = path.read_bytes()
    headers = as_role["editor"]
    sent = send(client, headers, path.name, content, repair="true").json()
    answer = settled(client, headers, sent)
    assert answer["summary"]["unchanged"] == 13116
    submitted = client.post(
        f"/api/uploads/{answer['id']}/submit", headers=as_role["editor"]
    )
    assert submitted.status_code == 409
