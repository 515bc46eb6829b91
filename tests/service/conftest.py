"""Changesets as people make and decide them, over HTTP."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.uploads.files import Headers, geojson, send

Roles = dict[str, Headers]


@pytest.fixture
def propose(client: TestClient, as_role: Roles) -> Any:
    """Upload features and submit them; the changeset."""

    def propose(*features: dict[str, Any], **fields: Any) -> dict[str, Any]:
        headers = as_role["editor"]
        answer = send(client, headers, "a.geojson", geojson(*features), **fields)
        assert answer.status_code == 201, answer.text
        url = f"/api/uploads/{answer.json()['id']}/submit"
        submitted = client.post(url, headers=headers)
        assert submitted.status_code == 201, submitted.text
        changeset: dict[str, Any] = submitted.json()
        return changeset

    return propose


@pytest.fixture
def decide(client: TestClient, as_role: Roles) -> Any:
    def decide(changeset: dict[str, Any], what: str, role: str = "reviewer") -> Any:
        url = f"/api/changesets/{changeset['id']}/{what}"
        body = {"reason": "界址不清"} if what == "reject" else None
        return client.post(url, json=body, headers=as_role[role])

    return decide
