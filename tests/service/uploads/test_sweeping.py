"""What a server that was ended has left behind."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.atlas import Atlas
from service.uploads import register
from service.uploads.staging import RECEIVING, Folder
from tests.service.uploads.files import Headers, feature, geojson, send, square

Roles = dict[str, Headers]


def left(atlas: Atlas, name: str) -> Folder:
    """A folder as a killed server leaves it, an hour ago."""
    folder = Folder(Path(atlas.settings.data_dir) / name)
    folder.create()
    (folder.received / "half.shp").write_bytes(b"x")
    os.utime(folder.path, (1e9, 1e9))
    return folder


@pytest.mark.parametrize("name", ["uploads/aaaaaaaaaaaaaaaa", "looks/bbbb"])
def test_half_received_files_are_removed(
    client: TestClient, atlas: Atlas, name: str
) -> None:
    folder = left(atlas, name)
    register.sweep(atlas)
    assert not folder.path.exists()


def test_a_file_that_is_coming_in_is_left_alone(
    client: TestClient, atlas: Atlas
) -> None:
    folder = left(atlas, "uploads/cccccccccccccccc")
    with folder.held(RECEIVING):
        register.sweep(atlas)
        assert folder.path.exists()


def test_an_upload_with_a_record_is_left_alone(
    client: TestClient, as_role: Roles, atlas: Atlas
) -> None:
    content = geojson(feature(square(113.2, 23.1)))
    id = send(client, as_role["editor"], "a.geojson", content).json()["id"]
    os.utime(register.folder_of(atlas, id).path, (1e9, 1e9))
    register.sweep(atlas)
    assert register.folder_of(atlas, id).path.exists()
