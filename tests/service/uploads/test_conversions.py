"""Coordinates in another unit: offered, and converted only when somebody confirms."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely
from starlette.testclient import TestClient

from service.errors import Unprocessable
from service.uploads.staging import Folder
from tests.service.uploads.bench_folder import ANY, about, codes, diagnosed, written
from tests.service.uploads.files import Headers, send

Roles = dict[str, Headers]
KILOMETRES = "编号,东坐标,北坐标\n1,422.584,2558.681\n"
#: A parcel of packed degrees of which no middle is one.
PACKED = "点号,L,B\n1,113.1359,23.0659\n2,113.1401,23.0659\n3,113.1401,23.0701\n"


def read(folder: Path, text: str, **said: str) -> Folder:
    return diagnosed(folder, [written(folder, "a.csv", text)], ANY, **said)


def test_a_conversion_is_offered_and_not_made(tmp_path: Path) -> None:
    upload = read(tmp_path, KILOMETRES)
    assert about(upload)["conversion_offered"]["convert"] == "km"
    assert about(upload)["located_count"] == 0


def test_a_confirmed_conversion_places_the_features_and_is_told(tmp_path: Path) -> None:
    upload = read(tmp_path, KILOMETRES, convert="km")
    assert about(upload)["crs"] == "EPSG:4547"
    assert about(upload)["conversion"]["after"] == "422584, 2558681"
    assert "coordinates_converted" in codes(upload)
    assert "conversion_offered" not in about(upload)


def test_packed_degrees_are_offered_by_their_points(tmp_path: Path) -> None:
    assert about(read(tmp_path, PACKED))["conversion_offered"]["convert"] == "dms"


def test_packed_degrees_become_degrees(tmp_path: Path) -> None:
    upload = read(tmp_path, PACKED, convert="dms")
    first = shapely.get_coordinates(upload.read_frame().geometry[0])[0]
    assert first == pytest.approx((113 + 13 / 60 + 59 / 3600, 23 + 6 / 60 + 59 / 3600))
    assert "packed_degrees" not in codes(upload)


def test_what_cannot_be_minutes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unprocessable, match="60 or more"):
        read(tmp_path, "编号,经度,纬度\n1,113.1475,23.1212\n", convert="dms")


def test_the_history_says_what_was_converted(
    client: TestClient, as_role: Roles
) -> None:
    points = ((422.584, 2558.681), (422.684, 2558.681), (422.684, 2558.781))
    rows = "".join(f"J{n},{x},{y}\n" for n, (x, y) in enumerate(points))
    content = f"点号,东坐标,北坐标\n{rows}".encode()
    editor = as_role["editor"]
    upload = send(client, editor, "a.csv", content, convert="km").json()
    answer = client.post(
        f"/api/uploads/{upload['id']}/submit", json={"note": "新测"}, headers=editor
    )
    changeset = answer.json()
    assert changeset["conversion"]["convert"] == "km"
    assert changeset["note"].startswith("新测 · 坐标由千米换算")


def test_a_look_asks_for_the_unit(client: TestClient) -> None:
    files = {"file": ("a.csv", KILOMETRES.encode())}
    asked = client.post("/api/read", files=files)
    assert (asked.status_code, asked.json()["question"]) == (422, "convert")
    answer = client.post("/api/read", files=files, data={"convert": "km"})
    assert answer.json()["counts"]["located"] == 1
