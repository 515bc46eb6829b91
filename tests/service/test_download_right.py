"""Viewing is one right, taking away another."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from layers.catalogue import HERE, Catalogue
from service.app import Application, create_app
from service.exports import FORMATS
from service.items import VIEW_LIMIT
from service.settings import Settings
from tests.service.uploads.files import feature, geojson, send, square

KEPT, FREE = "platforms", "district"
URL = f"/api/collections/{KEPT}"
Headers = dict[str, str]


@pytest.fixture(scope="module")
def app(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Application:
    """A service with one layer that only editors may take away."""
    text = (HERE / "catalogue.toml").read_text("utf-8")
    mark = f'[[layers]]\nid = "{KEPT}"\n'
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.toml"
    path.write_text(text.replace(mark, f'{mark}download = "editor"\n'), "utf-8")
    return create_app(settings, catalogue=Catalogue.load(path))


@pytest.fixture(scope="module")
def holding(atlas: Any) -> Any:
    """Headers of a new token."""

    def holding(role: str, **limits: Any) -> Headers:
        _, token = atlas.accounts.create("Ou", role, **limits)
        return {"authorization": f"Bearer {token}"}

    return holding


@pytest.mark.parametrize("form", FORMATS)
def test_files_are_refused_in_words_that_say_whom_to_ask(
    client: TestClient, form: str
) -> None:
    answer = client.get(f"{URL}/items?f={form}")
    assert answer.status_code == 403
    assert answer.json()["detail_zh"] == "可查看，不能下载。向“规划科”申请下载。"


def test_a_file_is_refused_by_accept_header_too(client: TestClient) -> None:
    answer = client.get(f"{URL}/items", headers={"accept": "text/csv"})
    assert answer.status_code == 403


def test_a_map_that_holds_the_features_is_a_file(client: TestClient) -> None:
    assert client.get(f"{URL}/map?f=html").status_code == 403
    assert client.get(f"/api/map?collections={FREE}&f=html").status_code == 200


def test_a_book_of_every_feature_is_a_file_and_a_page_of_one_is_not(
    client: TestClient,
) -> None:
    one = "id=plat-hailongwei"
    for form in ("pdf", "docx"):
        assert client.get(f"{URL}/dossiers?f={form}").status_code == 403
        assert client.get(f"{URL}/dossiers?f={form}&{one}").status_code == 200


def test_a_change_that_would_remove_everything_shows_one_page_of_it(
    client: TestClient, holding: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("service.routes.changesets.VIEW_LIMIT", 2)
    barred, free = holding("editor", download=False), holding("editor")
    content = geojson(feature(square(113.235, 23.09), id="only", name_zh="一"))
    sent = send(client, barred, "a.geojson", content, layer=KEPT, mode="replace")
    url = f"/api/uploads/{sent.json()['id']}/diff"
    shown = client.get(f"{url}?limit=100", headers=barred).json()["features"]
    assert shown["numberReturned"] == 2 < shown["numberMatched"]
    assert client.get(f"{url}?offset=2", headers=barred).status_code == 403
    assert client.get(f"{url}?offset=2", headers=free).status_code == 200


def test_one_page_is_viewing_and_the_next_is_not(client: TestClient) -> None:
    page = client.get(f"{URL}/items?limit=2").json()
    assert page["numberMatched"] > page["numberReturned"] == 2
    assert "next" not in [link["rel"] for link in page["links"]]
    assert client.get(f"{URL}/items?limit=2&offset=2").status_code == 403


def test_a_page_is_bounded(client: TestClient, monkeypatch: Any) -> None:
    monkeypatch.setattr("service.items.VIEW_LIMIT", 3)
    assert VIEW_LIMIT == 2500
    assert client.get(f"{URL}/items?limit=5000").json()["numberReturned"] == 3


@pytest.mark.parametrize(
    "address",
    [
        f"{URL}/items/plat-hailongwei",
        f"{URL}/tiles/WebMercatorQuad?f=tilejson",
        f"{URL}/map?width=64&height=64",
        f"/api/statistics/area?layer={KEPT}&f=csv",
        f"{URL}/items?f=html",
    ],
)
def test_viewing_goes_on_as_before(client: TestClient, address: str) -> None:
    assert client.get(address).status_code == 200


def test_the_answer_of_one_who_may_is_not_kept_for_one_who_may_not(
    client: TestClient, holding: Any
) -> None:
    url = f"{URL}/items?limit=3"
    full = client.get(url, headers=holding("editor"))
    seen = client.get(url, headers={"if-none-match": full.headers["etag"]})
    assert seen.status_code == 200 and seen.content != full.content


@pytest.mark.parametrize(
    ("role", "limits", "allowed"),
    [
        ("viewer", {}, False),
        ("editor", {}, True),
        ("editor", {"layers": [FREE]}, False),
        ("editor", {"download": False}, False),
        ("viewer", {"download": True}, True),
        ("viewer", {"download": True, "layers": [FREE]}, False),
    ],
)
def test_the_collection_says_what_the_file_will_answer(
    client: TestClient, holding: Any, role: str, limits: Any, allowed: bool
) -> None:
    headers = holding(role, **limits)
    assert client.get(URL, headers=headers).json()["may_download"] is allowed
    file = client.get(f"{URL}/items?f=csv", headers=headers)
    assert file.status_code == (200 if allowed else 403)


def test_what_anybody_may_take_cannot_be_barred(
    client: TestClient, holding: Any
) -> None:
    listed = client.get("/api/collections", headers=holding("viewer", download=False))
    may = {one["id"]: one["may_download"] for one in listed.json()["collections"]}
    assert may[FREE] is True and may[KEPT] is False


def test_a_token_made_over_http_carries_the_right(
    client: TestClient, as_role: dict[str, Headers]
) -> None:
    body = {"name": "规划科来访", "role": "viewer", "download": True}
    made = client.post("/api/tokens", json=body, headers=as_role["admin"]).json()
    headers = {"authorization": f"Bearer {made['token']}"}
    assert made["download"] is True
    assert client.get(f"{URL}/items?f=csv", headers=headers).status_code == 200


def test_an_administrator_cannot_be_limited_to_layers(
    client: TestClient, as_role: dict[str, Headers]
) -> None:
    body = {"name": "x", "role": "admin", "layers": [KEPT]}
    answer = client.post("/api/tokens", json=body, headers=as_role["admin"])
    assert answer.status_code == 422
