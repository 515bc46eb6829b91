"""OGC API – Features Part 1 (17-069r4), annex A: the abstract tests of Core on
features.

Each test names the abstract test it re-implements (A.2.x, tests 13 to 29)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
import shapely
from starlette.testclient import TestClient

from tests.conformance.conftest import items, links_of

Body = dict[str, Any]
BOX = "113.20,23.05,113.25,23.12"


# -- A.2.7 features (13 - 22) ------------------------------------------------------
def test_13_items_answer_with_geojson(client: TestClient, every_layer: str) -> None:
    answer = client.get(f"/api/collections/{every_layer}/items")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/geo+json"
    assert answer.json()["type"] == "FeatureCollection"


def described(client: TestClient, name: str) -> Body:
    """A parameter of ``items`` as the OpenAPI 3.0 document describes it."""
    document = client.get("/api/openapi-3.0.json").json()
    known = document["components"]["parameters"]
    assert {"$ref": f"#/components/parameters/{name}"} in (
        document["paths"]["/collections/{layer}/items"]["get"]["parameters"]
    )
    return known[name]


@pytest.mark.parametrize("name", ["bbox", "limit", "datetime"])
def test_14_16_18_parameters_are_defined_as_the_standard_has_them(
    client: TestClient, name: str
) -> None:
    found = described(client, name)
    assert (found["in"], found["style"], found["explode"]) == ("query", "form", False)
    assert not found.get("required")
    schema = found["schema"]
    kinds = {"bbox": "array", "limit": "integer", "datetime": "string"}
    assert schema["type"] == kinds[name]
    if name == "bbox":
        assert schema["items"] == {"type": "number"}
        sizes = {(one["minItems"], one["maxItems"]) for one in schema["oneOf"]}
        assert sizes == {(4, 4), (6, 6)}
    if name == "limit":
        assert 0 <= schema["minimum"] <= schema["default"] <= schema["maximum"]


def box_meets(geometry: Any, box: str) -> bool:
    if geometry is None:
        return True  # a box matches what has no place at all, too
    west, south, east, north = map(float, box.split(","))
    return shapely.intersects(
        shapely.geometry.shape(geometry), shapely.box(west, south, east, north)
    )


def test_15_bbox_selects_exactly_what_meets_it(
    client: TestClient, every_layer: str
) -> None:
    everything = items(client, every_layer, limit=1000)["features"]
    expected = {f["id"] for f in everything if box_meets(f["geometry"], BOX)}
    found = {
        f["id"] for f in items(client, every_layer, bbox=BOX, limit=1000)["features"]
    }
    assert found == expected


@pytest.mark.parametrize(
    "box",
    ["-1.5,50,1.5,53", "-80,-5,-70,5", "-180,85,180,90", "-180,-90,180,-85"],
    ids=["meridian", "equator", "north pole", "south pole"],
)  # fmt: skip
def test_15_boxes_elsewhere_hold_nothing_located(client: TestClient, box: str) -> None:
    found = items(client, "industrial-parks", bbox=box, limit=100)["features"]
    assert len(found) > 0
    assert all(feature["geometry"] is None for feature in found)
    assert items(client, "old-villages", bbox=box)["features"] == []


def test_15_a_line_or_point_is_a_box_where_features_have_no_place(
    client: TestClient,
) -> None:
    located = items(client, "old-factories", limit=100)["features"]
    at = next(f["geometry"] for f in located if f["geometry"])
    x, y = shapely.geometry.shape(at).representative_point().coords[0]
    found = items(client, "old-factories", bbox=f"{x},{y},{x},{y}", limit=100)
    met = {f["id"] for f in found["features"] if f["geometry"]}
    assert met == {
        f["id"]
        for f in located
        if f["geometry"]
        and shapely.intersects_xy(shapely.geometry.shape(f["geometry"]), x, y)
    }


def test_15_bbox_with_heights_ignores_them(client: TestClient, layer: str) -> None:
    tall = "113.20,23.05,-50,113.25,23.12,500"
    flat = items(client, layer, bbox=BOX, limit=1000)["features"]
    assert items(client, layer, bbox=tall, limit=1000)["features"] == flat


@pytest.mark.parametrize(
    "box",
    ["", "1,2,3", "1,2,3,4,5", "a,b,c,d", "nan,nan,nan,nan", "1,2,3,inf",
     "113.3,23,113.2,24", "113,24,114,23", "-200,0,0,10", "0,-100,10,10"],
)  # fmt: skip
def test_20_a_box_that_is_none_is_refused(client: TestClient, box: str) -> None:
    answer = client.get("/api/collections/district/items", params={"bbox": box})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "bbox"


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_17_limit_is_kept(client: TestClient, layer: str, limit: int) -> None:
    assert len(items(client, layer, limit=limit)["features"]) <= limit


@pytest.mark.parametrize("limit", ["0", "-1", "1000000000", "ten", "1.0", "NaN"])
def test_20_a_limit_out_of_range_is_refused(client: TestClient, limit: str) -> None:
    answer = client.get("/api/collections/district/items", params={"limit": limit})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "limit"


@pytest.mark.parametrize(
    "when",
    ["2024-06-30", "2024-06-30T00:00:00Z", "2010-01-01/2024-01-01", "../2012-12-31",
     "2030-01-01/..", "../.."],
)  # fmt: skip
def test_19_datetime_keeps_what_is_valid_then(client: TestClient, when: str) -> None:
    start, _, end = when.partition("/")
    end = end or start
    chosen = items(client, "metro-stations", datetime=when, limit=1000)["features"]
    expected = {
        feature["id"]
        for feature in items(client, "metro-stations", limit=1000)["features"]
        if holds(feature["properties"], start[:10], end[:10])
    }
    assert {feature["id"] for feature in chosen} == expected


def holds(properties: Body, start: str, end: str) -> bool:
    first, last = properties["valid_from"], properties["valid_to"]
    begins = end == ".." or first is None or first <= end
    ends = start == ".." or last is None or last >= start
    return begins and ends


@pytest.mark.parametrize(
    "when", ["yesterday", "2024-13-01", "2024-01-02/2024-01-01", "a/b", "2024", "1/2/3"]
)
def test_20_a_datetime_that_is_none_is_refused(client: TestClient, when: str) -> None:
    answer = client.get("/api/collections/district/items", params={"datetime": when})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "datetime"


def test_21_an_unknown_parameter_is_refused(client: TestClient) -> None:
    answer = client.get("/api/collections/district/items?unknownQueryParameter=1")
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "unknownQueryParameter"


def test_22_a_feature_collection_has_its_members(
    client: TestClient, every_layer: str
) -> None:
    body = items(client, every_layer)
    assert body["type"] == "FeatureCollection"
    assert isinstance(body["features"], list)
    for feature in body["features"]:
        assert {"type", "id", "geometry", "properties"} <= feature.keys()


def test_23_every_link_of_a_page_has_a_type(client: TestClient, layer: str) -> None:
    links = items(client, layer, limit=2, offset=2)["links"]
    assert all(link["rel"] and link["type"] for link in links)


def test_23_links_point_to_this_and_the_next_page(
    client: TestClient, layer: str
) -> None:
    body = items(client, layer, limit=2)
    assert links_of(body, "self") and links_of(body, "alternate")
    more = body["numberMatched"] > 2
    assert bool(links_of(body, "next")) == more


def test_23_next_links_visit_every_feature_once(client: TestClient, layer: str) -> None:
    seen: list[str] = []
    url = f"/api/collections/{layer}/items?limit=5"
    while url:
        body = client.get(url).json()
        seen += [feature["id"] for feature in body["features"]]
        following = links_of(body, "next")
        url = following[0]["href"] if following else ""
    assert len(seen) == len(set(seen)) == body["numberMatched"]


def test_23_a_page_link_pins_its_version(client: TestClient) -> None:
    body = items(client, "metro-stations", limit=2)
    query = urlsplit(links_of(body, "next")[0]["href"]).query
    assert f"version={body['version']}" in query.split("&")


def test_24_time_stamp_is_a_moment(client: TestClient, layer: str) -> None:
    stamp = items(client, layer)["timeStamp"]
    assert datetime.fromisoformat(stamp).tzinfo is not None


def test_25_number_matched_counts_without_limit(client: TestClient, layer: str) -> None:
    everything = items(client, layer, limit=1000)
    assert items(client, layer, limit=1)["numberMatched"] == len(everything["features"])


def test_26_number_returned_counts_the_features(client: TestClient, layer: str) -> None:
    body = items(client, layer, limit=4)
    assert body["numberReturned"] == len(body["features"])


# -- A.2.8 feature (27 - 29) -------------------------------------------------------
def test_27_a_feature_answers_by_its_id(client: TestClient) -> None:
    for feature in items(client, "old-villages", limit=100)["features"]:
        answer = client.get(f"/api/collections/old-villages/items/{feature['id']}")
        assert answer.headers["content-type"] == "application/geo+json"
        body = answer.json()
        assert {k: body[k] for k in feature} == feature


def test_29_a_feature_links_to_itself_and_its_collection(client: TestClient) -> None:
    id = items(client, "old-villages", limit=1)["features"][0]["id"]
    body = client.get(f"/api/collections/old-villages/items/{id}").json()
    assert all(links_of(body, rel) for rel in ("self", "alternate", "collection"))
    assert all(link["rel"] and link["type"] for link in body["links"])


def test_28_a_feature_is_a_geojson_feature(client: TestClient, layer: str) -> None:
    for listed in items(client, layer, limit=5)["features"]:
        url = f"/api/collections/{layer}/items/{listed['id']}"
        body = client.get(url).json()
        assert body["type"] == "Feature"
        assert body["id"] == listed["id"]
        assert body["geometry"] is None or body["geometry"]["type"]
        assert isinstance(body["properties"], dict)


@pytest.mark.parametrize(
    "path",
    ["/api/collections/nothing", "/api/collections/nothing/items",
     "/api/collections/district/items/none", "/api/collections/district/items/a/b/c",
     "/api/collections/district/items/荔湾", "/api/collections/%2e%2e/items",
     "/api/collections/district/items/%00", "/api/collections/district/items/'--"],
)  # fmt: skip
def test_what_does_not_exist_is_a_404(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
