"""OGC API – Features Part 3 (19-079r2), annex A: queryables and filters."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

from tests.conformance.conftest import links_of

Body = dict[str, Any]
URL = "/api/collections/metro-stations/items"
PARTS_3 = "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/"
PLACE = "http://www.opengis.net/def/rel/ogc/1.0/queryables"


def matched(client: TestClient, **query: object) -> list[str]:
    answer = client.get(URL, params={"limit": 1000, **query})
    assert answer.status_code == 200, answer.text
    return [feature["id"] for feature in answer.json()["features"]]


def refused(client: TestClient, **query: object) -> Body:
    answer = client.get(URL, params=query)
    assert answer.status_code == 400, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    return answer.json()


def test_declares_its_classes(conforms_to: list[str]) -> None:
    names = ("queryables", "queryables-query-parameters", "filter", "features-filter")
    assert {PARTS_3 + name for name in names} <= set(conforms_to)


# -- queryables --------------------------------------------------------------------
def test_a_collection_links_to_its_queryables(
    client: TestClient, collections: dict[str, Body], every_layer: str
) -> None:
    link = links_of(collections[every_layer], PLACE)[0]
    answer = client.get(link["href"])
    assert answer.headers["content-type"] == link["type"] == "application/schema+json"


def test_queryables_are_a_schema_with_an_address(
    client: TestClient, every_layer: str
) -> None:
    body = client.get(f"/api/collections/{every_layer}/queryables").json()
    assert body["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert body["$id"].endswith(f"/collections/{every_layer}/queryables")
    assert body["type"] == "object" and body["additionalProperties"] is False


def test_every_queryable_can_be_used(client: TestClient, layer: str) -> None:
    names = client.get(f"/api/collections/{layer}/queryables").json()["properties"]
    for name in names:
        query = {"filter": f'"{name}" IS NULL'}
        answer = client.get(f"/api/collections/{layer}/items", params=query)
        assert answer.status_code == 200, answer.text


def test_a_queryable_is_a_parameter(client: TestClient) -> None:
    by_parameter = matched(client, evidence="digitised")
    assert by_parameter == matched(client, filter="evidence = 'digitised'")


def test_parameters_are_combined_with_and(client: TestClient) -> None:
    both = set(matched(client, evidence="digitised", status="existing"))
    assert both == set(matched(client, evidence="digitised")) & set(
        matched(client, status="existing")
    )


def test_every_queryable_is_a_parameter_but_the_geometry(
    client: TestClient, every_layer: str
) -> None:
    at = f"/api/collections/{every_layer}"
    for name, told in client.get(f"{at}/queryables").json()["properties"].items():
        if name == "geometry":
            continue
        value = "1" if told["type"] in ("number", "integer") else "2020-01-01"
        answer = client.get(f"{at}/items", params={name: value})
        assert answer.status_code == 200, answer.text


def test_a_number_parameter_must_be_a_number(client: TestClient) -> None:
    assert refused(client, accuracy_m="about ten")["parameter"] == "accuracy_m"


# -- filter ------------------------------------------------------------------------
def test_text_and_json_mean_the_same(client: TestClient) -> None:
    tree = {"op": "like", "args": [{"property": "name_en"}, "H%"]}
    by_json = matched(
        client, filter=orjson.dumps(tree).decode(), **{"filter-lang": "cql2-json"}
    )
    assert by_json == matched(
        client, filter="name_en LIKE 'H%'", **{"filter-lang": "cql2-text"}
    )


def test_filter_bbox_and_datetime_are_combined(client: TestClient) -> None:
    one = set(matched(client, filter="name_en LIKE 'H%'"))
    two = set(matched(client, bbox="113.2,23.05,113.245,23.12"))
    three = set(matched(client, datetime="2012-01-01"))
    all_three = matched(
        client,
        filter="name_en LIKE 'H%'",
        bbox="113.2,23.05,113.245,23.12",
        datetime="2012-01-01",
    )
    assert set(all_three) == one & two & three


@pytest.mark.parametrize("code", [4326, 4490, 4547, 4526, 3857])
def test_filter_crs_moves_geometries(client: TestClient, code: int) -> None:
    from pyproj import Transformer

    move = Transformer.from_crs(4490, code)
    ring = [(23.08, 113.2), (23.08, 113.245), (23.12, 113.245), (23.08, 113.2)]
    there = ", ".join("{:.9f} {:.9f}".format(*move.transform(*at)) for at in ring)
    here = ", ".join(f"{lon} {lat}" for lat, lon in ring)
    crs = f"http://www.opengis.net/def/crs/EPSG/0/{code}"
    found = matched(
        client,
        filter=f"S_INTERSECTS(geometry, POLYGON(({there})))",
        **{"filter-crs": crs},
    )
    assert found == matched(client, filter=f"S_INTERSECTS(geometry, POLYGON(({here})))")


# -- what is refused ---------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    ["", " ", "name_zh =", "= 'x'", "name_zh = 'x", "((((", "name_zh LIKE 5", "'x'",
     "1", "name_zh = 1", "accuracy_m = 'x'", "NOT", "AND", "name_zh IN ()",
     "accuracy_m BETWEEN 1", "S_INTERSECTS(geometry, 5)", "S_INTERSECTS(name_zh,"
     " POINT(1 2))", "S_INTERSECTS(geometry, POLYGON((0 0, 1 1)))",
     "T_AFTER(valid_from, DATE('never'))", "nofunction(name_zh) = 1", "{", "{}",
     '{"op":"and","args":[]}', '{"op":"=","args":[1]}', '{"op":null}', "[]", "null",
     "name_zh; DROP TABLE x", "name_zh = 'a' -- x"],
)  # fmt: skip
def test_what_is_not_cql2_is_refused(client: TestClient, text: str) -> None:
    assert refused(client, filter=text)["parameter"] == "filter"


def test_an_unknown_property_is_named(client: TestClient) -> None:
    problem = refused(client, filter="colour = 'red'")
    assert problem["property"] == "colour"
    assert "name_zh" in problem["detail"]


@pytest.mark.parametrize(
    "text",
    ["(" * 10_000 + "accuracy_m = 1" + ")" * 10_000, "NOT " * 5000 + "accuracy_m = 1",
     "[" * 10_000, '{"op":"not","args":[' * 300 + "true" + "]}" * 300],
)  # fmt: skip
def test_nesting_is_bounded(client: TestClient, text: str) -> None:
    assert refused(client, filter=text)["parameter"] == "filter"


def test_many_alternatives_are_no_nesting(client: TestClient) -> None:
    text = " OR ".join(f"accuracy_m = {n}" for n in range(700))
    assert client.get(URL, params={"filter": text}).status_code == 200


def test_an_unknown_language_is_refused(client: TestClient) -> None:
    problem = refused(client, filter="TRUE", **{"filter-lang": "sql"})
    assert problem["parameter"] == "filter-lang"


def test_an_unknown_language_is_refused_without_a_filter_too(
    client: TestClient,
) -> None:
    assert refused(client, **{"filter-lang": "AAA"})["parameter"] == "filter-lang"


def test_an_unknown_filter_crs_is_refused(client: TestClient) -> None:
    problem = refused(client, filter="TRUE", **{"filter-crs": "EPSG:1"})
    assert problem["parameter"] == "filter-crs"
