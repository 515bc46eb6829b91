"""Where each version of a feature came from: the file, its digest, or what else."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.atlas import Atlas
from tests.service.uploads.files import Headers, feature, geojson, send, square

Roles = dict[str, Headers]
URL = "/api/collections/parcels"


def parcel(name: str) -> bytes:
    return geojson(feature(square(113.235, 23.09), id="ORIGIN-1", name_zh=name))


@pytest.fixture
def published(client: TestClient, as_role: Roles) -> Any:
    """Publish a changeset that a call gave; its version."""

    def approve(answer: Any) -> int:
        url = f"/api/changesets/{answer.json()['id']}/approve"
        number: int = client.post(url, headers=as_role["reviewer"]).json()["version"][
            "number"
        ]
        return number

    return approve


@pytest.fixture
def uploaded(client: TestClient, as_role: Roles, published: Any) -> Any:
    """Publish a file under that name, with a note."""

    def publish(filename: str, content: bytes, note: str = "") -> int:
        editor = as_role["editor"]
        id = send(client, editor, filename, content).json()["id"]
        url = f"/api/uploads/{id}/submit"
        answer = client.post(url, json={"note": note}, headers=editor)
        return int(published(answer))

    return publish


def lines(client: TestClient) -> list[dict[str, Any]]:
    found = client.get(f"{URL}/items/ORIGIN-1/history").json()["history"]
    return list(found)


def test_each_line_names_the_file_and_its_digest(
    client: TestClient, uploaded: Any
) -> None:
    first, second = parcel("甲"), parcel("乙")
    uploaded("测绘一.geojson", first)
    uploaded("测绘二.geojson", second, "第二次实测")
    newest, oldest = lines(client)
    told = [(line["origin"]["kind"], line["origin"]["files"]) for line in lines(client)]
    assert told == [
        ("file", [_told("测绘二.geojson", second)]),
        ("file", [_told("测绘一.geojson", first)]),
    ]
    assert (newest["note"], oldest["note"]) == ("第二次实测", "")


def _told(name: str, content: bytes) -> dict[str, Any]:
    digest = sha256(content).hexdigest()
    return {"name": name, "size_bytes": len(content), "sha256": digest}


def test_versions_name_their_files_too(client: TestClient, uploaded: Any) -> None:
    number = uploaded("版本.geojson", parcel("丙"))
    newest, *_, oldest = client.get(f"{URL}/versions").json()["versions"]
    assert newest["number"] == number
    assert newest["origin"]["files"][0]["name"] == "版本.geojson"
    assert oldest["origin"] == {"kind": "initial"}


def test_what_was_restored_names_the_version(
    client: TestClient, as_role: Roles, uploaded: Any, published: Any
) -> None:
    number = uploaded("原.geojson", parcel("丁"))
    uploaded("改.geojson", parcel("戊"))
    url = f"{URL}/versions/{number}/restore"
    published(client.post(url, headers=as_role["editor"]))
    assert lines(client)[0]["origin"] == {"kind": "restore", "version": number}


def test_an_edit_through_the_api_has_no_file(
    client: TestClient, as_role: Roles, uploaded: Any, published: Any
) -> None:
    uploaded("编辑前.geojson", parcel("己"))
    at = f"{URL}/items/ORIGIN-1"
    held = {"if-match": client.get(at).headers["etag"]}
    patch = {"properties": {"name_zh": "庚"}}
    headers = {"content-type": "application/merge-patch+json", **held}
    published(client.patch(at, json=patch, headers={**as_role["editor"], **headers}))
    assert lines(client)[0]["origin"] == {"kind": "edit"}


def test_a_changeset_of_an_earlier_release_finds_its_file(
    client: TestClient, atlas: Atlas, uploaded: Any
) -> None:
    uploaded("旧.geojson", parcel("辛"))
    record = atlas.store.get("changeset", lines(client)[0]["changeset"])
    assert record is not None
    older = {name: told for name, told in record.data.items() if name != "files"}
    atlas.store.put("changeset", record.id, older)
    assert lines(client)[0]["origin"]["files"][0]["name"] == "旧.geojson"
