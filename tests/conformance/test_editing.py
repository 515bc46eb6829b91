"""OGC API – Features Part 4 (20-002): create, replace, update, delete. Here every
write is accepted (202) into a changeset, and published after review."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from starlette.testclient import TestClient

Body = dict[str, Any]
Headers = dict[str, dict[str, str]]
URL = "/api/collections/parcels/items"
GEOJSON = {"content-type": "application/geo+json"}
SQUARE = [[113.23, 23.08], [113.231, 23.08], [113.231, 23.081], [113.23, 23.081]]


def parcel(id: str | None = None, **properties: object) -> Body:
    ring = [*SQUARE, SQUARE[0]]
    return {
        "type": "Feature",
        "id": id,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"name_zh": "试点地块", **properties},
    }


def post(client: TestClient, headers: dict[str, str], body: object, **more: str) -> Any:
    content = body if isinstance(body, bytes) else orjson.dumps(body)
    return client.post(URL, content=content, headers={**GEOJSON, **headers, **more})


def publish(client: TestClient, as_role: Headers, changeset: Body) -> None:
    url = f"/api/changesets/{changeset['id']}/approve"
    answer = client.post(url, headers=as_role["reviewer"])
    assert answer.status_code == 200, answer.text


@pytest.fixture
def published(client: TestClient, as_role: Headers, request: Any) -> str:
    """A parcel of this test's own, published."""
    id = f"p-{request.node.name[:60]}"
    answer = post(client, as_role["editor"], parcel(id))
    assert answer.status_code == 202, answer.text
    publish(client, as_role, answer.json())
    return f"{URL}/{id}"


def test_a_new_feature_waits_for_review(client: TestClient, as_role: Headers) -> None:
    answer = post(client, as_role["editor"], parcel("waits"))
    assert answer.status_code == 202
    assert answer.json()["status"] == "submitted"
    assert answer.headers["location"] == f"/api/changesets/{answer.json()['id']}"
    assert client.get(f"{URL}/waits").status_code == 404


def test_an_approved_feature_is_there(client: TestClient, published: str) -> None:
    body = client.get(published).json()
    assert body["properties"]["name_zh"] == "试点地块"
    assert body["properties"]["area_m2"] == pytest.approx(11_350, rel=0.01)


def test_a_feature_without_id_gets_one(client: TestClient, as_role: Headers) -> None:
    answer = post(client, as_role["editor"], parcel())
    diff = client.get(
        f"/api/changesets/{answer.json()['id']}/diff", headers=as_role["editor"]
    )
    assert diff.json()["features"]["features"][0]["id"].startswith("parcels-")


def test_coordinates_may_be_in_another_crs(
    client: TestClient, as_role: Headers, published: str
) -> None:
    moved = client.get(published, params={"crs": "EPSG:4547"})
    body = {**moved.json(), "id": "from-the-plane"}
    crs = moved.headers["content-crs"]
    answer = post(client, as_role["editor"], body, **{"content-crs": crs})
    publish(client, as_role, answer.json())
    there = client.get(f"{URL}/from-the-plane").json()["geometry"]
    here = client.get(published).json()["geometry"]
    assert there["coordinates"][0][0] == pytest.approx(
        here["coordinates"][0][0], abs=2e-8
    )


def test_an_existing_id_is_a_conflict(
    client: TestClient, as_role: Headers, published: str
) -> None:
    body = parcel(published.rpartition("/")[2])
    assert post(client, as_role["editor"], body).status_code == 409


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_a_write_needs_if_match(
    client: TestClient, as_role: Headers, published: str, method: str
) -> None:
    headers = {**GEOJSON, **as_role["editor"]}
    answer = client.request(
        method, published, content=orjson.dumps(parcel()), headers=headers
    )
    assert answer.status_code == 428


def test_a_stale_if_match_is_refused(
    client: TestClient, as_role: Headers, published: str
) -> None:
    headers = {**GEOJSON, **as_role["editor"], "if-match": '"0123456789abcdef.1.0"'}
    answer = client.put(published, content=orjson.dumps(parcel()), headers=headers)
    assert answer.status_code == 412


def test_replace_update_and_delete(
    client: TestClient, as_role: Headers, published: str
) -> None:
    steps = [
        ("PUT", parcel(status="existing"), {"status": "existing"}),
        ("PATCH", {"properties": {"name_en": "Pilot"}}, {"name_en": "Pilot"}),
        ("DELETE", None, None),
    ]
    for method, body, expected in steps:
        etag = client.get(published).headers["etag"]
        answer = client.request(
            method,
            published,
            content=orjson.dumps(body),
            headers={**GEOJSON, **as_role["editor"], "if-match": etag},
        )
        assert answer.status_code == 202, answer.text
        publish(client, as_role, answer.json())
        after = client.get(published)
        if expected is None:
            assert after.status_code == 404
        else:
            assert expected.items() <= after.json()["properties"].items()


def test_if_match_outlives_other_features_changes(
    client: TestClient, as_role: Headers, published: str
) -> None:
    etag = client.get(published).headers["etag"]
    other = post(client, as_role["editor"], parcel("another one"))
    publish(client, as_role, other.json())
    answer = client.delete(published, headers={**as_role["editor"], "if-match": etag})
    assert answer.status_code == 202


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        ({"type": "Point"}, 422),
        ({"type": "FeatureCollection", "features": []}, 422),
        (parcel("x") | {"geometry": {"type": "Point", "coordinates": [113, 23]}}, 422),
        (parcel("x") | {"geometry": {"type": "Nothing"}}, 422),
        (parcel("x", area_declared_m2="large"), 422),
        (parcel("x", valid_from="soon"), 422),
        (parcel("x") | {"properties": 5}, 422),
        (parcel("\u0007"), 422),
        ([], 422),
        (None, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused(
    client: TestClient, as_role: Headers, body: object, status: int
) -> None:
    answer = post(client, as_role["editor"], body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("member", ["geometry", "properties"])
def test_a_feature_without_its_members_is_refused(
    client: TestClient, as_role: Headers, member: str
) -> None:
    body = {name: value for name, value in parcel("bare").items() if name != member}
    answer = post(client, as_role["editor"], body)
    assert answer.status_code == 422
    assert answer.json()["parameter"] == member


def test_what_is_doubtful_goes_to_the_reviewer(
    client: TestClient, as_role: Headers
) -> None:
    nowhere = {**parcel("nowhere"), "geometry": None}
    changeset = post(client, as_role["editor"], nowhere).json()
    assert changeset["summary"]["warnings"] == 1
    assert [one["code"] for one in changeset["problems"]] == ["null_geometry"]


@pytest.mark.parametrize("crs", ["", "EPSG:4547", "EPSG:3857"])
def test_gigantic_coordinates_are_refused(
    client: TestClient, as_role: Headers, crs: str
) -> None:
    giant = parcel("giant")
    giant["geometry"]["coordinates"] = [[[1e300, 0], [1e300, 1], [1, 1], [1e300, 0]]]
    more = {"content-crs": crs} if crs else {}
    answer = post(client, as_role["editor"], giant, **more)
    assert answer.status_code in (400, 422)
    assert "1e+300" in answer.text


def test_a_crossed_ring_is_reported_with_its_place(
    client: TestClient, as_role: Headers
) -> None:
    crossed = parcel("crossed")
    first, second, third, fourth = SQUARE
    ring = [first, third, second, fourth, first]
    crossed["geometry"]["coordinates"] = [ring]
    problem = post(client, as_role["editor"], crossed).json()["problems"][0]
    assert problem["code"] == "invalid_geometry"
    assert problem["place"] is not None


def test_other_media_types_are_refused(client: TestClient, as_role: Headers) -> None:
    headers = {**as_role["editor"], "content-type": "text/plain"}
    assert client.post(URL, content=b"x", headers=headers).status_code == 415


@pytest.mark.parametrize(("role", "status"), [(None, 401), ("viewer", 403)])
def test_only_editors_write(
    client: TestClient, as_role: Headers, role: str | None, status: int
) -> None:
    headers = as_role[role] if role else {}
    assert post(client, headers, parcel("mine")).status_code == status


def test_declares_its_classes(client: TestClient) -> None:
    part = "http://www.opengis.net/spec/ogcapi-features-4/1.0/conf/"
    names = ("create-replace-delete", "update", "features", "optimistic-locking-etags")
    declared = client.get("/api/conformance").json()["conformsTo"]
    assert {part + name for name in names} <= set(declared)


def test_options_lists_the_methods(client: TestClient) -> None:
    allowed = client.options(f"{URL}/any").headers["allow"]
    assert {"GET", "PUT", "PATCH", "DELETE"} <= set(allowed.split(", "))
