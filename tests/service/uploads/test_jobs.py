"""Long diagnoses: behind the request, cancelled, taken up again after a restart."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from geo.stopping import step
from service.atlas import Atlas
from service.uploads import jobs, register, worker
from tests.service.uploads.files import Headers, feature, geojson, send, square

Roles = dict[str, Headers]
CONTENT = geojson(feature(square(113.235, 23.09), id="J-1"))


def polled(client: TestClient, headers: Headers, id: str) -> dict[str, Any]:
    for _ in range(100):
        body: dict[str, Any] = client.get(f"/api/uploads/{id}", headers=headers).json()
        if body["status"] != "diagnosing":
            return body
        time.sleep(0.2)
    raise AssertionError("still diagnosing after 20 s")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "WAIT_S", 0.01)


def test_a_long_diagnosis_is_polled(
    client: TestClient, as_role: Roles, impatient: None
) -> None:
    answer = send(client, as_role["editor"], "a.geojson", CONTENT)
    assert (answer.status_code, answer.json()["status"]) == (201, "diagnosing")
    body = polled(client, as_role["editor"], answer.json()["id"])
    assert body["summary"]["adds"] == 1


def test_a_sender_says_how_long_it_will_wait(
    client: TestClient, as_role: Roles
) -> None:
    headers = {**as_role["editor"], "prefer": "respond-async, wait=0"}
    answer = send(client, headers, "a.geojson", CONTENT)
    assert (answer.status_code, answer.json()["status"]) == (201, "diagnosing")
    assert polled(client, headers, answer.json()["id"])["status"] == "diagnosed"


def test_a_long_refusal_is_told_to_whoever_asks(
    client: TestClient, as_role: Roles, impatient: None
) -> None:
    answer = send(client, as_role["editor"], "a.geojson", b"{")
    body = polled(client, as_role["editor"], answer.json()["id"])
    assert body["status"] == "failed"
    assert body["refusal"]["detail_zh"]


def test_a_diagnosis_survives_a_restart(
    client: TestClient, as_role: Roles, atlas: Atlas
) -> None:
    id = send(client, as_role["editor"], "a.geojson", CONTENT).json()["id"]
    record = atlas.store.get("upload", id)
    assert record is not None
    folder = register.folder_of(atlas, id)
    worker.forget(folder)
    (folder.path / "unpacked").mkdir()  # as a killed process leaves it
    atlas.store.put("upload", id, {**record.data, "status": "diagnosing"})
    assert polled(client, as_role["editor"], id)["status"] == "diagnosed"


def test_a_cancelled_upload_is_gone_with_its_files(
    client: TestClient, as_role: Roles, atlas: Atlas, impatient: None
) -> None:
    headers = as_role["editor"]
    id = send(client, headers, "a.geojson", CONTENT).json()["id"]
    assert client.delete(f"/api/uploads/{id}", headers=headers).status_code == 204
    assert client.get(f"/api/uploads/{id}", headers=headers).status_code == 404
    assert not register.folder_of(atlas, id).path.exists()


def test_a_comparison_ends_with_its_upload(
    client: TestClient, as_role: Roles, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discarded while it is held against what is published."""
    uploads = Path(atlas.settings.data_dir) / "uploads"

    def compared(*frames: Any, **told: Any) -> list[Any]:
        for folder in uploads.iterdir():
            register.discard(atlas, folder.name)
        step()
        raise AssertionError("the comparison went on")

    monkeypatch.setattr(register, "check_standing", compared)
    answer = send(client, as_role["editor"], "a.geojson", CONTENT)
    assert answer.status_code == 409
    assert "cancelled" in answer.json()["detail"]
    assert not list(uploads.iterdir())


def test_a_colleague_looks_at_an_upload_and_leaves_it_as_it_is(
    client: TestClient, as_role: Roles, atlas: Atlas
) -> None:
    id = send(client, as_role["editor"], "a.geojson", CONTENT).json()["id"]
    url = f"/api/uploads/{id}"
    _, token = atlas.accounts.create("Wang", "editor")
    other = {"authorization": f"Bearer {token}"}
    for rest in ("", "/items", "/problems", "/diff"):
        assert client.get(f"{url}{rest}", headers=other).status_code == 200
    assert client.delete(url, headers=other).status_code == 403
    assert client.patch(url, json={}, headers=other).status_code == 403
    assert client.post(f"{url}/submit", headers=other).status_code == 403
    listed = client.get("/api/uploads", headers=other).json()["uploads"]
    assert id not in [one["id"] for one in listed]


def test_an_upload_is_unknown_to_an_editor_of_other_layers(
    client: TestClient, as_role: Roles, atlas: Atlas
) -> None:
    id = send(client, as_role["editor"], "a.geojson", CONTENT).json()["id"]
    _, token = atlas.accounts.create("Wang", "editor", layers=["district"])
    other = {"authorization": f"Bearer {token}"}
    assert client.get(f"/api/uploads/{id}", headers=other).status_code == 404


def test_a_submitted_upload_cannot_be_changed(
    client: TestClient, as_role: Roles
) -> None:
    headers = as_role["editor"]
    id = send(client, headers, "a.geojson", CONTENT).json()["id"]
    client.post(f"/api/uploads/{id}/submit", headers=headers)
    assert client.delete(f"/api/uploads/{id}", headers=headers).status_code == 409
    assert (
        client.patch(f"/api/uploads/{id}", json={}, headers=headers).status_code == 409
    )


def test_several_layers_are_asked_for_and_chosen(
    client: TestClient, as_role: Roles
) -> None:
    from tests.service.uploads.files import zipped

    headers = as_role["editor"]
    content = zipped({"甲.geojson": CONTENT, "乙.geojson": CONTENT})
    body = send(client, headers, "a.zip", content).json()
    assert [p["code"] for p in body["problems"]] == ["several_layers"]
    assert body["diagnosis"]["layers"] == ["甲", "乙"]
    url = f"/api/uploads/{body['id']}"
    chosen = client.patch(url, json={"source_layer": "乙"}, headers=headers).json()
    assert chosen["diagnosis"]["source_layer"] == "乙"
    assert chosen["summary"]["errors"] == 0


def test_a_loose_shapefile_is_sent_in_parts(
    client: TestClient, as_role: Roles, shared: Any
) -> None:
    stem = shared / "testdata/cn_shp/liwan_neighbours_4547_gbk"
    files = [
        ("file", (f"片区{suffix}", stem.with_suffix(suffix).read_bytes()))
        for suffix in (".shp", ".shx", ".dbf", ".prj", ".cpg")
    ]
    answer = client.post(
        "/api/uploads",
        files=files,
        data={"layer": "parcels"},
        headers=as_role["editor"],
    )
    assert answer.json()["diagnosis"]["feature_count"] == 9


def test_other_options_in_the_middle_of_a_diagnosis_take_its_place(
    client: TestClient, as_role: Roles, impatient: None
) -> None:
    headers = as_role["editor"]
    id = send(client, headers, "a.geojson", CONTENT).json()["id"]
    url = f"/api/uploads/{id}"
    for mode in ("append", "replace"):  # each ends the one before
        answer = client.patch(url, json={"mode": mode}, headers=headers)
        assert answer.status_code == 200, answer.text
    body = polled(client, headers, id)
    assert (body["status"], body["options"]["mode"]) == ("diagnosed", "replace")
