"""While somebody holds the store's write lock, the others go on reading."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Thread
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.atlas import Atlas
from service.stores.gpkg import GeoPackageStore

Roles = dict[str, dict[str, str]]
ITEMS = "/api/collections/district/items"


@pytest.fixture
def lock(atlas: Atlas) -> Iterator[sqlite3.Connection]:
    """A publication of another process that takes long."""
    assert isinstance(atlas.store, GeoPackageStore)
    with closing(sqlite3.connect(atlas.store.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield other
        if other.in_transaction:
            other.execute("COMMIT")


def writes(client: TestClient, as_role: Roles, token: str) -> dict[str, Any]:
    made = client.post(
        "/api/tokens", json={"name": "x", "role": "viewer"}, headers=as_role["admin"]
    ).json()
    return {
        "login": lambda: client.post("/api/session", json={"token": token}),
        "token": lambda: client.post(
            "/api/tokens",
            json={"name": "y", "role": "viewer"},
            headers=as_role["admin"],
        ),
        "revocation": lambda: client.delete(
            f"/api/tokens/{made['id']}", headers=as_role["admin"]
        ),
    }


@pytest.mark.parametrize("what", ["login", "token", "revocation"])
def test_who_writes_waits_and_who_reads_does_not(
    client: TestClient,
    as_role: Roles,
    tokens: dict[str, str],
    what: str,
    request: pytest.FixtureRequest,
) -> None:
    write: Callable[[], Any] = writes(client, as_role, tokens["viewer"])[what]
    other: sqlite3.Connection = request.getfixturevalue("lock")
    answers: list[int] = []
    writer = Thread(target=lambda: answers.append(write().status_code))
    writer.start()
    reads = [client.get(f"{ITEMS}?limit={n}").status_code for n in range(1, 20)]
    assert set(reads) == {200}
    assert answers == []
    other.execute("COMMIT")
    writer.join()
    assert answers[0] in (200, 201, 204)
