"""Changing, renewing and revoking tokens, the last administrator, one's own tokens."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient

from service import tokens as acts
from service.accounts import Accounts
from service.atlas import Atlas
from service.errors import Conflict
from service.settings import Settings
from service.stores import open_store

Headers = dict[str, dict[str, str]]
Body = dict[str, Any]
SOON = (datetime.now(UTC) + timedelta(days=30)).isoformat()


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def role_of(client: TestClient, token: str) -> str | None:
    """What a login with the token may do; None: it opens nothing."""
    answer = client.get("/api/session", headers=bearer(token))
    return answer.json()["principal"]["role"] if answer.status_code == 200 else None


@pytest.fixture
def own(client: TestClient) -> Callable[..., Any]:
    """Make a token of one's own as the holder of another."""

    def made(held: str, **changes: Any) -> Any:
        body: Body = {"label": "QGIS", "role": "editor", "expires": SOON, **changes}
        return client.post("/api/session/tokens", json=body, headers=bearer(held))

    return made


def test_other_rights_hold_at_once(
    client: TestClient, atlas: Atlas, as_role: Headers
) -> None:
    record, token = atlas.accounts.create("Chen", "editor")
    session = atlas.accounts.open_session(token)
    url, admin = f"/api/tokens/{record.id}", as_role["admin"]
    changed = client.patch(url, json={"role": "viewer"}, headers=admin)
    assert (changed.status_code, changed.json()["role"]) == (200, "viewer")
    assert session and atlas.accounts.session(session.cookie).principal.role == "viewer"


def test_what_is_left_out_of_a_change_stays(
    client: TestClient, atlas: Atlas, as_role: Headers
) -> None:
    record, _ = atlas.accounts.create("Chen", "editor", layers=["parcels"])
    url = f"/api/tokens/{record.id}"
    changed = client.patch(url, json={"download": False}, headers=as_role["admin"])
    assert changed.json()["layers"] == ["parcels"]
    assert (changed.json()["role"], changed.json()["download"]) == ("editor", False)


def test_a_disabled_token_opens_nothing_until_it_is_enabled(
    client: TestClient, atlas: Atlas, as_role: Headers
) -> None:
    record, token = atlas.accounts.create("Chen", "editor")
    url, admin = f"/api/tokens/{record.id}", as_role["admin"]
    client.patch(url, json={"disabled": True}, headers=admin)
    off = role_of(client, token)
    client.patch(url, json={"disabled": False}, headers=admin)
    assert (off, role_of(client, token)) == (None, "editor")


def test_a_renewed_token_has_another_text_and_the_same_rights(
    client: TestClient, atlas: Atlas, as_role: Headers
) -> None:
    record, token = atlas.accounts.create("Chen", "editor", layers=["parcels"])
    url = f"/api/tokens/{record.id}/renewal"
    renewed = client.post(url, headers=as_role["admin"]).json()
    assert renewed["layers"] == ["parcels"] and renewed["token"] != token
    assert role_of(client, token) is None
    assert role_of(client, renewed["token"]) == "editor"


def test_who_was_here_when_is_listed(
    client: TestClient, atlas: Atlas, as_role: Headers
) -> None:
    record, token = atlas.accounts.create("Chen", "editor")
    atlas.accounts.open_session(token)
    url = f"/api/tokens/{record.id}"
    shown = client.get(url, headers=as_role["admin"]).json()
    assert shown["sessions"] == 1 and shown["last_login"].startswith("20")
    assert "hash" not in shown and "token" not in shown


@pytest.mark.parametrize("role", ["viewer", "editor", "reviewer"])
@pytest.mark.parametrize("act", ["patch", "post"])
def test_only_administrators_change_tokens(
    client: TestClient, as_role: Headers, role: str, act: str
) -> None:
    url = "/api/tokens/x" if act == "patch" else "/api/tokens/x/renewal"
    body = {"json": {"role": "admin"}} if act == "patch" else {}
    answer = client.request(act, url, headers=as_role[role], **body)
    assert answer.status_code == 403


@pytest.fixture
def one_administrator(tmp_path: Any) -> Any:
    """A service whose first start has made its only administrator."""
    from service.app import make_atlas

    store = open_store(f"gpkg:{tmp_path / 'atlas.gpkg'}")
    yield make_atlas(Settings(data_dir=tmp_path, admin_token=None), store)
    store.close()


@pytest.mark.parametrize(
    "changes",
    [{"role": "editor"}, {"disabled": True}, {"expires": datetime.now(UTC)}, None],
)
def test_the_last_administrator_stays(
    one_administrator: Atlas, changes: Body | None
) -> None:
    (last,) = one_administrator.accounts.tokens()
    soon = datetime.now(UTC) + timedelta(days=1)
    acts.make(one_administrator, "x", "a month's help", "admin", expires=soon)
    with pytest.raises(Conflict, match="last administrator"):
        if changes is None:
            acts.revoke(one_administrator, "x", last.id)
        else:
            acts.change(one_administrator, "x", last.id, changes)


def test_with_a_second_administrator_the_first_may_go(one_administrator: Atlas) -> None:
    (first,) = one_administrator.accounts.tokens()
    acts.make(one_administrator, "x", "another", "admin")
    acts.revoke(one_administrator, "x", first.id)
    assert [t.data["name"] for t in one_administrator.accounts.tokens()] == ["another"]


def test_every_act_is_noted_without_a_secret(
    client: TestClient, atlas: Atlas, as_role: Headers
) -> None:
    record, token = atlas.accounts.create("Chen", "editor")
    url, admin = f"/api/tokens/{record.id}", as_role["admin"]
    client.patch(url, json={"role": "viewer"}, headers=admin)
    renewed = client.post(f"{url}/renewal", headers=admin).json()
    client.delete(f"/api/tokens/{renewed['id']}", headers=admin)
    noted = list(atlas.store.audit())[-3:]
    names = ["token.change", "token.renew", "token.revoke"]
    assert [entry["action"] for entry in noted] == names
    assert token not in str(noted) and renewed["token"] not in str(noted)


def test_anyone_makes_a_token_of_their_own_under_their_own_name(
    client: TestClient, tokens: Any, own: Any
) -> None:
    made = own(tokens["reviewer"], role="reviewer").json()
    holder = client.get("/api/session", headers=bearer(made["token"])).json()
    me = client.get("/api/session", headers=bearer(tokens["reviewer"])).json()
    assert holder["principal"]["name"] == me["principal"]["name"]
    listed = client.get("/api/session/tokens", headers=bearer(tokens["reviewer"]))
    shown = {one["id"]: one for one in listed.json()["tokens"]}
    assert shown[made["id"]]["label"] == "QGIS" and "token" not in shown[made["id"]]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"role": "reviewer"}, 403),
        ({"layers": ["district"]}, 422),
        ({"expires": "2001-01-01T00:00:00Z"}, 422),
        ({"expires": "2999-01-01T00:00:00Z"}, 422),
        ({"expires": None}, 422),
    ],
)
def test_what_one_cannot_do_oneself_cannot_be_lent(
    atlas: Atlas, own: Any, changes: Body, status: int
) -> None:
    _, held = atlas.accounts.create("Chen", "editor", layers=["parcels"])
    answer = own(held, **changes)
    assert answer.status_code == status
    assert answer.json()["detail_zh"]


def test_a_lent_token_is_worth_what_its_maker_is(
    client: TestClient, atlas: Atlas, own: Any
) -> None:
    record, held = atlas.accounts.create("Chen", "editor")
    lent = own(held).json()["token"]
    acts.change(atlas, "x", record.id, {"role": "viewer", "layers": ["parcels"]})
    principal = client.get("/api/session", headers=bearer(lent)).json()["principal"]
    assert (principal["role"], principal["layers"]) == ("viewer", ["parcels"])
    acts.change(atlas, "x", record.id, {"disabled": True})
    assert role_of(client, lent) is None


def test_a_lent_token_ends_with_its_makers_and_lends_none(
    client: TestClient, atlas: Atlas, own: Any
) -> None:
    record, held = atlas.accounts.create("Chen", "editor")
    lent = own(held).json()
    assert own(lent["token"]).status_code == 403
    acts.revoke(atlas, "x", record.id)
    assert role_of(client, lent["token"]) is None
    assert atlas.store.get("token", lent["id"]) is None


def test_one_revokes_ones_own_tokens_only(
    client: TestClient, tokens: Any, own: Any
) -> None:
    made = own(tokens["editor"]).json()
    url = f"/api/session/tokens/{made['id']}"
    other = client.delete(url, headers=bearer(tokens["reviewer"]))
    mine = client.delete(url, headers=bearer(tokens["editor"]))
    assert (other.status_code, mine.status_code) == (404, 204)
    assert role_of(client, made["token"]) is None


def test_a_token_that_the_settings_name_is_not_renewed(atlas: Atlas) -> None:
    accounts: Accounts = atlas.accounts
    (configured,) = [t for t in accounts.tokens() if t.data.get("origin") == "settings"]
    with pytest.raises(Conflict):
        acts.renew(atlas, "x", configured.id)
