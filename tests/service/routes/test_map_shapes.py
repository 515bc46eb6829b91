"""A drawn shape on a map, over HTTP."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.maps.provenance import read_record
from service.maps.sketch import MAX_SHAPE

RING = [[113.222, 23.085], [113.235, 23.083], [113.236, 23.1], [113.222, 23.085]]
SHAPE = {"type": "Polygon", "coordinates": [RING]}
ASKED = {"collections": "district", "width": "600", "height": "400", "f": "svg"}


def asked(shape: Any = SHAPE, **more: str) -> dict[str, str]:
    return {**ASKED, "shape": json.dumps(shape), **more}


def test_a_shape_is_named_and_measured_on_both_bases(client: TestClient) -> None:
    body = {"geometry": SHAPE, "layers": ["functional-groups"]}
    found = client.post("/api/statistics/overlap", json=body)
    told = found.json()["geometry"]
    text = client.get("/api/map", params=asked(**{"shape-name": "候选地块"})).text
    for key in ("area_ellipsoidal_m2", "area_plane_m2"):
        assert f"{told[key] / 10_000:,.4f}" in text
    assert "候选地块" in text
    assert f"{told['area_ellipsoidal_m2'] / 10_000:,.2f} 公顷" in text


def test_a_shape_is_asked_for_by_a_body_as_by_an_address(client: TestClient) -> None:
    text = json.dumps(SHAPE, separators=(",", ":"))
    by_address = client.get("/api/map", params={**ASKED, "shape": text})
    by_body = client.post("/api/map", json={**ASKED, "shape": SHAPE})
    assert by_body.content == by_address.content
    assert by_body.headers["repr-digest"] == by_address.headers["repr-digest"]


@pytest.mark.parametrize("f", ["png", "pdf", "html"])
def test_every_format_holds_the_shape_in_its_record(client: TestClient, f: str) -> None:
    content = client.post("/api/map", json={**ASKED, "f": f, "shape": SHAPE}).content
    assert json.loads(read_record(content).query["shape"]) == SHAPE


def test_a_record_holds_the_largest_shape(client: TestClient) -> None:
    ring = [[113.2 + n * 1e-5, 23.0801234567] for n in range(3000)]
    shape = {"type": "Polygon", "coordinates": [[*ring, [113.21, 23.09], ring[0]]]}
    answer = client.post("/api/map", json={**ASKED, "f": "pdf", "shape": shape})
    assert json.loads(read_record(answer.content).query["shape"]) == shape


@pytest.mark.parametrize("f", ["svg", "pdf"])
@pytest.mark.parametrize(
    "shape",
    [
        {"type": "LineString", "coordinates": RING[:3]},
        {"type": "Point", "coordinates": RING[0]},
        {"type": "MultiPolygon", "coordinates": [[RING]]},
    ],
)
def test_lines_points_and_several_parts_are_drawn(
    client: TestClient, shape: dict[str, Any], f: str
) -> None:
    assert client.get("/api/map", params=asked(shape, f=f)).status_code == 200


def test_a_shape_may_lie_outside_the_frame(client: TestClient) -> None:
    more = {"bbox": "113.2,23.1,113.21,23.11"}
    assert client.get("/api/map", params=asked(**more)).status_code == 200


BOW = [[113.2, 23.0], [113.3, 23.1], [113.3, 23.0], [113.2, 23.1], [113.2, 23.0]]


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("<svg>", 400, "GeoJSON"),
        ("[" * 90_000, 400, "GeoJSON"),
        ("null", 400, "GeoJSON"),
        ("x" * (MAX_SHAPE + 1), 413, "characters"),
        (json.dumps({"type": "Polygon", "coordinates": [BOW]}), 400, "not valid"),
        ('{"type":"Point","coordinates":[23.1,113.2]}', 400, "order"),
        ('{"type":"Point","coordinates":[416000,2554000]}', 400, "degrees"),
        ('{"type":"Point","coordinates":[116.4,39.9]}', 400, "far"),
        ('{"type":"Point","coordinates":[2.3,48.9]}', 400, ""),
        ('{"type":"Point","coordinates":[1e999,0]}', 400, ""),
    ],
)
def test_what_is_no_drawable_shape_is_refused(
    client: TestClient, text: str, status: int, said: str
) -> None:
    answer = client.post("/api/map", json={**ASKED, "shape": text})
    problem = answer.json()
    assert answer.status_code in {status, 422}
    assert said in problem["detail"]
    assert problem["detail_zh"]


@pytest.mark.parametrize(
    "body",
    [b"", b"[1]", b"{", b'{"collections":["district"]}', b'{"colections":"district"}'],
)
def test_a_body_that_is_no_request_for_a_map_is_refused(
    client: TestClient, body: bytes
) -> None:
    headers = {"content-type": "application/json"}
    assert client.post("/api/map", content=body, headers=headers).status_code == 400


def test_a_body_beyond_all_bounds_is_refused(client: TestClient) -> None:
    answer = client.post("/api/map", content=b" " * 300_000)
    assert answer.status_code == 413


def test_a_name_of_a_shape_cannot_become_markup(client: TestClient) -> None:
    text = client.get("/api/map", params=asked(**{"shape-name": "<script>"})).text
    assert "<script>" not in text


def test_a_name_needs_its_shape(client: TestClient) -> None:
    answer = client.get("/api/map", params={**ASKED, "shape-name": "甲"})
    assert answer.json()["parameter"] == "shape-name"


def test_the_place_of_a_map_about_a_shape_is_told(client: TestClient) -> None:
    text = json.dumps(SHAPE)
    asked_ = {"collections": "district", "paper": "A4", "shape": text}
    told = client.get("/api/map/sheets", params=asked_).json()
    assert told == client.post("/api/map/sheets", json=asked_).json()
    assert told["center"] == pytest.approx([113.229, 23.0915], abs=1e-3)
