"""Filters of single layers on a map, over HTTP."""

from __future__ import annotations

import json

import pytest
from starlette.testclient import TestClient

ASKED = {"collections": "old-villages,metro-stations", "f": "svg"}


def test_a_layer_is_filtered_alone(client: TestClient) -> None:
    # Both layers have a name; a filter for all would leave no station.
    narrowed = {"old-villages": "name_zh = '河沙村'"}
    params = {**ASKED, "layer-filter": json.dumps(narrowed)}
    text = client.get("/api/map", params=params).text
    assert "河沙村" in text
    assert "海南村" not in text
    assert "芳村站" in text
    assert "筛选" in text


def test_a_filter_for_all_holds_besides(client: TestClient) -> None:
    narrowed = {"old-villages": "name_zh LIKE '%村'"}
    params = {**ASKED, "layer-filter": json.dumps(narrowed)}
    params["filter"] = "name_zh = '河沙村'"
    assert "海南村" not in client.get("/api/map", params=params).text


@pytest.mark.parametrize(
    "given",
    [
        "x",
        "[]",
        '{"old-villages": 1}',
        '{"parcels": "status = 1"}',
        '{"old-villages": "nothing = 1"}',
        '{"old-villages": "name_zh ="}',
        json.dumps({"old-villages": "x" * 9000}),
    ],
)
def test_what_is_no_filter_of_a_layer_drawn_is_refused(
    client: TestClient, given: str
) -> None:
    answer = client.get("/api/map", params={**ASKED, "layer-filter": given})
    assert answer.status_code == 400
    assert answer.json()["detail_zh"]
