"""What FastAPI refuses by itself is said in both languages, too."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize(
    ("body", "says", "says_zh"),
    [
        ({}, "Field required", "缺少此项"),
        ({"name": "", "role": "viewer"}, "at least 1 character", "至少 1 个字符"),
        ({"name": "a", "role": "king"}, "Input should be 'viewer'", "'viewer'"),
        ({"name": "a", "role": "viewer", "x": 1}, "Extra inputs", "不应有此项"),
        ({"name": 5, "role": "viewer"}, "valid string", "类型不对"),
        ({"name": "a", "role": "viewer", "expires": "soon"}, "datetime", "日期时间"),
    ],
)
def test_a_wrong_body_is_explained_in_both_languages(
    client: TestClient,
    as_role: dict[str, dict[str, str]],
    body: dict[str, object],
    says: str,
    says_zh: str,
) -> None:
    answer = client.post("/api/tokens", json=body, headers=as_role["admin"])
    assert answer.status_code == 422
    assert says in answer.json()["detail"]
    assert says_zh in answer.json()["detail_zh"]
    assert says not in answer.json()["detail_zh"]


def test_a_body_that_is_no_json_is_a_bad_request(
    client: TestClient, as_role: dict[str, dict[str, str]]
) -> None:
    headers = as_role["admin"] | {"content-type": "application/json"}
    answer = client.post("/api/tokens", content=b"{", headers=headers)
    assert answer.status_code == 400
    assert "不是有效的 JSON" in answer.json()["detail_zh"]


@pytest.mark.parametrize(
    "path", ["/api/tokens", "/api/checks/run", "/api/checks/judgements"]
)
def test_an_unknown_parameter_is_refused_before_the_body(
    client: TestClient, as_role: dict[str, dict[str, str]], path: str
) -> None:
    answer = client.post(f"{path}?nonsense=1", json={}, headers=as_role["admin"])
    assert answer.status_code == 400
    assert answer.json()["parameter"] == "nonsense"


def test_who_follows_a_broken_link_sees_a_page(client: TestClient) -> None:
    asked = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = client.get("/docments/<b>", headers=asked)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "没有页面" in answer.text and 'href="/"' in answer.text
    assert "<b>" not in answer.text
    assert client.get("/docments?lang=x", headers=asked).status_code == 404
    assert client.get("/docments").json()["status"] == 404
    assert client.get("/api/none", headers=asked).json()["status"] == 404
