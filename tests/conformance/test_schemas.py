"""OGC API – Features Part 5 (23-058r1), schemas, and Part 8, sorting: what is declared
of queryables, sortables, roles and order holds for every layer and every feature."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.conformance.conftest import links_of

Body = dict[str, Any]
SPEC = "http://www.opengis.net/spec/ogcapi-features-"
REL = "http://www.opengis.net/def/rel/ogc/1.0/"
TYPES = {"string": str, "number": (int, float), "integer": int, "boolean": bool}


def read(client: TestClient, layer: str, name: str) -> Body:
    answer = client.get(f"/api/collections/{layer}/{name}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/schema+json"
    return answer.json()


def items(client: TestClient, layer: str, **query: object) -> list[Body]:
    url = f"/api/collections/{layer}/items"
    answer = client.get(url, params={"limit": 1000, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()["features"]


@pytest.mark.parametrize(
    "name",
    ["5/1.0/conf/schemas", "5/1.0/conf/core-roles-features", "5/1.0/conf/queryables",
     "5/1.0/conf/sortables", "8/1.0/conf/sorting", "8/1.0/conf/features-sorting"],
)  # fmt: skip
def test_declares_its_classes(conforms_to: list[str], name: str) -> None:
    assert SPEC + name in conforms_to


@pytest.mark.parametrize("name", ["schema", "queryables", "sortables"])
def test_a_collection_links_to_its_schemas(
    client: TestClient, collections: dict[str, Body], every_layer: str, name: str
) -> None:
    (link,) = links_of(collections[every_layer], REL + name)
    body = client.get(link["href"]).json()
    assert body["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (body["$id"], body["type"]) == (link["href"], "object")


def test_one_property_has_each_role(client: TestClient, every_layer: str) -> None:
    properties = read(client, every_layer, "schema")["properties"]
    roles = [one["x-ogc-role"] for one in properties.values() if "x-ogc-role" in one]
    assert len(roles) == len(set(roles))
    assert {"id", "primary-geometry"} <= set(roles)
    places = [one["x-ogc-propertySeq"] for one in properties.values()]
    assert places == sorted(set(places))


def test_a_geometry_is_described_by_its_format(
    client: TestClient, every_layer: str
) -> None:
    geometry = read(client, every_layer, "schema")["properties"]["geometry"]
    assert geometry["format"].startswith("geometry-")
    assert "type" not in geometry
    kinds = {f["geometry"]["type"].lower() for f in items(client, every_layer)
             if f["geometry"]}  # fmt: skip
    assert geometry["format"] == "geometry-any" or all(
        kind in geometry["format"] for kind in kinds
    )


def test_features_are_what_the_schema_says(
    client: TestClient, every_layer: str
) -> None:
    document = read(client, every_layer, "schema")
    described = document["properties"]
    for feature in items(client, every_layer):
        values = feature["properties"]
        assert values.keys() <= described.keys()
        assert all(values.get(name) is not None for name in document["required"])
        for name, value in values.items():
            kind = described[name].get("type")
            assert value is None or kind is None or isinstance(value, TYPES[kind])
            assert value is None or value in described[name].get("enum", [value])


def test_only_sortables_can_be_sorted_by(client: TestClient, every_layer: str) -> None:
    names = read(client, every_layer, "sortables")["properties"]
    for name in names:
        items(client, every_layer, sortby=f"-{name}", limit=1)
    url = f"/api/collections/{every_layer}/items"
    for name in ("geometry", "nothing", "", "+-id"):
        answer = client.get(url, params={"sortby": name})
        assert (answer.status_code, answer.json()["parameter"]) == (400, "sortby")


@pytest.mark.parametrize("name", ["accuracy_m", "name_en", "valid_from", "id"])
@pytest.mark.parametrize("sign", ["", "+", "-"])
def test_features_come_in_the_order_asked_for(
    client: TestClient, name: str, sign: str
) -> None:
    found = items(client, "metro-stations", sortby=f"{sign}{name}")
    values = [f["id"] if name == "id" else f["properties"][name] for f in found]
    known = [value for value in values if value is not None]
    assert known == sorted(known, reverse=sign == "-")
    assert values[len(known) :] == [None] * (len(values) - len(known))


def test_a_second_key_orders_what_the_first_leaves_equal(client: TestClient) -> None:
    found = items(client, "old-villages", sortby="evidence,-name_en")
    pairs = [(f["properties"]["evidence"], f["properties"]["name_en"]) for f in found]
    by_name = sorted(pairs, key=lambda pair: pair[1], reverse=True)
    assert pairs == sorted(by_name, key=lambda pair: pair[0])


@pytest.mark.parametrize("sortby", ["name_en", "-accuracy_m", "valid_from,id"])
def test_pages_keep_the_order(client: TestClient, sortby: str) -> None:
    whole = [f["id"] for f in items(client, "metro-stations", sortby=sortby)]
    paged: list[str] = []
    url = f"/api/collections/metro-stations/items?limit=4&sortby={sortby}"
    while url:
        body = client.get(url).json()
        paged += [feature["id"] for feature in body["features"]]
        following = links_of(body, "next")
        url = following[0]["href"] if following else ""
    assert paged == whole
