"""Returned and handed in again: the new changeset names the old one, and the reviewer
sees what has changed since."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.uploads.files import feature, geojson, send, square

Roles = dict[str, dict[str, str]]


def parcel(id: str, step: int = 0, **properties: Any) -> dict[str, Any]:
    shape = square(113.235 + step * 0.002, 23.085)
    return feature(shape, id=id, parcel_code=id, **properties)


@pytest.fixture
def submit(client: TestClient, as_role: Roles) -> Callable[..., Any]:
    """Upload and submit, each time from another file; the answer."""
    names = (f"{n}.geojson" for n in count())

    def submit(*features: dict[str, Any], by: str = "editor", **said: Any) -> Any:
        sent = send(client, as_role[by], next(names), geojson(*features))
        url = f"/api/uploads/{sent.json()['id']}/submit"
        return client.post(url, json=said, headers=as_role[by])

    return submit


@pytest.fixture
def returned(
    client: TestClient, as_role: Roles, submit: Callable[..., Any]
) -> Callable[..., dict[str, Any]]:
    """A changeset that came back."""

    def returned(*features: dict[str, Any]) -> dict[str, Any]:
        made: dict[str, Any] = submit(*features).json()
        url = f"/api/changesets/{made['id']}/reject"
        client.post(url, json={"reason": "界址不清"}, headers=as_role["reviewer"])
        return made

    return returned


def test_another_file_shows_what_has_changed_since_the_first_came_back(
    client: TestClient, as_role: Roles, submit: Any, returned: Any
) -> None:
    first = returned(parcel("K-1", 0), parcel("K-2", 1), parcel("K-3", 2))
    corrected = (parcel("K-1", 0), parcel("K-2", 1, name_zh="乙"), parcel("K-4", 3))
    second = submit(*corrected, answers=first["id"]).json()
    assert second["previous"] == first["id"]
    url = f"/api/changesets/{second['id']}/diff?since=previous"
    diff = client.get(url, headers=as_role["reviewer"]).json()
    changes = {f["id"]: f["properties"]["change"] for f in diff["features"]["features"]}
    assert changes == {"K-2": "change_attributes", "K-3": "remove", "K-4": "add"}
    assert diff["summary"]["adds"] == 1


def test_the_same_upload_handed_in_again_names_the_returned_changeset(
    client: TestClient, as_role: Roles, returned: Any
) -> None:
    first = returned(parcel("K-5", 4))
    url = f"/api/uploads/{first['upload']}/submit"
    again = client.post(url, headers=as_role["editor"]).json()
    assert again["previous"] == first["id"]


def test_a_changeset_answers_only_its_authors_own_returned_one(
    submit: Any, returned: Any
) -> None:
    waiting = submit(parcel("K-6", 5)).json()["id"]
    others = returned(parcel("K-7", 6))["id"]
    refused = [
        submit(parcel("K-8", 7), answers=waiting),
        submit(parcel("K-8", 7), by="reviewer2", answers=others),
        submit(parcel("K-8", 7), answers="nothing"),
    ]
    assert [answer.status_code for answer in refused] == [422, 422, 422]
    assert "被退回" in refused[0].json()["detail_zh"]


def test_a_first_changeset_has_nothing_before_it(
    client: TestClient, as_role: Roles, submit: Any
) -> None:
    made = submit(parcel("K-9", 8)).json()
    url = f"/api/changesets/{made['id']}/diff"
    headers = as_role["reviewer"]
    assert client.get(f"{url}?since=previous", headers=headers).status_code == 404
    assert client.get(f"{url}?since=yesterday", headers=headers).status_code == 400
