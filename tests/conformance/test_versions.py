"""``version=n`` and ``as-of=time`` on every read: what was published stays readable."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely
from starlette.testclient import TestClient

from geo.frame import Frame
from service.atlas import Atlas
from service.stores.base import Changes, Publication

Body = dict[str, Any]
BOX = "113.22,23.09,113.24,23.11"
BEFORE = "2001-01-01"
ITEMS = "/api/collections/parcels/items"
TILES = "/api/collections/parcels/tiles"
#: Every read of one layer, by the version it is asked for.
READS = [
    ITEMS,
    f"{ITEMS}?bbox={BOX}",
    f"{ITEMS}?filter=name_zh IS NOT NULL",
    f"{ITEMS}?f=html",
    f"{ITEMS}?f=csv",
    f"{ITEMS}/moving",
    f"{TILES}/WebMercatorQuad/12/1777/3336",
    f"{TILES}/WebMercatorQuad?f=tilejson",
    "/api/statistics/area?layer=parcels",
    "/api/statistics/balance?layer=parcels",
    "/api/statistics/overlap?layer=parcels&with=district",
    "/api/statistics/proximity?layer=parcels&to=metro-stations&distance=500",
    "/api/collections/parcels/map?width=64&height=64&f=svg",
]
#: Reads of many layers at once: only a time can name their versions.
MANY = [
    "/api/search?q=moving",
    "/api/identify?lon=113.2305&lat=23.1005&layers=parcels",
    "/api/map?collections=parcels,district&width=64&height=64&f=svg",
]
DRAWN = {
    "geometry": shapely.geometry.mapping(shapely.box(113.22, 23.09, 113.24, 23.11)),
    "layers": ["parcels"],
}


def publish(atlas: Atlas, east: float) -> int:
    """The parcel ``moving``, this far east."""
    ids = np.array(["moving"], dtype=object)
    square = np.array([shapely.box(east, 23.1, east + 0.001, 23.101)], dtype=object)
    frame = Frame(ids, square, {"name_zh": ids})
    changes = Changes(frame, np.array([], dtype=object))
    base = atlas.store.current_version("parcels")
    return atlas.store.publish(changes, Publication("parcels", base, "Chen")).number


@pytest.fixture(scope="module")
def steps(atlas: Atlas) -> list[str]:
    """Two versions on top of the first; when each of the two was published."""
    numbers = [publish(atlas, 113.23), publish(atlas, 113.235)]
    assert numbers == [2, 3]
    return [atlas.store.version("parcels", n).published_at for n in numbers]


def at(url: str, **query: object) -> str:
    asked = "&".join(f"{k.replace('_', '-')}={v}" for k, v in query.items())
    return f"{url}{'&' if '?' in url else '?'}{asked}"


def shown(client: TestClient, url: str) -> str:
    """What an answer says, without the links that repeat the question."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.text
    if not answer.headers["content-type"].endswith("json"):
        return answer.text if "html" not in url else str("113.23" in answer.text)
    body = answer.json()
    body.pop("links", None)
    return str(body)


@pytest.mark.parametrize("url", READS)
def test_a_version_and_its_time_say_the_same(
    client: TestClient, steps: list[str], url: str
) -> None:
    by_number = shown(client, at(url, version=2))
    assert by_number == shown(client, at(url, as_of=steps[0]))
    assert shown(client, url) == shown(client, at(url, version=3))


@pytest.mark.parametrize("url", [one for one in READS if "f=html" not in one])
def test_an_earlier_version_is_another(
    client: TestClient, steps: list[str], url: str
) -> None:
    if "area" in url or "balance" in url:
        earlier, later = 1, 3  # the parcel moves, its area stays
    else:
        earlier, later = 2, 3
    assert shown(client, at(url, version=earlier)) != shown(
        client, at(url, version=later)
    )


@pytest.mark.parametrize("url", MANY)
def test_reads_of_many_layers_take_a_time(
    client: TestClient, steps: list[str], url: str
) -> None:
    assert shown(client, at(url, as_of=steps[0])) != shown(client, url)
    assert shown(client, at(url, as_of=steps[1])) == shown(client, url)


def test_a_drawn_shape_is_answered_as_of_a_time(
    client: TestClient, steps: list[str]
) -> None:
    url = at("/api/statistics/overlap", as_of=steps[0])
    assert client.post(url, json=DRAWN).json()["versions"] == {"parcels": 2}


def test_rules_run_on_every_layer_as_of_a_time(
    client: TestClient, steps: list[str]
) -> None:
    found = client.get(at("/api/checks/run", as_of=steps[1])).json()["versions"]
    assert set(found.values()) <= {1, 3}


@pytest.mark.parametrize("url", [*READS, *MANY[1:]])
def test_before_the_first_version_there_is_nothing(
    client: TestClient, url: str
) -> None:
    answer = client.get(at(url, as_of=BEFORE))
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("url", READS)
@pytest.mark.parametrize(
    ("query", "status", "parameter"),
    [({"version": 99}, 404, "version"), ({"version": "x"}, 400, "version"),
     ({"as_of": "soon"}, 400, "as-of"), ({"version": 1, "as_of": BEFORE}, 400, "as-of"),
     ({"version": -1}, 400, "version"), ({"version": "9" * 40}, 400, "version")],
)  # fmt: skip
def test_what_is_no_version_is_refused(
    client: TestClient, url: str, query: Body, status: int, parameter: str
) -> None:
    answer = client.get(at(url, **query))
    assert (answer.status_code, answer.json()["parameter"]) == (status, parameter)


def test_tilesets_lead_to_tiles_that_never_change(
    client: TestClient, steps: list[str]
) -> None:
    answer = client.get(at(TILES, as_of=steps[0])).json()
    template = next(
        link["href"] for link in answer["tilesets"][0]["links"] if link["rel"] == "item"
    )
    url = template.format(tileMatrix=12, tileRow=1777, tileCol=3336)
    assert url.endswith("?version=2")
    assert "immutable" in client.get(url).headers["cache-control"]


def test_pages_of_one_version_outlive_a_publication(
    client: TestClient, atlas: Atlas, steps: list[str]
) -> None:
    first = client.get("/api/collections/metro-stations/items?limit=3").json()
    ids = np.array([first["features"][0]["id"]], dtype=object)
    nothing = np.array([], dtype=object)
    removed = Changes(Frame(nothing, nothing), ids)
    atlas.store.publish(removed, Publication("metro-stations", 1, "Chen"))
    seen, body = [f["id"] for f in first["features"]], first
    while following := [one for one in body["links"] if one["rel"] == "next"]:
        body = client.get(following[0]["href"]).json()
        assert body["version"] == 1
        seen += [feature["id"] for feature in body["features"]]
    assert len(seen) == len(set(seen)) == first["numberMatched"]
    now = client.get("/api/collections/metro-stations/items").json()
    assert now["numberMatched"] == first["numberMatched"] - 1


def test_the_territory_of_a_balance_is_read_as_of_the_same_time(
    client: TestClient, atlas: Atlas, steps: list[str]
) -> None:
    groups = client.get("/api/collections/functional-groups/items?limit=2").json()
    within, gone = (feature["id"] for feature in groups["features"])
    nothing, removed = np.array([], dtype=object), np.array([gone], dtype=object)
    changes = Changes(Frame(nothing, nothing), removed)
    atlas.store.publish(changes, Publication("functional-groups", 1, "Chen"))
    url = f"/api/statistics/balance?layer=parcels&within=functional-groups/{within}"
    now, then = client.get(url), client.get(at(url, as_of=steps[0]))
    assert now.json()["versions"] == {"parcels": 3, "functional-groups": 2}
    assert then.json()["versions"] == {"parcels": 2, "functional-groups": 1}
