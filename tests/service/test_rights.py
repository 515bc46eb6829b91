"""A private layer is not refused: it is not there. Every address that could tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from layers.catalogue import HERE, Catalogue
from service.app import Application, create_app
from service.exports import FORMATS
from service.settings import Settings
from tests.service.uploads.files import feature, geojson, send, square

PRIVATE, UNKNOWN = "industrial-parks", "no-such-layer"
FEATURE = "park-58mu"
#: Rules that read the private layer are named after it.
RULE = "park-area"
ASKERS = ("anonymous", "viewer", "editor", "reviewer")
Headers = dict[str, dict[str, str]]

LAYER = "/api/collections/LAYER"
ADDRESSES = [
    LAYER,
    f"{LAYER}?f=html",
    f"{LAYER}/queryables",
    f"{LAYER}/sortables",
    f"{LAYER}/schema",
    f"{LAYER}/versions",
    f"{LAYER}/items",
    f"{LAYER}/items?f=html",
    f"{LAYER}/items?resulttype=hits",
    *(f"{LAYER}/items?f={form}" for form in FORMATS),
    f"{LAYER}/items/{FEATURE}",
    f"{LAYER}/items/{FEATURE}?version=1",
    f"{LAYER}/items/{FEATURE}/history",
    f"{LAYER}/tiles",
    f"{LAYER}/tiles/WebMercatorQuad",
    f"{LAYER}/tiles/WebMercatorQuad?f=tilejson",
    f"{LAYER}/tiles/WebMercatorQuad/13/3558/6672",
    f"{LAYER}/map?f=svg",
    f"{LAYER}/dossiers",
    f"{LAYER}/dossiers?id={FEATURE}",
    "/api/collections/platforms/dossiers?collections=LAYER",
    "/api/map?collections=LAYER",
    "/api/map?collections=platforms,LAYER&f=html",
    f"/api/map?collections=platforms&fit=LAYER/{FEATURE}",
    "/api/map?collections=platforms&version=LAYER:1",
    "/api/statistics/area?layer=LAYER",
    "/api/statistics/overlap?layer=LAYER&with=platforms",
    "/api/statistics/overlap?layer=platforms&with=LAYER",
    "/api/statistics/balance?layer=LAYER",
    f"/api/statistics/balance?layer=platforms&within=LAYER/{FEATURE}",
    "/api/statistics/proximity?layer=LAYER&to=platforms&distance=500",
    "/api/statistics/proximity?layer=platforms&to=LAYER&distance=500",
    "/api/identify?lon=113.2&lat=23.08&layers=LAYER",
    "/api/search?q=58&layers=LAYER",
    "/api/checks/run?layer=LAYER",
    "/api/changesets?layer=LAYER",
]
LISTS = [
    "/api",
    "/api/collections",
    "/api/collections?f=html",
    "/api/identify?lon=113.2255&lat=23.0843&tolerance_m=5000",
    "/api/search?q=58亩",
    "/api/search?q=58 acres",
    "/api/styles",
    "/api/documents",
    "/api/documents/liwan-14th-plan",
    "/api/indicators",
    "/api/conflicts",
    "/api/checks",
    "/api/checks/run",
    "/api/checks/judgements",
    "/api/uploads",
    "/api/changesets",
    "/api/openapi.json",
    "/api/openapi-3.0.json",
    "/api/docs",
    "/api/ready",
    "/api/session",
    "/api/map?collections=platforms&f=html",
    "/api/collections/platforms/dossiers?id=plat-hailongwei",
]


@pytest.fixture(scope="module")
def app(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Application:
    """A service whose catalogue has one private layer."""
    text = (HERE / "catalogue.toml").read_text("utf-8")
    mark = f'[[layers]]\nid = "{PRIVATE}"\n'
    assert mark in text
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.toml"
    path.write_text(text.replace(mark, f'{mark}visibility = "private"\n'), "utf-8")
    return create_app(settings, catalogue=Catalogue.load(path))


@pytest.fixture(scope="module")
def askers(atlas: Any) -> Headers:
    """Everybody from whom the layer is hidden."""
    scope = ["district", "platforms", "parcels"]
    tokens = {
        role: atlas.accounts.create("Lin", role, layers=scope)[1]
        for role in ("viewer", "editor", "reviewer")
    }
    sent = {
        name: {"authorization": f"Bearer {token}"} for name, token in tokens.items()
    }
    return {"anonymous": {}, **sent}


@pytest.fixture(scope="module", autouse=True)
def proposed(client: TestClient, atlas: Any) -> dict[str, str]:
    """Somebody of the same name, but in charge of the private layer, has uploaded."""
    _, token = atlas.accounts.create("Lin", "editor", layers=[PRIVATE])
    headers = {"authorization": f"Bearer {token}"}
    content = geojson(feature(square(113.235, 23.09), id=FEATURE, name_zh="秘密园区"))
    upload = send(client, headers, "a.geojson", content, layer=PRIVATE)
    assert upload.status_code == 201, upload.text
    id = upload.json()["id"]
    sent = client.post(f"/api/uploads/{id}/submit", headers=headers)
    assert sent.status_code == 201, sent.text
    return {"upload": id, "changeset": sent.json()["id"]}


def told(answer: Any) -> tuple[int, str]:
    """Status and words, with nothing in them of what was asked for."""
    return answer.status_code, re.sub(f"{PRIVATE}|{UNKNOWN}", "LAYER", answer.text)


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_its_addresses_answer_like_those_of_a_layer_that_does_not_exist(
    client: TestClient, askers: Headers, address: str, asker: str
) -> None:
    headers = askers[asker]
    hidden = client.get(address.replace("LAYER", PRIVATE), headers=headers)
    unknown = client.get(address.replace("LAYER", UNKNOWN), headers=headers)
    assert hidden.status_code >= 400
    assert told(hidden) == told(unknown)


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize("address", LISTS)
def test_no_list_names_it(
    client: TestClient, askers: Headers, address: str, asker: str
) -> None:
    answer = client.get(address, headers=askers[asker])
    assert answer.status_code in (200, 401, 403)
    words = (PRIVATE, FEATURE, "Industrial parks", "秘密园区")
    assert [word for word in words if word in answer.text] == []


@pytest.mark.parametrize("asker", ASKERS)
@pytest.mark.parametrize(
    ("method", "address", "body"),
    [
        ("POST", f"{LAYER}/items", {"type": "Feature"}),
        ("PUT", f"{LAYER}/items/{FEATURE}", {"type": "Feature"}),
        ("PATCH", f"{LAYER}/items/{FEATURE}", {}),
        ("DELETE", f"{LAYER}/items/{FEATURE}", None),
        ("POST", f"{LAYER}/versions/1/restore", None),
        ("POST", "/api/statistics/overlap", "shape"),
        ("POST", "/api/checks/run", "trial"),
    ],
)
def test_writes_to_it_answer_like_those_to_a_layer_that_does_not_exist(
    client: TestClient,
    askers: Headers,
    method: str,
    address: str,
    body: Any,
    asker: str,
) -> None:
    def send_to(layer: str) -> Any:
        shape = square(113.235, 23.09)
        bodies = {
            "shape": {"geometry": shape, "layers": [layer]},
            "trial": {"geometry": shape, "layer": layer},
        }
        sent = bodies[body] if isinstance(body, str) else body
        url = address.replace("LAYER", layer)
        return client.request(method, url, json=sent, headers=askers[asker])

    assert send_to(PRIVATE).status_code >= 400
    assert told(send_to(PRIVATE)) == told(send_to(UNKNOWN))


@pytest.mark.parametrize("asker", ["editor", "reviewer"])
def test_an_upload_to_it_is_refused_like_one_to_a_layer_that_does_not_exist(
    client: TestClient, askers: Headers, asker: str
) -> None:
    content = geojson(feature(square(113.235, 23.09), id="x"))
    hidden, unknown = (
        send(client, askers[asker], "a.geojson", content, layer=layer)
        for layer in (PRIVATE, UNKNOWN)
    )
    assert hidden.status_code == 404
    assert told(hidden) == told(unknown)


def test_a_drawn_shape_is_not_held_against_it(
    client: TestClient, askers: Headers
) -> None:
    body = {"geometry": square(113.22, 23.08)}
    for headers in askers.values():
        answer = client.post("/api/statistics/overlap", json=body, headers=headers)
        assert answer.status_code == 200 and PRIVATE not in answer.text


@pytest.mark.parametrize("asker", ASKERS)
def test_a_rule_that_reads_it_is_unknown(
    client: TestClient, askers: Headers, asker: str
) -> None:
    headers = askers[asker]
    hidden = client.get(f"/api/checks/run?rule={RULE}", headers=headers)
    unknown = client.get("/api/checks/run?rule=nope", headers=headers)
    assert hidden.status_code == unknown.status_code == 404
    assert hidden.text.replace(RULE, "nope") == unknown.text


def test_a_reviewer_of_other_layers_cannot_judge_by_such_a_rule(
    client: TestClient, askers: Headers
) -> None:
    body = {"rule": RULE, "feature": "x", "version": 1, "outcome": "conforms"}
    url, headers = "/api/checks/judgements", askers["reviewer"]
    hidden = client.post(url, json={**body, "reason": "见附图"}, headers=headers)
    assert hidden.status_code == 404


@pytest.mark.parametrize("asker", ["editor", "reviewer"])
@pytest.mark.parametrize(
    "part", ["upload", "upload/items", "upload/problems", "upload/diff"]
)
def test_its_uploads_are_unknown_even_to_somebody_of_the_same_name(
    client: TestClient, askers: Headers, proposed: dict[str, str], part: str, asker: str
) -> None:
    rest = part.removeprefix("upload")
    answers = [
        client.get(f"/api/uploads/{id}{rest}", headers=askers[asker])
        for id in (proposed["upload"], "0" * 16)
    ]
    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("asker", ["editor", "reviewer"])
@pytest.mark.parametrize("rest", ["", "/diff"])
def test_its_changesets_are_unknown(
    client: TestClient, askers: Headers, proposed: dict[str, str], rest: str, asker: str
) -> None:
    url = f"/api/changesets/{proposed['changeset']}{rest}"
    assert client.get(url, headers=askers[asker]).status_code == 404


def test_lists_have_no_gaps_where_its_entries_are(
    client: TestClient, askers: Headers, proposed: dict[str, str]
) -> None:
    shape = feature(square(113.24, 23.09), id="gap", parcel_code="gap")
    editor, reviewer = askers["editor"], askers["reviewer"]
    own = send(client, editor, "a.geojson", geojson(shape)).json()["id"]
    client.post(f"/api/uploads/{own}/submit", headers=editor)
    for kind in ("uploads", "changesets"):
        every = client.get(f"/api/{kind}?limit=1000", headers=reviewer).json()[kind]
        last = client.get(
            f"/api/{kind}?limit=1&offset={len(every) - 1}", headers=reviewer
        ).json()[kind]
        beyond = client.get(f"/api/{kind}?offset={len(every)}", headers=reviewer)
        assert last == every[-1:] and beyond.json()[kind] == []


@pytest.mark.parametrize("what", ["approve", "reject"])
def test_a_reviewer_of_other_layers_cannot_decide_on_them(
    client: TestClient, askers: Headers, proposed: dict[str, str], what: str
) -> None:
    url = f"/api/changesets/{proposed['changeset']}/{what}"
    body = {"reason": "x"} if what == "reject" else None
    answer = client.post(url, json=body, headers=askers["reviewer"])
    assert answer.status_code == 404


def test_whoever_may_see_it_sees_it(client: TestClient, atlas: Any) -> None:
    _, token = atlas.accounts.create("Mo", "viewer", layers=[PRIVATE])
    headers = {"authorization": f"Bearer {token}"}
    url = LAYER.replace("LAYER", PRIVATE)
    assert client.get(f"{url}/items/{FEATURE}", headers=headers).status_code == 200
    assert PRIVATE in client.get("/api/styles", headers=headers).json()["layers"]


def test_its_tiles_are_not_kept_for_the_next_to_use_the_browser(
    client: TestClient, atlas: Any
) -> None:
    _, token = atlas.accounts.create("Mo", "viewer", layers=[PRIVATE])
    headers = {"authorization": f"Bearer {token}"}
    url = f"/api/collections/{PRIVATE}/tiles/WebMercatorQuad/13/3558/6672?version=1"
    tile = client.get(url, headers=headers)
    assert tile.headers["cache-control"] == "private, no-cache"
    held = {"if-none-match": tile.headers["etag"]}
    assert client.get(url, headers=headers | held).status_code == 304
    assert client.get(url, headers=held).status_code == 404


# -- nothing is public ---------------------------------------------------------------
@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("closed"), public_read=False, access_log=False
    )
    with TestClient(create_app(settings), raise_server_exceptions=False) as started:
        yield started


def test_with_closed_doors_only_health_page_and_session_answer(
    closed: TestClient,
) -> None:
    described = create_app(Settings()).whole.complete().openapi()["paths"]
    filled = {path: re.sub(r"\{\w+\}", "district", path) for path in described}
    asked = [filled[path] for path, item in described.items() if "get" in item]
    asked += [one.replace("LAYER", PRIVATE) for one in (*ADDRESSES, *LISTS)]
    asked += ["/api/conformance", "/api?f=html"]
    answered = {u for u in asked if closed.get(u).status_code not in (400, 401)}
    session = {path for path in described if path.startswith("/api/session")}
    assert answered <= {"/api/health", "/api/ready", *session}
    assert closed.get("/").status_code == 200


def test_with_closed_doors_readiness_names_no_layer(closed: TestClient) -> None:
    assert closed.get("/api/ready").json()["versions"] == {}


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/api/tokens"), ("POST", "/api/changesets/x/reject"),
     ("POST", "/api/changesets/x/approve"), ("PATCH", "/api/uploads/x"),
     ("POST", "/api/uploads/x/submit"), ("POST", "/api/checks/judgements"),
     ("POST", "/api/collections/parcels/versions/1/restore")],
)  # fmt: skip
def test_a_stranger_is_not_told_what_is_wrong_with_a_body(
    client: TestClient, method: str, path: str
) -> None:
    assert client.request(method, path, json={"wrong": 1}).status_code == 401
