"""A look at a file: features and diagnosis of any format, nothing kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from service.atlas import Atlas
from service.routes import read
from service.uploads import looking
from service.uploads.limits import Limits
from tests.service.uploads.files import feature, geojson, square, zipped

NEIGHBOURS = "testdata/cn_shp/liwan_neighbours_4526_gbk_nocpg"
SQUARE = geojson(feature(square(113.235, 23.09), 名称="甲", big=2**60))
FAR = b"WKT\nPOINT (1234567 7654321)\n"


@pytest.fixture(autouse=True)
def patience() -> Iterator[None]:
    read.frequency.clear()
    yield
    read.frequency.clear()


def sent(client: TestClient, name: str, content: bytes, **fields: str) -> Response:
    return client.post("/api/read", files={"file": (name, content)}, data=fields)


def looked(client: TestClient, name: str, content: bytes, **fields: str) -> Any:
    answer = sent(client, name, content, **fields)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_anyone_may_look_at_a_file_and_sees_its_own_fields(
    client: TestClient,
) -> None:
    body = looked(client, "甲.geojson", SQUARE)
    (found,) = body["features"]["features"]
    assert found["properties"] == {"名称": "甲", "big": str(2**60)}
    assert found["geometry"]["type"] == "Polygon"
    assert body["counts"]["polygons"] == 1
    assert (body["format"], body["crs"]["code"]) == ("geojson", "OGC:CRS84")


def test_nothing_is_kept_of_it(client: TestClient, atlas: Atlas) -> None:
    looked(client, "a.geojson", SQUARE)
    sent(client, "a.geojson", b"{")
    assert atlas.store.records("upload") == []
    assert list((atlas.settings.data_dir / "looks").iterdir()) == []


def test_a_survey_in_zone_38_and_gbk_comes_in_lon_lat_with_evidence(
    client: TestClient, shared: Path
) -> None:
    parts = {
        f"片区{suffix}": (shared / f"{NEIGHBOURS}{suffix}").read_bytes()
        for suffix in (".shp", ".shx", ".dbf", ".prj")
    }
    body = looked(client, "片区.zip", zipped(parts))
    assert body["crs"]["code"] == "EPSG:4526" and "EPSG:4526" in body["crs"]["evidence"]
    assert (body["encoding"], body["encoding_source"]) == ("GB18030", "detected")
    assert {choice["value"] for choice in body["choices"]["encoding"]} == {
        "GB18030",
        "UTF-8",
    }
    west, south, east, north = body["extent"]
    assert 112.5 < west < east < 114.1 and 22.5 < south < north < 24
    names = [f["properties"]["行政区名"] for f in body["features"]["features"]]
    assert "荔湾区" in names


def test_problems_name_the_features_they_are_about(client: TestClient) -> None:
    twice = feature(square(113.235, 23.09))
    body = looked(client, "a.geojson", geojson(twice, twice))
    (found,) = (p for p in body["problems"] if p["code"] == "duplicate_geometry")
    assert (found["feature"], found["index"]) == ("2", 1)
    assert body["features"]["features"][1]["id"] == "2"


def test_several_layers_are_a_question_with_choices(client: TestClient) -> None:
    content = zipped({"甲.geojson": SQUARE, "乙.geojson": geojson()})
    answer = sent(client, "a.zip", content)
    assert (answer.status_code, answer.json()["question"]) == (422, "sublayer")
    choices = [choice["value"] for choice in answer.json()["choices"]]
    assert choices == ["*geojson", "甲", "乙"]
    body = looked(client, "a.zip", content, sublayer="甲")
    assert (body["sublayer"], body["counts"]["features"]) == ("甲", 1)


def test_files_that_are_sent_together_are_read_together(client: TestClient) -> None:
    other = geojson(feature(square(113.237, 23.09), 名称="乙"))
    files = [("file", ("甲.geojson", SQUARE)), ("file", ("乙.geojson", other))]
    answer = client.post("/api/read", files=files, data={"sublayer": "*geojson"})
    found = answer.json()["features"]["features"]
    assert [one["properties"]["来源文件"] for one in found] == ["甲", "乙"]


def test_a_loose_shapefile_is_one_layer(client: TestClient, shared: Path) -> None:
    parts = {end: shared / f"{NEIGHBOURS}{end}" for end in (".shp", ".shx", ".dbf")}
    files = [("file", (f"片区{end}", p.read_bytes())) for end, p in parts.items()]
    answer = client.post("/api/read", files=files)
    assert answer.json()["format"] == "shapefile", answer.text
    assert answer.json()["counts"]["polygons"] > 1


def test_coordinates_that_nobody_can_place_are_a_question(client: TestClient) -> None:
    answer = sent(client, "a.csv", FAR)
    assert (answer.status_code, answer.json()["question"]) == (422, "crs")
    values = [choice["value"] for choice in answer.json()["choices"]]
    assert "EPSG:4547" in values
    body = looked(client, "a.csv", FAR, crs="EPSG:3857")
    assert body["crs"]["source"] == "requested"


def test_a_table_without_coordinates_is_a_table(client: TestClient) -> None:
    body = looked(client, "a.csv", "编号,面积\nA1,3\n".encode())
    assert body["counts"]["located"] == 0
    assert body["features"]["features"][0]["geometry"] is None
    assert body["features"]["features"][0]["properties"] == {"编号": "A1", "面积": "3"}


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [({"crs": "EPSG:1"}, "crs"), ({"encoding": "x"}, "encoding"), ({"la": "x"}, "la")],
)
def test_a_wrong_field_is_named(
    client: TestClient, fields: dict[str, str], parameter: str
) -> None:
    answer = sent(client, "a.geojson", SQUARE, **fields)
    assert (answer.status_code, answer.json()["parameter"]) == (400, parameter)


def test_more_than_a_browser_can_draw_is_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "LIMITS", Limits(features=1))
    both = geojson(feature(square(113.2, 23.1)), feature(square(113.3, 23.1)))
    assert sent(client, "a.geojson", both).status_code == 413


def test_a_body_beyond_the_limit_is_refused(client: TestClient, atlas: Atlas) -> None:
    content = b" " * (atlas.settings.max_read_bytes + 1)
    assert sent(client, "a.geojson", content).status_code == 413


def test_one_address_has_to_wait_after_many_files(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(30):
        read.frequency.count("testclient")
    answer = sent(client, "a.geojson", SQUARE)
    assert answer.status_code == 429 and int(answer.headers["retry-after"]) > 0
    assert "过多" in answer.json()["detail_zh"]
