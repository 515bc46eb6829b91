"""Several processes over one store: what one publishes, all serve at once."""

from __future__ import annotations

import urllib.error
import urllib.request
from email.message import Message

import numpy as np
import orjson
import pytest
import shapely

from geo.frame import Frame
from service.atlas import Atlas
from service.stores.base import Changes, Publication


def get(url: str, etag: str = "") -> tuple[int, Message, bytes]:
    request = urllib.request.Request(url, headers={"if-none-match": etag})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()


def publish(atlas: Atlas, name: str) -> int:
    """Publish from this process."""
    ids = np.array([name], dtype=object)
    square = np.array([shapely.box(113.2, 23.1, 113.21, 23.11)], dtype=object)
    frame = Frame(ids, square, {"name_zh": ids})
    changes = Changes(frame, np.array([], dtype=object))
    base = atlas.store.current_version("parcels")
    return atlas.store.publish(changes, Publication("parcels", base, "Chen")).number


@pytest.mark.parametrize("name", ["first", "second", "third"])
def test_another_process_serves_it_at_once(
    live_url: str, atlas: Atlas, name: str
) -> None:
    url = f"{live_url}/api/collections/parcels/items?limit=100"
    before = get(url)[1]["etag"]
    held = get(url, before)[0]
    number = publish(atlas, name)
    status, headers, body = get(url, before)
    assert (held, status) == (304, 200)
    assert headers["etag"] != before
    answer = orjson.loads(body)
    assert answer["version"] == number
    assert name in [feature["id"] for feature in answer["features"]]


def test_a_revoked_token_ends_in_every_process(live_url: str, atlas: Atlas) -> None:
    record, token = atlas.accounts.create("Wang", "viewer")
    request = urllib.request.Request(
        f"{live_url}/api/session", headers={"authorization": f"Bearer {token}"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200
    atlas.accounts.revoke(record.id)
    with pytest.raises(urllib.error.HTTPError, match="401") as refusal:
        urllib.request.urlopen(request, timeout=60)
    refusal.value.close()
