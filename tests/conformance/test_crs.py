"""OGC API – Features Part 2 (18-058r1), annex A: coordinate reference systems."""

from __future__ import annotations

import re
from typing import Any

import pytest
import shapely
from pyproj import Transformer
from starlette.testclient import TestClient

Body = dict[str, Any]
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
CODES = [4326, 4490, 4547, 4526, 3857]
URL = "/api/collections/metro-stations/items"


def items(client: TestClient, **query: object) -> Body:
    answer = client.get(URL, params={"limit": 1000, **query})
    assert answer.status_code == 200, answer.text
    return answer.json()


# -- A.1 discovery (1 - 3) ---------------------------------------------------------
def test_1_every_collection_lists_its_crs(
    collections: dict[str, Body], every_layer: str
) -> None:
    listed = collections[every_layer]["crs"]
    assert CRS84 in listed
    assert {f"{EPSG}{code}" for code in CODES} <= set(listed)


def test_2_the_storage_crs_is_one_of_them(
    collections: dict[str, Body], every_layer: str
) -> None:
    assert collections[every_layer]["storageCrs"] in collections[every_layer]["crs"]


@pytest.mark.parametrize("uri", [CRS84, *(f"{EPSG}{code}" for code in CODES)])
def test_3_every_listed_crs_is_a_uri_of_the_register(
    collections: dict[str, Body], uri: str
) -> None:
    listed = collections["metro-stations"]["crs"]
    assert uri in listed and len(listed) == len(set(listed))
    name = r"http://www\.opengis\.net/def/crs/(OGC/1\.3/CRS84|EPSG/0/[0-9]+)"
    assert all(re.fullmatch(name, one) for one in listed)


# -- A.2.1 crs (4 - 7) -------------------------------------------------------------
@pytest.mark.parametrize("path", ["", "/{id}"])
def test_4_an_unknown_crs_is_refused(client: TestClient, path: str) -> None:
    id = items(client, limit=1)["features"][0]["id"]
    answer = client.get(URL + path.format(id=id), params={"crs": f"{EPSG}0815"})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "crs"


@pytest.mark.parametrize("code", CODES)
def test_5_coordinates_are_in_the_registered_order(
    client: TestClient, code: int
) -> None:
    move = Transformer.from_crs(4490, code)  # not always_xy: as the registry says
    plain, moved = items(client), items(client, crs=f"{EPSG}{code}")
    for before, after in zip(plain["features"], moved["features"], strict=True):
        if before["geometry"] is not None:
            lon, lat = before["geometry"]["coordinates"]
            expected = pytest.approx(move.transform(lat, lon), abs=2e-3)
            assert after["geometry"]["coordinates"] == expected


def test_5_the_planes_put_north_first(client: TestClient) -> None:
    north, east = items(client, crs=f"{EPSG}4547", limit=1)["features"][0]["geometry"][
        "coordinates"
    ]
    assert 2_400_000 < north < 2_700_000
    assert 400_000 < east < 600_000


@pytest.mark.parametrize("uri", [CRS84, *(f"{EPSG}{code}" for code in CODES)])
def test_7_content_crs_names_the_crs(client: TestClient, uri: str) -> None:
    listed = client.get(URL, params={"crs": uri, "limit": 1})
    id = listed.json()["features"][0]["id"]
    single = client.get(f"{URL}/{id}", params={"crs": uri})
    assert listed.headers["content-crs"] == single.headers["content-crs"] == f"<{uri}>"


@pytest.mark.parametrize("path", ["", "/{id}"])
def test_6_without_a_crs_coordinates_are_crs84(client: TestClient, path: str) -> None:
    id = items(client, limit=1)["features"][0]["id"]
    plain = client.get(URL + path.format(id=id))
    named = client.get(URL + path.format(id=id), params={"crs": CRS84})
    assert plain.headers["content-crs"] == named.headers["content-crs"]
    without = [f["geometry"] for f in plain.json().get("features", [plain.json()])]
    assert without == [
        f["geometry"] for f in named.json().get("features", [named.json()])
    ]


def test_7_content_crs_is_crs84_by_default(client: TestClient) -> None:
    assert client.get(URL).headers["content-crs"] == f"<{CRS84}>"


# -- A.2.2 bbox-crs (8 - 10) -------------------------------------------------------
def test_8_an_unknown_bbox_crs_is_refused(client: TestClient) -> None:
    query = {"bbox": "1,2,3,4", "bbox-crs": "EPSG:nowhere"}
    answer = client.get(URL, params=query)
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "bbox-crs"


def test_10_without_a_crs_a_box_is_crs84(client: TestClient) -> None:
    box = "113.2,23.08,113.245,23.125"
    plain = items(client, bbox=box)["features"]
    assert 0 < len(plain) < len(items(client)["features"])
    assert plain == items(client, bbox=box, **{"bbox-crs": CRS84})["features"]


@pytest.mark.parametrize("code", CODES)
def test_9_a_box_in_another_crs_selects_the_same(client: TestClient, code: int) -> None:
    west, south, east, north = 113.2, 23.08, 113.245, 23.125
    if code in (4326, 4490):
        box = (south, west, north, east)
    else:
        # The box's image: its corners, which the axes of the planes hardly turn.
        move = Transformer.from_crs(4490, code)
        box = (*move.transform(south, west), *move.transform(north, east))
    query = {"bbox": ",".join(map(str, box)), "bbox-crs": f"{EPSG}{code}"}
    found = {feature["id"] for feature in items(client, **query)["features"]}
    plain = items(client, bbox=f"{west},{south},{east},{north}")["features"]
    assert found == {feature["id"] for feature in plain}


def test_10_polygons_keep_their_shape(client: TestClient) -> None:
    url = "/api/collections/functional-groups/items"
    query = {"limit": 100, "crs": f"{EPSG}4547"}
    plain = client.get(url, params={"limit": 100}).json()["features"]
    moved = client.get(url, params=query).json()["features"]
    for before, after in zip(plain, moved, strict=True):
        if before["geometry"] is None:
            continue
        area = shapely.area(shapely.geometry.shape(after["geometry"]))
        stated = before["properties"]["area_plane_m2"]
        assert area == pytest.approx(stated, rel=1e-6)
