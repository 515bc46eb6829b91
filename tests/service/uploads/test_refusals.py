"""Files that cannot be taken: told clearly in both languages, nothing changed."""

from __future__ import annotations

import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.atlas import Atlas
from tests.service.uploads.files import Headers, geojson, send, zipped

Roles = dict[str, Headers]
NOTHING = geojson()


def linked() -> bytes:
    """A zip whose only member is a symbolic link."""
    info = zipfile.ZipInfo("secret.geojson")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def cut_shapefile(shared: Path) -> bytes:
    stem = shared / "testdata/cn_shp/liwan_neighbours_4526_gbk_nocpg"
    parts = {s: stem.with_suffix(s).read_bytes() for s in (".shp", ".shx", ".dbf")}
    parts[".shp"] = parts[".shp"][:50_000]
    return zipped({f"a{suffix}": content for suffix, content in parts.items()})


VRT = b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd"
REFUSED = {
    "text called shp": ("a.shp", b"no shapefile at all\n" * 20, 422),
    "empty file": ("a.geojson", b"", 422),
    "empty zip": ("a.zip", zipped({}), 422),
    "no zip": ("a.zip", b"PK but no zip", 422),
    "climbing zip": ("a.zip", zipped({"../a.geojson": NOTHING}), 422),
    "absolute zip": ("a.zip", zipped({"/a.geojson": NOTHING}), 422),
    "drive zip": ("a.zip", zipped({"c:\\a.geojson": NOTHING}), 422),
    "nested zip": ("a.zip", zipped({"b.zip": zipped({"a.geojson": NOTHING})}), 422),
    "link zip": ("a.zip", linked(), 422),
    "dwg": ("a.dwg", b"AC1032", 415),
    "vrt": ("a.vrt", VRT, 415),
    "vrt called geojson": ("a.geojson", VRT, 422),
    "vrt in a zip": ("a.zip", zipped({"a.vrt": VRT}), 415),
    "broken json": ("a.geojson", b'{"type":"FeatureCollection","features":[', 422),
    "json of something else": ("a.json", b'{"name": "liwan"}', 422),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_file_gets_a_bilingual_problem_body(
    client: TestClient, as_role: Roles, case: str
) -> None:
    name, content, status = REFUSED[case]
    answer = send(client, as_role["editor"], name, content)
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["detail"] and body["detail_zh"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "0 字节"),
        (zipped({"a.geojson": NOTHING * 20})[:60], "缺少结尾"),
        (b"Rar!\x1a\x07\x01\x00" + b"x" * 300, "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + b"x" * 300, "7z"),
        (b"<html>please log in</html>", "不是 zip"),
        (zipped({"b.zip": zipped({"a.geojson": NOTHING})}), "b.zip"),
        (zipped({"资料/b.rar": b"Rar!"}), "资料/b.rar"),
    ],
    ids=["empty", "cut off", "rar", "7z", "page", "zip in zip", "rar in zip"],
)
def test_an_archive_that_is_none_says_what_it_is(
    client: TestClient, as_role: Roles, content: bytes, told: str
) -> None:
    answer = send(client, as_role["editor"], "a.zip", content)
    assert answer.status_code == 422
    assert told in answer.json()["detail_zh"]


def test_an_archive_beside_other_files_is_asked_for_alone(client: TestClient) -> None:
    files = [
        ("file", ("a.zip", zipped({"a.geojson": NOTHING}))),
        ("file", ("a.prj", b"x")),
    ]
    answer = client.post("/api/read", files=files)
    assert answer.status_code == 422
    assert "a.zip" in answer.json()["detail_zh"]


def test_a_file_that_swells_when_it_is_unpacked_is_refused(
    client: TestClient, as_role: Roles
) -> None:
    bomb = zipped({"a.geojson": b" " * 200_000_000})
    answer = send(client, as_role["editor"], "a.zip", bomb)
    assert answer.status_code == 413, answer.text
    assert answer.json()["detail"] and answer.json()["detail_zh"]


def test_a_truncated_shapefile_is_refused(
    client: TestClient, as_role: Roles, shared: Path
) -> None:
    answer = send(client, as_role["editor"], "a.zip", cut_shapefile(shared))
    assert answer.status_code == 422
    assert "cut off" in answer.json()["detail"]


def test_a_refused_file_leaves_nothing_behind(
    client: TestClient, as_role: Roles, atlas: Atlas
) -> None:
    before = len(atlas.store.records("upload"))
    send(client, as_role["editor"], "a.geojson", b"")
    assert len(atlas.store.records("upload")) == before
    folders = [p.name for p in (atlas.settings.data_dir / "uploads").iterdir()]
    assert len(folders) == before


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"layer": ""}, "layer"),
        ({"crs": "EPSG:1"}, "crs"),
        ({"mode": "merge"}, "mode"),
        ({"mapping": "[1]"}, "mapping"),
        ({"encoding": "klingon"}, "encoding"),
        ({"repair": "maybe"}, "repair"),
        ({"evidence": "rumour"}, "evidence"),
        ({"accuracy_m": "-1"}, "accuracy_m"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_option_is_named(
    client: TestClient, as_role: Roles, fields: dict[str, str], parameter: str
) -> None:
    answer = send(client, as_role["editor"], "a.geojson", NOTHING, **fields)
    assert answer.status_code == 400
    assert answer.json()["parameter"] == parameter


def test_an_unknown_layer_is_not_found(client: TestClient, as_role: Roles) -> None:
    answer = send(client, as_role["editor"], "a.geojson", NOTHING, layer="nowhere")
    assert answer.status_code == 404


def test_a_form_without_a_file_is_refused(client: TestClient, as_role: Roles) -> None:
    fields = {"layer": (None, "parcels")}
    answer = client.post("/api/uploads", files=fields, headers=as_role["editor"])
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "file"


def test_an_upload_needs_the_editor_role(client: TestClient, as_role: Roles) -> None:
    assert send(client, {}, "a.geojson", NOTHING).status_code == 401
    assert send(client, as_role["viewer"], "a.geojson", NOTHING).status_code == 403


def test_too_large_a_body_is_refused_before_it_is_read(
    client: TestClient, as_role: Roles
) -> None:
    headers = {**as_role["editor"], "content-length": str(10**12)}
    answer = send(client, headers, "a.geojson", NOTHING)
    assert answer.status_code == 413
