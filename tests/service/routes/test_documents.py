"""Documents, indicators and styles over HTTP."""

import pytest
from starlette.testclient import TestClient


def test_every_document_is_listed_with_what_cites_it(client: TestClient) -> None:
    found = client.get("/api/documents").json()["documents"]
    assert len(found) == 5
    assert all(each["feature_count"] > 0 for each in found)


def test_a_chapter_leads_to_its_places(client: TestClient) -> None:
    body = client.get("/api/documents/liwan-14th-plan").json()
    villages = next(c for c in body["chapters"] if c["id"] == "annex-1-4")
    named = [f["id"] for f in villages["features"] if f["layer"] == "old-villages"]
    assert len(named) == 20
    assert body["other_features"] == []


def test_an_unknown_document_is_not_found_and_the_known_are_named(
    client: TestClient,
) -> None:
    answer = client.get("/api/documents/nothing")
    assert answer.status_code == 404
    assert "liwan-14th-plan" in answer.json()["detail"]


def test_all_indicators_are_listed(client: TestClient) -> None:
    found = client.get("/api/indicators").json()["indicators"]
    assert len(found) == 162
    assert {"unit", "baseline", "target", "property", "document"} <= set(found[0])


def test_all_disagreements_are_listed(client: TestClient) -> None:
    assert len(client.get("/api/conflicts").json()["conflicts"]) == 23


def test_styles_cover_every_collection(client: TestClient) -> None:
    styles = client.get("/api/styles").json()
    collections = client.get("/api/collections").json()["collections"]
    assert {each["id"] for each in collections} <= set(styles["layers"])


@pytest.mark.parametrize(
    "path", ["documents", "indicators", "conflicts", "styles", "documents/x"]
)
def test_unknown_parameters_are_refused(client: TestClient, path: str) -> None:
    assert client.get(f"/api/{path}?colour=red").status_code == 400
