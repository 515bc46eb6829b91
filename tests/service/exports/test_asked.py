"""A file holds what the address asks for: so many, in that order, those columns."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

URL = "/api/collections/metro-stations/items"


def rows(client: TestClient, **query: object) -> list[dict[str, str]]:
    answer = client.get(URL, params={"f": "csv", **query})
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def ids(client: TestClient, **query: object) -> list[str]:
    body = client.get(URL, params=query).json()
    return [feature["id"] for feature in body["features"]]


def test_without_a_limit_all_features_come(client: TestClient) -> None:
    found = [row["id"] for row in rows(client)]
    assert sorted(found) == sorted(ids(client, limit=1000))


@pytest.mark.parametrize(
    "query",
    [{"limit": 3}, {"limit": 3, "offset": 5}, {"limit": 4, "sortby": "-name_en"},
     {"limit": 5, "bbox": "113.2,23.05,113.25,23.12", "sortby": "name_en"}],
)  # fmt: skip
def test_a_file_has_the_same_page_as_json(
    client: TestClient, query: dict[str, object]
) -> None:
    assert [row["id"] for row in rows(client, **query)] == ids(client, **query)


def test_a_file_is_sorted_whole(client: TestClient) -> None:
    found = [row["id"] for row in rows(client, sortby="-name_en")]
    assert found == ids(client, sortby="-name_en", limit=1000)


def test_geometries_can_be_left_out(client: TestClient) -> None:
    assert {row.get("wkt", "") for row in rows(client, skipGeometry="true")} == {""}


def test_a_count_is_no_file(client: TestClient) -> None:
    answer = client.get(URL, params={"f": "csv", "resulttype": "hits"})
    assert (answer.status_code, answer.json()["parameter"]) == (400, "resulttype")


@pytest.mark.parametrize("form", ["gpkg", "shp", "kml", "dxf", "xlsx"])
@pytest.mark.parametrize("query", [{"limit": 2}, {"skipGeometry": "true"}])
def test_every_format_can_be_asked_so(
    client: TestClient, form: str, query: dict[str, object]
) -> None:
    answer = client.get(URL, params={"f": form, **query})
    assert answer.status_code == 200, answer.text
