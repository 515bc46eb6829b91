"""Snapshots: read once, kept while there is room."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import cast

import numpy as np
import pytest
import shapely

from geo.frame import Frame
from service.snapshots import Snapshot, Snapshots
from service.stores.base import Store


class OneStore:
    """Gives frames of as many features as the version's number; counts readings."""

    def __init__(self) -> None:
        self.read: list[tuple[str, int]] = []

    def frame(self, layer: str, version: int) -> Frame:
        self.read.append((layer, version))
        time.sleep(0.02)
        return frame(version)


def frame(count: int) -> Frame:
    ids = np.array([f"p{n}" for n in range(count)], dtype=object)
    shapes = np.array([shapely.Point(n, n) for n in range(count)], dtype=object)
    shapes[1::2] = None
    return Frame(ids, shapes)


@pytest.fixture
def store() -> OneStore:
    return OneStore()


@pytest.fixture
def snapshots(store: OneStore) -> Snapshots:
    return Snapshots(cast(Store, store), max_features=10)


def test_many_who_ask_at_once_share_one_reading(
    snapshots: Snapshots, store: OneStore
) -> None:
    with ThreadPoolExecutor(8) as pool:
        got = list(pool.map(lambda _: snapshots.get("plots", 4), range(8)))
    assert store.read == [("plots", 4)]
    assert all(one is got[0] for one in got)


def test_the_least_used_makes_room(snapshots: Snapshots, store: OneStore) -> None:
    for version in (4, 5, 4, 3, 5):
        snapshots.get("plots", version)
    assert [version for _, version in store.read] == [4, 5, 3, 5]


def test_one_too_large_is_kept_alone(snapshots: Snapshots, store: OneStore) -> None:
    snapshots.get("plots", 50)
    snapshots.get("plots", 50)
    assert len(store.read) == 1


def test_a_reading_that_fails_can_be_tried_again(
    snapshots: Snapshots, store: OneStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(store, "frame", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            snapshots.get("plots", 2)
    assert len(snapshots.get("plots", 2).frame) == 2


def test_a_snapshot_knows_rows_by_id_and_place() -> None:
    snapshot = Snapshot("plots", 1, frame(4))
    assert snapshot.rows(["p3", "nobody", "p0"]).tolist() == [3, 0]
    assert snapshot.located.tolist() == [0, 2]
    assert snapshot.bounds[2].tolist() == [2, 2, 2, 2]
