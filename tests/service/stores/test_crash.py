"""kill -9 while a version is being published leaves the old version or the new one."""

from __future__ import annotations

import random
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from service.stores import open_store
from service.stores.base import ItemQuery, Store
from service.stores.gpkg import GeoPackageStore, laying

from .publish_forever import FEATURES, PLOTS
from .samples import EVERYTHING, LAYER, features

PUBLISHER = Path(__file__).with_name("publish_forever.py")
ROOT = Path(__file__).resolve().parents[3]


def killed_publisher(url: str, after: float, how: str) -> int:
    """Start publishing, kill -9 after some seconds; the last version it reported."""
    process = subprocess.Popen(
        [sys.executable, str(PUBLISHER), url, how],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    time.sleep(after)
    process.kill()
    reported = process.stdout.read().split()
    process.stdout.close()
    process.wait()
    return int(reported[-1]) if reported else 0


def whole(store: Store, number: int) -> bool:
    """Whether a version has exactly its features, by every way of reading."""
    listed = features(store.items(LAYER, number, EVERYTHING))
    names = {feature["properties"]["name_zh"] for feature in listed}
    boxed = store.items(LAYER, number, ItemQuery(bbox=(113, 23, 114, 24), limit=9999))
    frame = store.frame(LAYER, number)
    counts = {len(listed), boxed.returned, len(frame)}
    return names == {str(number)} and counts == {FEATURES}


@pytest.mark.parametrize("how", ["at once", "laid"])
@pytest.mark.parametrize("seed", range(3))
def test_a_kill_leaves_whole_versions_only(tmp_path: Path, seed: int, how: str) -> None:
    dice, url = random.Random(seed), f"gpkg:{tmp_path / 'atlas.gpkg'}"
    for _ in range(3):
        reported = killed_publisher(url, dice.uniform(0.05, 0.6), how)
        store = open_store(url)
        store.prepare([PLOTS])
        current = store.current_version(LAYER)
        assert current in (reported, reported + 1) or reported == 0
        assert all(whole(store, v.number) for v in store.versions(LAYER)[:3])
        assert isinstance(store, GeoPackageStore)
        assert store.audit_break() is None
        assert not laying._left(store._db, LAYER)
        store.close()
    with closing(sqlite3.connect(tmp_path / "atlas.gpkg")) as file:
        assert file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        check = "SELECT rtreecheck('plots__index')"
        assert file.execute(check).fetchone() == ("ok",)
