"""OWSLib's OGC API – Features client."""

from __future__ import annotations

import pytest
from owslib.ogcapi.features import Features

from layers.catalogue import Catalogue

LAYERS = [layer.id for layer in Catalogue.load()]


@pytest.fixture(scope="module")
def features(live_url: str) -> Features:
    return Features(f"{live_url}/api")


def test_finds_every_layer(features: Features) -> None:
    assert features.feature_collections() == LAYERS


@pytest.mark.parametrize("layer", LAYERS)
def test_reads_items_of(features: Features, layer: str) -> None:
    answer = features.collection_items(layer, limit=100)
    assert answer["numberReturned"] == len(answer["features"])


def test_reads_one_item(features: Features) -> None:
    first = features.collection_items("old-villages", limit=1)["features"][0]
    assert features.collection_item("old-villages", first["id"])["id"] == first["id"]


def test_reads_queryables(features: Features) -> None:
    found = features.collection_queryables("metro-stations")["properties"]
    assert {"name_zh", "geometry"} <= found.keys()


def test_filters_with_cql2_text(features: Features) -> None:
    answer = features.collection_items(
        "metro-stations", filter="name_en LIKE 'H%'", limit=100
    )
    assert all(f["properties"]["name_en"][0] == "H" for f in answer["features"])


def test_finds_the_api_document(features: Features) -> None:
    assert features.api()["openapi"].startswith("3.0")


def test_finds_the_conformance_classes(features: Features) -> None:
    assert any("conf/crs" in one for one in features.conformance()["conformsTo"])
