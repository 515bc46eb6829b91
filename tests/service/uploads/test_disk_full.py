"""No room on the disk: said as such, nothing half done, what is published stays."""

from __future__ import annotations

import errno
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from starlette.testclient import TestClient

from service import changesets
from service.accounts import Principal
from service.atlas import Atlas
from service.errors import InsufficientStorage
from service.stores.gpkg import reserve
from service.uploads import jobs, nursery, receiving, space
from service.uploads.staging import Folder
from tests.service.uploads.files import (
    Headers,
    feature,
    geojson,
    send,
    settled,
    square,
)

Roles = dict[str, Headers]
CONTENT = geojson(feature(square(113.235, 23.09), id="D-1"))
LIMITED = (
    "import os, resource, sys;"
    "resource.setrlimit(resource.RLIMIT_FSIZE, (400, 400));"
    "os.execv(sys.argv[1], sys.argv[1:])"
)


class Full:
    """A file that takes no byte."""

    def __init__(self, file: BinaryIO) -> None:
        self.name = file.name
        self.close = file.close

    def write(self, content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def limited(words: list[str], *_: object) -> int:
    """In the place of ``nursery.run``: a child that cannot write a file of any size."""
    command = [sys.executable, "-m", "service.uploads.worker", *words]
    return subprocess.run([sys.executable, "-c", LIMITED, *command]).returncode


def folders(atlas: Atlas) -> list[str]:
    uploads = atlas.settings.data_dir / "uploads"
    return sorted(path.name for path in uploads.glob("*"))


def refused(client: TestClient, as_role: Roles, atlas: Atlas) -> dict[str, Any]:
    """The refusal, after which nothing has been left behind."""
    before = folders(atlas), len(atlas.store.records("upload"))
    answer = send(client, as_role["editor"], "a.geojson", CONTENT)
    assert answer.status_code == 507, answer.text
    assert (folders(atlas), len(atlas.store.records("upload"))) == before
    body: dict[str, Any] = answer.json()
    return body


def test_a_disk_that_fills_while_a_file_streams_in_is_told(
    client: TestClient, as_role: Roles, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullPath(type(Path())):  # type: ignore[misc]
        def open(self, *args: Any, **kwargs: Any) -> Any:
            return Full(super().open(*args, **kwargs))

    target = receiving._Reception._target
    monkeypatch.setattr(
        receiving._Reception, "_target", lambda self: FullPath(target(self))
    )
    body = refused(client, as_role, atlas)
    assert "disk is full" in body["detail"] and "磁盘已满" in body["detail_zh"]


def test_a_disk_that_fills_while_features_are_staged_is_told(
    client: TestClient, as_role: Roles, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nursery, "run", limited)
    assert refused(client, as_role, atlas)["title_zh"] == "存储空间不足"


def test_a_disk_that_fills_while_publishing_changes_nothing(
    client: TestClient, as_role: Roles, atlas: Atlas
) -> None:
    headers = as_role["editor"]
    many = [feature(square(113.235, 23.09 + n / 1e4, 9e-5), id=n) for n in range(500)]
    upload = send(client, headers, "a.geojson", geojson(*many)).json()
    url = f"/api/uploads/{upload['id']}/submit"
    id = client.post(url, headers=headers).json()["id"]
    reviewer = Principal("Wang", "reviewer")
    before = atlas.store.current_version("parcels")
    connection = atlas.store._db.connection  # type: ignore[attr-defined]
    atlas.store.put("large", "a", {"text": "x" * 2 * reserve.ROOM_BYTES})
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")
    record = atlas.store.get(changesets.KIND, id)
    assert record is not None
    with pytest.raises(InsufficientStorage):
        changesets.approve(atlas, record, reviewer)
    connection.execute("PRAGMA max_page_count = 1000000000")
    kept = atlas.store.get(changesets.KIND, id)
    assert kept is not None and kept.data["status"] in ("submitted", "approved")
    assert atlas.store.current_version("parcels") == before
    published, version = changesets.approve(atlas, kept, reviewer)
    assert (published.data["status"], version.feature_count) == ("published", 500)


def test_a_diagnosis_behind_the_request_keeps_the_file_for_another_try(
    client: TestClient, as_role: Roles, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = as_role["editor"]
    with monkeypatch.context() as full:
        full.setattr(nursery, "run", limited)
        full.setattr(jobs, "WAIT_S", 0.01)
        sent = send(client, headers, "a.geojson", CONTENT).json()
        failed = settled(client, headers, sent)
    assert failed["status"] == "failed"
    assert "已保留" in failed["refusal"]["detail_zh"]
    url = f"/api/uploads/{failed['id']}"
    again = settled(client, headers, client.patch(url, json={}, headers=headers).json())
    assert (again["status"], again["summary"]["adds"]) == ("diagnosed", 1)


def test_a_correction_that_finds_no_room_leaves_the_file_for_another_try(
    client: TestClient, as_role: Roles, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    headers = as_role["editor"]
    url = f"/api/uploads/{send(client, headers, 'a.geojson', CONTENT).json()['id']}"

    def full(*_: object) -> None:
        raise space.disk_full()

    with monkeypatch.context() as patched:
        patched.setattr(Folder, "write_json", full)
        answer = client.patch(url, json={"mode": "replace"}, headers=headers)
    assert answer.status_code == 507 and "已保留" in answer.json()["detail_zh"]
    assert client.get(url, headers=headers).json()["status"] == "failed"
    again = client.patch(url, json={"mode": "replace"}, headers=headers).json()
    assert (again["status"], again["options"]["mode"]) == ("diagnosed", "replace")
