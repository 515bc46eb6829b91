"""What every abstract test needs: the API's documents, fetched once."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from layers.catalogue import Catalogue

#: A polygon, a line and a point layer, one with unlocated features, one empty.
LAYERS = ["functional-groups", "metro-lines", "metro-stations", "parcels"]


@pytest.fixture(params=LAYERS)
def layer(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[layer.id for layer in Catalogue.load()])
def every_layer(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def landing(client: TestClient) -> dict[str, Any]:
    return client.get("/api").json()


@pytest.fixture(scope="module")
def conforms_to(client: TestClient) -> list[str]:
    return client.get("/api/conformance").json()["conformsTo"]


@pytest.fixture(scope="module")
def collections(client: TestClient) -> dict[str, dict[str, Any]]:
    answer = client.get("/api/collections").json()
    return {entry["id"]: entry for entry in answer["collections"]}


def links_of(body: dict[str, Any], rel: str) -> list[dict[str, str]]:
    return [link for link in body["links"] if link["rel"] == rel]


def items(client: TestClient, layer: str, **query: object) -> dict[str, Any]:
    """The answer for items of a layer, which must be a good one."""
    answer = client.get(f"/api/collections/{layer}/items", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()
