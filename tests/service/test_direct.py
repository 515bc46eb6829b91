"""The shortest way to a feature answers as the general way does."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from service.atlas import Atlas
from service.routes import features

#: Means the same as ``*/*``, but has to be looked at.
GENERAL = {"accept": "application/json;q=0.9, */*;q=0.8"}


def at(layer: str, id: str) -> str:
    return f"/api/collections/{layer}/items/{id}"


def first_ids(client: TestClient, layer: str) -> list[str]:
    answer = client.get(f"/api/collections/{layer}/items?limit=25").json()
    return [feature["id"] for feature in answer["features"]]


@pytest.mark.parametrize("layer", ["district", "old-villages", "metro-lines"])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "zstd"])
def test_both_ways_give_the_same_answer(
    client: TestClient, layer: str, encoding: str
) -> None:
    for id in first_ids(client, layer):
        sent = {"accept-encoding": encoding}
        short = client.get(at(layer, id), headers=sent)
        general = client.get(at(layer, id), headers=sent | GENERAL)
        assert short.content == general.content
        assert dict(short.headers) == dict(general.headers)


def test_the_short_way_is_taken(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    (id, *_) = first_ids(client, "old-villages")
    monkeypatch.delattr(features, "feature")  # what the general way writes with
    assert client.get(at("old-villages", id)).json()["id"] == id


def test_what_is_held_already_is_not_sent_again(client: TestClient) -> None:
    (id, *_) = first_ids(client, "old-villages")
    etag = client.get(at("old-villages", id)).headers["etag"]
    again = client.get(at("old-villages", id), headers={"if-none-match": etag})
    assert again.status_code == 304


def test_an_unknown_id_is_told_as_ever(client: TestClient) -> None:
    short = client.get(at("old-villages", "no-such-village"))
    general = client.get(at("old-villages", "no-such-village"), headers=GENERAL)
    assert short.status_code == 404
    assert short.json() == general.json()


def test_a_token_that_does_not_hold_is_refused(client: TestClient) -> None:
    (id, *_) = first_ids(client, "old-villages")
    sent = {"authorization": "Bearer nonsense"}
    assert client.get(at("old-villages", id), headers=sent).status_code == 401


def test_it_names_the_version_it_was_read_from(
    client: TestClient, atlas: Atlas
) -> None:
    (id, *_) = first_ids(client, "old-villages")
    told = client.get(at("old-villages", id)).json()["version"]
    assert told == atlas.store.current_version("old-villages")
