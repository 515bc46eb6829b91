"""Logging in with an OpenID provider, against a real one on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from joserfc.jwk import RSAKey
from starlette.testclient import TestClient

from service.app import Application, create_app
from service.rights import CSRF_HEADER
from service.routes import session as session_routes
from service.settings import Secret, Settings
from tests.service.provider import CLIENT, SECRET, Provider

START = "/api/session/oidc"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    running = Provider()
    yield running
    running.close()


@pytest.fixture(scope="module")
def app(settings: Settings, provider: Provider) -> Application:
    """A service that trusts the provider."""
    configured = {
        "oidc_issuer": provider.issuer,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": Secret(SECRET),
        "oidc_role_claim": "realm.groups",
        "oidc_roles": {"规划科": "editor", "总师室": "reviewer"},
    }
    return create_app(settings.changed(**configured))


@pytest.fixture
def browser(app: Application, client: TestClient, provider: Provider) -> TestClient:
    """A browser of its own; the provider vouches for an editor and a reviewer."""
    session_routes.failures.clear()
    provider.person["realm"] = {"groups": ["规划科", "总师室", "食堂"]}
    provider.wrong, provider.signing = {}, provider.key
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


def way_back(browser: TestClient) -> str:
    """Begin a login and agree at the provider; the address it sends the browser to."""
    there = browser.get(START)
    assert there.status_code == 303
    agreed = httpx2.get(there.headers["location"], trust_env=False)
    assert agreed.status_code == 302, agreed.text
    parts = urlsplit(agreed.headers["location"])
    return f"{parts.path}?{parts.query}"


def test_the_session_says_where_to_log_in(browser: TestClient) -> None:
    offered = browser.get("/api/session").json()["login"]
    assert offered == {"token": True, "oidc": f"http://testserver{START}"}


def test_the_provider_is_asked_with_pkce_state_and_nonce(browser: TestClient) -> None:
    there = browser.get(START)
    asked = dict(parse_qsl(urlsplit(there.headers["location"]).query))
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[n]) for n in ("state", "nonce", "code_challenge")) >= 43
    cookie = there.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie


def test_a_login_ends_in_the_same_session_as_a_token(browser: TestClient) -> None:
    back = browser.get(way_back(browser))
    assert (back.status_code, back.headers["location"]) == (303, "http://testserver/")
    session = browser.get("/api/session").json()
    assert session["principal"]["name"] == "梁工 (u-17)"
    assert session["principal"]["role"] == "reviewer"
    assert browser.get("/api/changesets").status_code == 200


def test_its_writes_need_the_csrf_token_and_it_ends_with_a_logout(
    browser: TestClient,
) -> None:
    browser.get(way_back(browser))
    cookie = browser.cookies["atlas_session"]
    without = browser.delete("/api/session")
    csrf = browser.get("/api/session").json()["csrf"]
    ended = browser.delete("/api/session", headers={CSRF_HEADER: csrf})
    again = browser.get("/api/session", headers={"cookie": f"atlas_session={cookie}"})
    assert (without.status_code, ended.status_code) == (403, 204)
    assert again.json()["principal"] is None


def test_somebody_without_a_role_here_is_told_so(
    browser: TestClient, provider: Provider
) -> None:
    provider.person["realm"] = {"groups": ["食堂"]}
    answer = browser.get(way_back(browser))
    assert answer.status_code == 403 and "角色" in answer.json()["detail_zh"]
    assert "atlas_session" not in browser.cookies


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"},
        {"aud": "another-service"},
        {"iss": "https://elsewhere.example"},
        {"exp": 1_600_000_000},
        {"sub": None},
    ],
)
def test_an_id_token_that_is_not_for_this_login_is_refused(
    browser: TestClient, provider: Provider, wrong: dict[str, Any]
) -> None:
    provider.wrong = wrong
    assert browser.get(way_back(browser)).status_code == 401
    assert "atlas_session" not in browser.cookies


def test_an_id_token_signed_by_somebody_else_is_refused(
    browser: TestClient, provider: Provider
) -> None:
    provider.signing = RSAKey.generate_key(2048, {"kid": "one"})
    assert browser.get(way_back(browser)).status_code == 401


def test_a_login_that_another_browser_began_is_refused(
    app: Application, browser: TestClient
) -> None:
    address = way_back(browser)
    other = TestClient(app, follow_redirects=False)
    assert other.get(address).status_code == 401
    assert browser.get(address.replace("state=", "state=x")).status_code == 401


def test_a_code_serves_once(browser: TestClient) -> None:
    address, cookie = way_back(browser), browser.cookies["atlas_login"]
    first = browser.get(address)
    headers = {"cookie": f"atlas_login={cookie}"}
    second = browser.get(address, headers=headers)
    assert (first.status_code, second.status_code) == (303, 401)


def test_a_login_ends_the_session_that_was_there_before(browser: TestClient) -> None:
    browser.get(way_back(browser))
    before = browser.cookies["atlas_session"]
    browser.get(way_back(browser))
    assert browser.cookies["atlas_session"] != before
    old = browser.get("/api/session", headers={"cookie": f"atlas_session={before}"})
    assert old.json()["principal"] is None


def test_a_provider_that_is_away_is_told_in_both_languages(
    settings: Settings, tmp_path: Any
) -> None:
    update = {
        "oidc_issuer": "http://127.0.0.1:9",
        "oidc_client_id": CLIENT,
        "data_dir": tmp_path,
        "store": "",
    }
    with TestClient(create_app(settings.changed(**update))) as lonely:
        answer = lonely.get(START)
    assert answer.status_code == 503 and answer.json()["detail_zh"]


def test_the_library_is_imported_only_where_it_is_configured() -> None:
    import subprocess
    import sys

    text = "import sys, service.main; print('authlib' in sys.modules)"
    ran = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True)
    assert ran.stdout.strip() == "False"


BROWSES = {"accept": "text/html,application/xhtml+xml"}


def test_a_refusal_on_the_way_is_a_page_in_both_languages(
    browser: TestClient, provider: Provider
) -> None:
    provider.person["realm"] = {"groups": ["食堂"]}
    answer = browser.get(way_back(browser), headers=BROWSES)
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("text/html")
    assert "没有角色" in answer.text and "none of your groups" in answer.text
    assert 'href="/"' in answer.text and "<script" not in answer.text


def test_a_cancelled_login_is_a_page_and_json_for_programs(browser: TestClient) -> None:
    address = f"{START}/callback?error=access_denied"
    page, told = browser.get(address, headers=BROWSES), browser.get(address)
    assert (page.status_code, told.status_code) == (401, 401)
    assert "Start it again" in page.text and told.json()["detail_zh"]


def test_a_login_can_be_ended_by_an_administrator(
    client: TestClient, browser: TestClient, as_role: dict[str, dict[str, str]]
) -> None:
    browser.get(way_back(browser))
    admin = as_role["admin"]
    found = client.get("/api/sessions", headers=admin).json()["sessions"]
    mine = next(one for one in found if one["name"] == "梁工 (u-17)")
    assert mine["login"] == "oidc" and not {"csrf", "cookie"} & mine.keys()
    ended = client.delete(f"/api/sessions/{mine['id']}", headers=admin)
    again = client.delete(f"/api/sessions/{mine['id']}", headers=admin)
    assert (ended.status_code, again.status_code) == (204, 404)
    assert browser.get("/api/session").json()["principal"] is None


def test_a_role_that_a_group_has_lost_is_gone_at_once(
    app: Application, browser: TestClient, provider: Provider, settings: Settings
) -> None:
    browser.get(way_back(browser))
    cookie = {"cookie": f"atlas_session={browser.cookies['atlas_session']}"}
    issuer = settings.changed(oidc_issuer=provider.issuer, oidc_client_id=CLIENT)
    roles: list[str | None] = []
    for left in ({"规划科": "editor"}, {"食堂": "admin"}, {}):
        with TestClient(create_app(issuer.changed(oidc_roles=left))) as started:
            known = started.get("/api/session", headers=cookie).json()["principal"]
            roles.append(known and known["role"])
    assert roles == ["editor", None, None]
