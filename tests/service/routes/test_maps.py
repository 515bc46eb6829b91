"""Maps over HTTP."""

from __future__ import annotations

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import Image
from starlette.testclient import TestClient

from geo.crs import project_xy
from layers.catalogue import Layer
from service.maps import rendering
from service.maps.drawn import LayerData
from service.maps.provenance import read_record
from service.maps.query import PARAMETERS

ALL = (
    "district,strategic-zones,functional-groups,industrial-parks,old-villages,"
    "metro-lines,metro-stations,parcels"
)
SMALL = "/api/map?collections=district&width=300&height=200"


def test_all_layers_make_a_png_of_the_size_asked(client: TestClient) -> None:
    answer = client.get(f"/api/map?collections={ALL}&width=900&height=600")
    assert answer.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(answer.content)).size == (900, 600)


@pytest.mark.parametrize(
    ("f", "start"), [("png", b"\x89PNG"), ("svg", b"<svg "), ("pdf", b"%PDF-")]
)
def test_every_format_carries_its_record(
    client: TestClient, f: str, start: bytes
) -> None:
    content = client.get(f"{SMALL}&f={f}&title=荔湾").content
    assert content.startswith(start)
    assert read_record(content).query["title"] == "荔湾"


def test_a_layer_has_a_map_of_its_own(client: TestClient) -> None:
    answer = client.get("/api/collections/old-villages/map?width=300&height=200")
    assert read_record(answer.content).layers == ("old-villages",)


def test_the_digest_is_that_of_the_bytes(client: TestClient) -> None:
    answer = client.get(SMALL)
    value = base64.b64encode(hashlib.sha256(answer.content).digest()).decode()
    assert answer.headers["repr-digest"] == f"sha-256=:{value}:"


def test_an_etag_held_is_answered_without_drawing(client: TestClient) -> None:
    etag = client.get(SMALL).headers["etag"]
    assert not etag.startswith("W/")
    again = client.get(SMALL, headers={"if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["vary"] == "Authorization, Cookie"


def test_a_filter_leaves_the_other_layers_whole(client: TestClient) -> None:
    query = {
        "collections": "old-villages,metro-stations",
        "filter": "name_zh = '河沙村'",
        "f": "svg",
    }
    text = client.get("/api/map", params=query).text
    assert "河沙村" in text
    assert "海南村" not in text


@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [
        ("width=0", 400, "width"),
        ("width=50000&height=50000", 400, "width"),
        ("scale=1", 400, "scale"),
        ("paper=B5", 400, "paper"),
        ("center=113.2,23.1", 400, "center"),
        ("center=NaN,23.1&scale=1000", 400, "center"),
        ("center=23.1,89.9&scale=1000", 400, "center"),
        ("center=113.2,23.1&scale=1000&bbox=113.2,23.1,113.3,23.2", 400, "center"),
        ("rotation=NaN", 400, "rotation"),
        ("rotation=1e9", 400, "rotation"),
        ("rotation=30&f=html", 400, "rotation"),
        ("bbox=0,0,1,1", 400, "bbox"),
        ("bbox=113.3,23,113.2,23.1", 400, "bbox"),
        ("title=" + "a" * 10_000, 400, "title"),
        ("colour=red", 400, "colour"),
        ("filter=nonsense ((", 400, "filter"),
        ("version=99", 404, "version"),
        ("version=0", 404, "version"),
        ("fit=district/none", 400, "fit"),
    ],
)
def test_bad_input_is_a_problem_in_both_languages(
    client: TestClient, query: str, status: int, parameter: str
) -> None:
    answer = client.get(f"/api/map?collections=district&base=false&{query}")
    body = answer.json()
    assert (answer.status_code, body["parameter"]) == (status, parameter)
    assert body["detail"] and body["detail_zh"]


@pytest.mark.parametrize(
    "path", ["/api/map?collections=nowhere", "/api/collections/nowhere/map"]
)
def test_an_unknown_layer_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_layer_without_features_asks_for_a_bbox(client: TestClient) -> None:
    answer = client.get("/api/map?collections=parcels")
    assert (answer.status_code, answer.json()["parameter"]) == (400, "collections")
    framed = client.get("/api/map?collections=parcels&bbox=113.2,23.08,113.25,23.12")
    assert framed.status_code == 200


def test_a_layer_s_dossiers_are_one_pdf(client: TestClient) -> None:
    answer = client.get("/api/collections/industrial-parks/dossiers")
    assert answer.headers["content-type"] == "application/pdf"
    assert read_record(answer.content).kind == "series"


def test_the_description_names_every_parameter(client: TestClient) -> None:
    paths = client.get("/api/openapi.json").json()["paths"]
    told = {entry.get("name") for entry in paths["/map"]["get"]["parameters"]}
    assert told == set(PARAMETERS)
    assert "image/png" in paths["/map"]["get"]["responses"]["200"]["content"]


def test_many_first_maps_of_a_version_prepare_it_once(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    real = rendering.layer_data

    def counted(layer: Layer, *rest: Any) -> LayerData:
        made.append(layer.id)
        return real(layer, *rest)

    monkeypatch.setattr(rendering, "layer_data", counted)
    with ThreadPoolExecutor(4) as pool:
        answers = pool.map(
            lambda n: client.get(f"{SMALL}&crs=EPSG:4526&title={n}"), range(4)
        )
        assert {answer.status_code for answer in answers} == {200}
    assert made == ["district"]


def test_the_sheets_of_an_extent_are_told_before_they_are_drawn(
    client: TestClient,
) -> None:
    asked = {"collections": "district", "paper": "A3", "scale": "20000"}
    answer = client.get("/api/map/sheets", params=asked)
    assert answer.status_code == 200
    told = answer.json()
    assert told["count"] == len(told["sheets"]) > 1
    assert [sheet["number"] for sheet in told["sheets"]] == list(
        range(1, told["count"] + 1)
    )
    schema = client.get("/api/openapi.json").json()["paths"]["/map/sheets"]["get"]
    described = schema["responses"]["200"]["content"]["application/json"]["schema"]
    assert set(described["required"]) == set(told)
    assert set(described["properties"]["sheets"]["items"]["required"]) == set(
        told["sheets"][0]
    )
    asked["scale"] = "100"
    refused = client.get("/api/map/sheets", params=asked)
    assert refused.status_code == 400
    assert "scale=" in refused.json()["detail"]


def test_a_centred_and_turned_map_is_told_as_its_one_sheet(client: TestClient) -> None:
    asked = {"collections": "district", "paper": "A4", "scale": "10000"}
    asked |= {"center": "113.23000000000001,23.08", "rotation": "30"}
    told = client.get("/api/map/sheets", params=asked).json()
    assert (told["count"], told["rotation"], told["scale"]) == (1, 30, 10000)
    assert told["center"] == pytest.approx([113.23, 23.08])
    assert 30.2 < told["north"] < 30.4
    ring = np.array([told["sheets"][0]["ring"]])
    (frame,) = project_xy(shapely.polygons(ring))
    size = told["frame"]["width"] * told["frame"]["height"] * 100  # 10 m a millimetre
    assert frame.area == pytest.approx(size, rel=1e-6)


def test_without_a_scale_the_fitting_one_is_told(client: TestClient) -> None:
    asked = {"collections": "district", "paper": "A4", "rotation": "-20"}
    told = client.get("/api/map/sheets", params=asked).json()
    assert told["count"] == 1 and told["scale"] % 1000 == 0
