"""Reading features: versions, history, projections, sorting, downloads."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import pytest
import shapely
from starlette.testclient import TestClient

from geo.frame import Frame
from service.atlas import Atlas
from service.stores.base import Changes, Publication
from service.stores.collation import pinyin_order

Body = dict[str, Any]
URL = "/api/collections/parcels/items"


def texts(*values: str | None) -> Any:
    return np.array(values, dtype=object)


def publish(atlas: Atlas, *names: str, removes: tuple[str, ...] = ()) -> int:
    """The next version of the parcels: one square for each name."""
    ids = texts(*(name.split()[0] for name in names))
    squares = [
        shapely.box(113.2 + n / 100, 23.1, 113.205 + n / 100, 23.105)
        for n, _ in enumerate(names)
    ]
    frame = Frame(ids, np.array(squares, dtype=object), {"name_zh": texts(*names)})
    base = atlas.store.current_version("parcels")
    changes = Changes(frame, texts(*removes))
    return atlas.store.publish(changes, Publication("parcels", base, "Chen")).number


@pytest.fixture(scope="module")
def versions(atlas: Atlas) -> list[int]:
    """Three versions: a and b; a changed; b removed."""
    first = publish(atlas, "a first", "b first", "荔/湾 first")
    second = publish(atlas, "a second")
    third = publish(atlas, "c third", removes=("b",))
    return [first, second, third]


def items(client: TestClient, **query: object) -> Body:
    answer = client.get(URL, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def names(body: Body) -> set[str]:
    return {feature["properties"]["name_zh"] for feature in body["features"]}


def test_each_version_can_still_be_read(
    client: TestClient, versions: list[int]
) -> None:
    read = [names(items(client, version=number)) for number in versions]
    assert read == [
        {"a first", "b first", "荔/湾 first"},
        {"a second", "b first", "荔/湾 first"},
        {"a second", "c third", "荔/湾 first"},
    ]


def test_the_newest_is_read_by_default(client: TestClient, versions: list[int]) -> None:
    assert items(client)["version"] == versions[-1]


def test_as_of_reads_what_was_current_then(
    client: TestClient, versions: list[int]
) -> None:
    listed = client.get("/api/collections/parcels/versions").json()["versions"]
    moment = {one["number"]: one["published_at"] for one in listed}[versions[1]]
    assert items(client, **{"as-of": moment})["version"] == versions[1]


@pytest.mark.parametrize("query", [{"version": 99}, {"as-of": "1999-01-01"}])
def test_a_version_that_never_was_is_a_404(
    client: TestClient, versions: list[int], query: Body
) -> None:
    assert client.get(URL, params=query).status_code == 404


@pytest.mark.parametrize("version", ["0", "-1", "x", "1.0"])
def test_a_version_that_is_no_number_is_refused(
    client: TestClient, versions: list[int], version: str
) -> None:
    answer = client.get(URL, params={"version": version})
    assert answer.status_code in (400, 404)
    assert answer.json()["parameter"] == "version"


def test_version_and_as_of_exclude_each_other(
    client: TestClient, versions: list[int]
) -> None:
    query = {"version": 1, "as-of": "2030-01-01"}
    assert client.get(URL, params=query).json()["parameter"] == "as-of"


def test_history_is_newest_first(client: TestClient, versions: list[int]) -> None:
    lines = client.get(f"{URL}/b/history").json()["history"]
    assert [line["change"] for line in lines] == ["remove", "add"]
    assert lines[0]["feature"] is None
    assert lines[1]["feature"]["properties"]["name_zh"] == "b first"


def test_an_id_may_hold_a_slash_and_chinese(
    client: TestClient, versions: list[int]
) -> None:
    for written in ("荔/湾", "%E8%8D%94%2F%E6%B9%BE"):
        body = client.get(f"{URL}/{written}").json()
        assert body["id"] == "荔/湾"
    assert len(client.get(f"{URL}/荔/湾/history").json()["history"]) == 1


def test_a_page_link_outlives_a_publication(client: TestClient, atlas: Atlas) -> None:
    first = items(client, limit=2)
    publish(atlas, "z new")
    following = next(one for one in first["links"] if one["rel"] == "next")
    second = client.get(following["href"]).json()
    assert second["version"] == first["version"]
    assert second["numberMatched"] == first["numberMatched"]


def test_a_publication_makes_another_etag(client: TestClient, atlas: Atlas) -> None:
    before = client.get(URL).headers["etag"]
    publish(atlas, "y new")
    after = client.get(URL, headers={"if-none-match": before})
    assert after.status_code == 200
    assert after.headers["etag"] != before


def test_hits_only_count(client: TestClient, versions: list[int]) -> None:
    body = items(client, resulttype="hits", version=versions[0])
    assert (body["numberMatched"], body["features"]) == (3, [])


def test_only_the_properties_that_are_asked_for(
    client: TestClient, versions: list[int]
) -> None:
    feature = items(client, properties="name_zh,area_m2")["features"][0]
    assert set(feature["properties"]) == {"name_zh", "area_m2"}


def test_geometry_can_be_left_out(client: TestClient, versions: list[int]) -> None:
    features = items(client, skipGeometry="true")["features"]
    assert all(feature["geometry"] is None for feature in features)


@pytest.mark.parametrize(("key", "reverse"), [("name_zh", False), ("-name_zh", True)])
def test_features_are_sorted(
    client: TestClient, versions: list[int], key: str, reverse: bool
) -> None:
    body = items(client, sortby=key, version=versions[0])
    found = [feature["properties"]["name_zh"] for feature in body["features"]]
    assert found == sorted(found, key=pinyin_order, reverse=reverse)


@pytest.mark.parametrize(
    ("name", "value"),
    [("sortby", "colour"), ("sortby", "++id"), ("properties", "colour"),
     ("skipGeometry", "maybe"), ("resulttype", "some"), ("f", "docx"),
     ("lang", "fr"), ("offset", "-1"), ("crs", "EPSG:1")],
)  # fmt: skip
def test_what_makes_no_sense_is_named(
    client: TestClient, versions: list[int], name: str, value: str
) -> None:
    answer = client.get(URL, params={name: value})
    assert answer.status_code == 400
    assert answer.json()["parameter"] == name


def test_nobody_can_accept_nothing(client: TestClient, versions: list[int]) -> None:
    answer = client.get(URL, headers={"accept": "image/webp"})
    assert answer.status_code == 406


@pytest.mark.parametrize("form", ["csv", "gpkg", "shp", "kml", "dxf", "xlsx", "txt"])
def test_features_come_in_other_formats(
    client: TestClient, versions: list[int], form: str
) -> None:
    answer = client.get(URL, params={"f": form})
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["content-disposition"]


def test_csv_can_be_asked_for_by_accept(
    client: TestClient, versions: list[int]
) -> None:
    answer = client.get(URL, headers={"accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")


def test_stored_text_is_sent_as_it_is(
    client: TestClient, atlas: Atlas, versions: list[int]
) -> None:
    stored = atlas.store.item("parcels", versions[0], "a")
    assert stored is not None
    text = client.get(URL, params={"version": versions[0]}).content
    assert stored in text
    assert orjson.loads(stored)["properties"]["area_m2"] > 0
