"""Tokens, sessions, roles and scopes, over HTTP as programs and the page use them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from service.accounts import Principal
from service.atlas import Atlas
from service.rights import CSRF_HEADER
from service.roles import NAMES_ZH
from service.routes import session as session_routes
from service.settings import Settings
from service.stores import open_store
from tests.conftest import ADMIN_TOKEN

Headers = dict[str, dict[str, str]]


@pytest.fixture
def browser(app, client) -> TestClient:
    """A client with a cookie jar of its own; failed logins are forgotten."""
    session_routes.failures.clear()
    return TestClient(app, raise_server_exceptions=False)


def test_roles_are_ordered() -> None:
    reviewer = Principal("Li", "reviewer")
    assert reviewer.has("editor")
    assert not reviewer.has("admin")


def test_a_token_is_kept_as_a_hash_only(atlas: Atlas) -> None:
    record, token = atlas.accounts.create("Chen", "viewer")
    assert token not in str(record.data)
    assert token.partition("_")[2] not in str(atlas.store.get("token", record.id))


def test_an_expired_token_is_refused(client: TestClient, atlas: Atlas) -> None:
    past = datetime.now(UTC) - timedelta(seconds=1)
    _, token = atlas.accounts.create("Chen", "admin", expires=past)
    answer = client.get("/api/tokens", headers={"authorization": f"Bearer {token}"})
    assert answer.status_code == 401


def test_an_unknown_token_is_refused_even_where_anyone_may_read(
    client: TestClient,
) -> None:
    answer = client.get("/api/collections", headers={"authorization": "Bearer nobody"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_the_configured_administrator_can_make_tokens(client: TestClient) -> None:
    answer = client.post(
        "/api/tokens",
        json={"name": "测绘一组", "role": "editor", "layers": ["parcels"]},
        headers={"authorization": f"Bearer {ADMIN_TOKEN}"},
    )
    assert answer.status_code == 201
    assert {"id", "token", "name", "role", "layers"} <= answer.json().keys()


def test_a_token_is_never_shown_again(client: TestClient, as_role: Headers) -> None:
    listed = client.get("/api/tokens", headers=as_role["admin"]).json()["tokens"]
    assert len(listed) >= 5
    assert all("token" not in one and "hash" not in one for one in listed)


@pytest.mark.parametrize("role", ["viewer", "editor", "reviewer"])
def test_only_administrators_see_tokens(
    client: TestClient, as_role: Headers, role: str
) -> None:
    assert client.get("/api/tokens", headers=as_role[role]).status_code == 403


def test_a_revoked_token_ends_at_once(
    client: TestClient, as_role: Headers, atlas: Atlas
) -> None:
    record, token = atlas.accounts.create("Wang", "editor")
    gone = client.delete(f"/api/tokens/{record.id}", headers=as_role["admin"])
    answer = client.get("/api/session", headers={"authorization": f"Bearer {token}"})
    assert (gone.status_code, answer.status_code) == (204, 401)


@pytest.mark.parametrize(
    "body",
    [
        {"name": "", "role": "editor"},
        {"name": "x", "role": "king"},
        {"name": "x", "role": "editor", "expires": "2001-01-01T00:00:00Z"},
        {"name": "x", "role": "editor", "extra": 1},
    ],
)
def test_a_token_that_makes_no_sense_is_refused(
    client: TestClient, as_role: Headers, body: dict[str, object]
) -> None:
    answer = client.post("/api/tokens", json=body, headers=as_role["admin"])
    assert answer.status_code == 422
    assert answer.json()["detail_zh"]


def test_a_login_sets_a_cookie_that_scripts_cannot_read(
    browser: TestClient, tokens: dict[str, str]
) -> None:
    answer = browser.post("/api/session", json={"token": tokens["editor"]})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie
    assert answer.json()["principal"]["role"] == "editor"


def test_a_session_write_needs_the_csrf_token(
    browser: TestClient, tokens: dict[str, str]
) -> None:
    login = browser.post("/api/session", json={"token": tokens["admin"]}).json()
    body = {"name": "x", "role": "viewer"}
    without = browser.post("/api/tokens", json=body)
    with_it = browser.post(
        "/api/tokens", json=body, headers={CSRF_HEADER: login["csrf"]}
    )
    assert (without.status_code, with_it.status_code) == (403, 201)


def test_a_logout_ends_the_session_on_the_server(
    browser: TestClient, tokens: dict[str, str]
) -> None:
    login = browser.post("/api/session", json={"token": tokens["viewer"]})
    cookie = browser.cookies["atlas_session"]
    browser.delete("/api/session", headers={CSRF_HEADER: login.json()["csrf"]})
    again = browser.get("/api/session", headers={"cookie": f"atlas_session={cookie}"})
    assert again.json()["principal"] is None


def test_guessing_tokens_is_slowed_down(browser: TestClient) -> None:
    statuses = [
        browser.post("/api/session", json={"token": f"guess {n}"}).status_code
        for n in range(11)
    ]
    assert statuses == [401] * 10 + [429]


def test_guesses_shut_out_nobody_who_shares_their_address(
    browser: TestClient, tokens: dict[str, str]
) -> None:
    for n in range(11):
        browser.post("/api/session", json={"token": f"guess {n}"})
    again = browser.post("/api/session", json={"token": "guess again"})
    login = browser.post("/api/session", json={"token": tokens["viewer"]})
    assert (again.status_code, login.status_code) == (429, 200)


def test_the_first_start_makes_one_administrator(tmp_path) -> None:
    from service.app import make_atlas

    store = open_store(f"gpkg:{tmp_path / 'atlas.gpkg'}")
    settings = Settings(data_dir=tmp_path, admin_token=None)
    accounts = make_atlas(settings, store).accounts
    assert [one.data["role"] for one in accounts.tokens()] == ["admin"]
    assert accounts.ensure_administrator() is None
    store.close()


def test_without_public_read_a_viewer_is_needed(tmp_path) -> None:
    from service.app import create_app

    settings = Settings(data_dir=tmp_path, public_read=False, access_log=False)
    app = create_app(settings)
    with TestClient(app) as closed:
        anonymous = closed.get("/api/collections")
        _, token = app.state.atlas.accounts.create("v", "viewer", layers=["district"])
        headers = {"authorization": f"Bearer {token}"}
        seen = closed.get("/api/collections", headers=headers).json()["collections"]
    assert anonymous.status_code == 401
    assert [one["id"] for one in seen] == ["district"]


def test_a_login_ends_the_session_that_the_browser_came_with(
    browser: TestClient, tokens: dict[str, str]
) -> None:
    browser.post("/api/session", json={"token": tokens["viewer"]})
    before = browser.cookies["atlas_session"]
    browser.post("/api/session", json={"token": tokens["editor"]})
    assert browser.cookies["atlas_session"] != before
    old = browser.get("/api/session", headers={"cookie": f"atlas_session={before}"})
    assert old.json()["principal"] is None


def test_a_session_cannot_be_given_from_outside(
    browser: TestClient, tokens: dict[str, str]
) -> None:
    headers = {"cookie": "atlas_session=chosen-by-somebody-else"}
    login = browser.post(
        "/api/session", json={"token": tokens["viewer"]}, headers=headers
    )
    assert "chosen-by-somebody-else" not in login.headers["set-cookie"]
    assert browser.get("/api/session", headers=headers).json()["principal"] is None


def test_over_https_the_cookie_stays_there(
    app, client: TestClient, tokens: dict[str, str]
) -> None:
    browser = TestClient(app, base_url="https://atlas.example")
    answer = browser.post("/api/session", json={"token": tokens["viewer"]})
    assert "secure" in answer.headers["set-cookie"].lower()


def test_another_site_cannot_log_somebody_in_with_a_plain_form(
    browser: TestClient, tokens: dict[str, str]
) -> None:
    for media in ("text/plain", "application/x-www-form-urlencoded"):
        body = f'{{"token": "{tokens["viewer"]}"}}'
        answer = browser.post(
            "/api/session", content=body, headers={"content-type": media}
        )
        assert answer.status_code in (400, 415, 422)
        assert "set-cookie" not in answer.headers


def test_another_site_can_read_no_answer_that_a_cookie_opened(
    browser: TestClient, tokens: dict[str, str]
) -> None:
    browser.post("/api/session", json={"token": tokens["viewer"]})
    answer = browser.get("/api/session", headers={"origin": "https://evil.example"})
    assert answer.headers.get("access-control-allow-origin") in (None, "*")
    assert "access-control-allow-credentials" not in answer.headers


def test_unknown_tokens_are_slowed_down_as_well(
    client: TestClient, atlas: Atlas, as_role: Headers
) -> None:
    headers = {"authorization": "Bearer guess"}
    made_here = as_role["admin"]
    statuses = [
        client.get("/api/tokens", headers=headers).status_code for _ in range(101)
    ]
    late = client.get("/api/tokens", headers=headers)
    chosen = client.get(
        "/api/tokens", headers={"authorization": f"Bearer {ADMIN_TOKEN}"}
    )
    made = client.get("/api/tokens", headers=made_here)
    atlas.accounts.guesses.clear()
    assert statuses[-1] == 429 and set(statuses[:50]) == {401}
    assert late.status_code == 429 and int(late.headers["retry-after"]) > 0
    # A word that somebody chose could be guessed; what was made here could not.
    assert (chosen.status_code, made.status_code) == (429, 200)


def test_a_right_to_download_is_listed_with_the_token(
    client: TestClient, atlas: Atlas, as_role: Headers
) -> None:
    record, _ = atlas.accounts.create("He", "viewer", download=False)
    shown = client.get(f"/api/tokens/{record.id}", headers=as_role["admin"]).json()
    assert shown["download"] is False


def test_a_refusal_names_the_roles_in_chinese(
    client: TestClient, as_role: Headers
) -> None:
    stranger = client.get("/api/uploads").json()["detail_zh"]
    reader = client.get("/api/uploads", headers=as_role["viewer"]).json()["detail_zh"]
    assert stranger == "此操作需要编辑员角色，请先登录或发送令牌。"
    assert "需要编辑员角色" in reader
    assert "目前是查看员" in reader


def test_the_page_calls_the_roles_the_same(static_dir: Path) -> None:
    words = (static_dir / "js" / "i18n" / "zh.js").read_text(encoding="utf-8")
    assert dict(re.findall(r'"role\.(\w+)": "([^"]+)"', words)) == NAMES_ZH
