"""Open logins: one's own are listed and ended one by one, others' stay unknown."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import Application
from service.rights import CSRF_HEADER

Roles = dict[str, dict[str, str]]


@pytest.fixture
def browsers(app: Application, client: TestClient, tokens: Any) -> list[TestClient]:
    """The same editor, logged in at two desks."""
    found = [TestClient(app, raise_server_exceptions=False) for _ in range(2)]
    for browser in found:
        browser.post("/api/session", json={"token": tokens["editor"]})
    return found


def sessions(browser: TestClient, headers: Any = None) -> list[dict[str, Any]]:
    answer = browser.get("/api/sessions", headers=headers or {})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["sessions"]
    return found


def test_a_person_sees_and_ends_their_own_logins(browsers: list[TestClient]) -> None:
    here, there = browsers
    before = sessions(here)
    assert {one["name"] for one in before} == {"editor Li"} and len(before) >= 2
    csrf = here.get("/api/session").json()["csrf"]
    for one in before:
        url = f"/api/sessions/{one['id']}"
        here.delete(url, headers={CSRF_HEADER: csrf})
    assert there.get("/api/session").json()["principal"] is None


def test_a_person_logs_out_everywhere_at_once(
    browsers: list[TestClient], client: TestClient, as_role: Roles, atlas: Any
) -> None:
    here, there = browsers
    _, token = atlas.accounts.create("Somebody else", "editor")
    atlas.accounts.open_session(token)
    csrf = here.get("/api/session").json()["csrf"]
    assert here.delete("/api/sessions").status_code == 403
    assert here.delete("/api/sessions", headers={CSRF_HEADER: csrf}).status_code == 204
    assert there.get("/api/session").json()["principal"] is None
    left = {one["name"] for one in sessions(client, as_role["admin"])}
    assert left == {"Somebody else"}


def test_ending_one_needs_the_csrf_token(browsers: list[TestClient]) -> None:
    here, _ = browsers
    (first, *_) = sessions(here)
    assert here.delete(f"/api/sessions/{first['id']}").status_code == 403


def test_anothers_login_is_unknown_but_to_an_administrator(
    client: TestClient, browsers: list[TestClient], as_role: Roles
) -> None:
    (mine, *_) = sessions(browsers[0])
    assert sessions(client, as_role["viewer"]) == []
    url = f"/api/sessions/{mine['id']}"
    assert client.delete(url, headers=as_role["viewer"]).status_code == 404
    assert client.delete(url, headers=as_role["admin"]).status_code == 204


def test_nobody_sees_logins_without_one(client: TestClient) -> None:
    assert client.get("/api/sessions").status_code == 401
