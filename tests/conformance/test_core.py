"""OGC API – Features Part 1 (17-069r4), annex A: the abstract tests of Core.

Each test names the abstract test it re-implements (A.2.x, tests 2 to 12)."""

from __future__ import annotations

from typing import Any

import pytest
import shapely
from starlette.testclient import TestClient

from tests.conformance.conftest import items, links_of

Body = dict[str, Any]
_SPEC = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf"


# -- A.2.1 http, A.2.2 landing page (3, 4) -----------------------------------------
def test_1_http_1_1_is_spoken(client: TestClient) -> None:
    assert client.get("/api").http_version == "HTTP/1.1"


def test_2_geometries_are_in_crs84_unless_asked(
    client: TestClient, collections: dict[str, Body], every_layer: str
) -> None:
    west, south, east, north = collections[every_layer]["extent"]["spatial"]["bbox"][0]
    whole = shapely.box(west, south, east, north)
    for feature in items(client, every_layer, limit=1000)["features"]:
        if feature["geometry"] is not None:
            assert shapely.covers(whole, shapely.geometry.shape(feature["geometry"]))


def test_3_landing_page_answers(client: TestClient) -> None:
    answer = client.get("/api", headers={"accept": "application/json"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("rel", ["service-desc", "service-doc", "conformance", "data"])
def test_4_landing_page_links(landing: Body, rel: str) -> None:
    assert links_of(landing, rel)


# -- A.2.3 API definition (5, 6) ---------------------------------------------------
def test_a_link_of_the_landing_page_that_is_no_template_answers(
    client: TestClient, landing: Body
) -> None:
    hrefs = {one["href"] for one in landing["links"] if not one.get("templated")}
    assert all(client.get(href).status_code == 200 for href in hrefs)
    search = next(one for one in landing["links"] if one["rel"] == "search")
    assert search["templated"] and search["href"].endswith("/api/search?q={q}")


def test_5_api_definition_answers(client: TestClient, landing: Body) -> None:
    for link in links_of(landing, "service-desc") + links_of(landing, "service-doc"):
        answer = client.get(link["href"])
        assert answer.status_code == 200
        kind = link["type"].partition(";")[0]
        assert answer.headers["content-type"].startswith(kind)


def test_6_api_definition_describes_every_documented_path(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert {"/", "/conformance", "/collections", "/collections/{layer}",
            "/collections/{layer}/items", "/collections/{layer}/items/{id}",
            } <= document["paths"].keys()  # fmt: skip


def test_6_api_definition_has_no_remote_references(client: TestClient) -> None:
    text = client.get("/api/openapi.json").text
    assert '"$ref":"' in text
    assert '"$ref":"http' not in text


# -- A.2.4 conformance (7, 8) ------------------------------------------------------
def test_7_conformance_answers(client: TestClient, landing: Body) -> None:
    for link in links_of(landing, "conformance"):
        assert client.get(link["href"]).status_code == 200


def test_8_conformance_declares_core(conforms_to: list[str]) -> None:
    assert {f"{_SPEC}/{name}" for name in ("core", "geojson", "html", "oas30")} <= set(
        conforms_to
    )


# -- A.2.5 and A.2.6 collections (9 - 12) ------------------------------------------
def test_9_collections_answer(client: TestClient, landing: Body) -> None:
    for link in links_of(landing, "data"):
        answer = client.get(link["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"


def test_10_crs84_is_the_first_crs(client: TestClient) -> None:
    body = client.get("/api/collections").json()
    for listed in (body["crs"], *(one["crs"] for one in body["collections"])):
        assert listed[0] == "http://www.opengis.net/def/crs/OGC/1.3/CRS84"


def test_10_every_link_of_a_collection_has_a_type(
    collections: dict[str, Body], every_layer: str
) -> None:
    links = collections[every_layer]["links"]
    assert all(link["rel"] and link["type"] for link in links)


def test_10_collections_link_to_themselves(client: TestClient) -> None:
    body = client.get("/api/collections").json()
    assert links_of(body, "self") and links_of(body, "alternate")
    assert all(link["rel"] and link["type"] for link in body["links"])


def test_10_every_collection_links_to_its_items(
    collections: dict[str, Body], every_layer: str
) -> None:
    links = links_of(collections[every_layer], "items")
    assert {link["type"] for link in links} == {"application/geo+json", "text/html"}


def test_10_extents_are_boxes_in_crs84(
    collections: dict[str, Body], every_layer: str
) -> None:
    spatial = collections[every_layer]["extent"]["spatial"]
    west, south, east, north = spatial["bbox"][0]
    assert -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    assert spatial["crs"].endswith("CRS84")


def test_11_a_collection_answers(client: TestClient, every_layer: str) -> None:
    assert client.get(f"/api/collections/{every_layer}").status_code == 200


def test_12_a_collection_says_the_same_as_the_list(
    client: TestClient, collections: dict[str, Body], every_layer: str
) -> None:
    assert (
        client.get(f"/api/collections/{every_layer}").json()
        == (collections[every_layer])
    )


# -- HTML (A.3) --------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    ["", "/conformance", "/collections", "/collections/old-villages",
     "/collections/old-villages/items"],
)  # fmt: skip
def test_html_is_served_where_it_is_preferred(client: TestClient, path: str) -> None:
    answer = client.get(f"/api{path}", headers={"accept": "text/html,*/*;q=0.1"})
    assert answer.headers["content-type"].startswith("text/html")
    assert "<h1>" in answer.text


def test_html_of_a_feature_shows_its_properties(client: TestClient) -> None:
    feature = items(client, "old-villages", limit=1)["features"][0]
    url = f"/api/collections/old-villages/items/{feature['id']}"
    page = client.get(url, params={"f": "html"}).text
    assert feature["properties"]["name_zh"] in page
