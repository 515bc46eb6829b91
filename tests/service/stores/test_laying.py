"""Large versions are laid down before they are published: seen by nobody, in nobody's
way, and gone if they never appear."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.errors import Conflict
from service.stores import open_store
from service.stores.base import Changes, Publication
from service.stores.gpkg import GeoPackageStore, laying
from service.stores.gpkg.connection import SqliteDatabase

from .publish_forever import PLOTS
from .samples import EVERYTHING, LAYER, features, frame, objects, publish, square

COUNT = 5_000


class Stop(Exception):
    """Raised in the middle."""


@pytest.fixture(autouse=True)
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(laying, "WORTH_LAYING", 100)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GeoPackageStore]:
    opened = open_store(f"gpkg:{tmp_path / 'atlas.gpkg'}")
    assert isinstance(opened, GeoPackageStore)
    opened.prepare([PLOTS])
    yield opened
    opened.close()


def changes(count: int, name: str, first: int = 0) -> Changes:
    ids = [f"p{i}" for i in range(first, first + count)]
    shapes = [square(i % 70, i // 70) for i in range(count)]
    return Changes(frame(ids, shapes, name_zh=[name] * count), objects([]))


def stopped(store: GeoPackageStore, base: int, after: int = 3_000) -> None:
    """Publish, and be stopped once so many features are laid down."""

    def told(done: int, total: int) -> None:
        if done >= after:
            raise Stop

    with pytest.raises(Stop):
        store.publish(changes(COUNT, "乙"), Publication(LAYER, base, "an"), told=told)


def rows(store: GeoPackageStore) -> list[int]:
    parts = ("features", "geometry", "texts")
    sql = 'SELECT count(*) FROM "plots__{}"'
    return [(store._db.one(sql.format(part)) or (0,))[0] for part in parts]


def test_a_version_laid_down_holds_what_it_should(store: GeoPackageStore) -> None:
    publish(store, changes(COUNT, "甲").upserts)
    version = publish(store, changes(COUNT // 2, "乙", COUNT // 4).upserts)
    assert (version.feature_count, version.changes) == (COUNT, COUNT // 2)
    assert [f["properties"]["name_zh"] for f in features_of(store, 1)] == ["甲"] * COUNT
    names = [f["properties"]["name_zh"] for f in features_of(store, 2)]
    assert (names.count("甲"), names.count("乙")) == (COUNT // 2, COUNT // 2)


def features_of(store: GeoPackageStore, number: int) -> list[dict]:
    return features(store.items(LAYER, number, EVERYTHING))


def test_nobody_sees_what_is_being_laid_down(store: GeoPackageStore) -> None:
    publish(store, changes(200, "甲").upserts)
    seen = []

    def told(done: int, total: int) -> None:
        ids = ("p0", "p4000")
        there = [store.item(LAYER, 1, id) is not None for id in ids]
        history = [len(store.history(LAYER, id)) for id in ids]
        newest = [store.newest(LAYER, id) is not None for id in ids]
        box = len(store.frame(LAYER, 1))
        seen.append((there, history, newest, box, store.current_version(LAYER)))

    store.publish(changes(COUNT, "乙"), Publication(LAYER, 1, "an"), told=told)
    expected = ([True, False], [1, 0], [True, False], 200, 1)
    assert len(seen) > 1 and all(found == expected for found in seen)


def test_others_write_while_it_is_laid_down(
    store: GeoPackageStore, tmp_path: Path
) -> None:
    other = SqliteDatabase(tmp_path / "atlas.gpkg")
    other.run("PRAGMA busy_timeout = 0")

    def told(done: int, total: int) -> None:
        other.run("INSERT INTO atlas_records VALUES (NULL, 'x', ?, 1, '{}')", (done,))

    store.publish(changes(COUNT, "乙"), Publication(LAYER, 0, "an"), told=told)
    assert len(store.records("x")) >= COUNT // 2_000
    other.close()


def test_what_fails_half_way_leaves_nothing(store: GeoPackageStore) -> None:
    publish(store, changes(200, "甲").upserts)
    before = rows(store)
    stopped(store, 1)
    assert rows(store) == before
    assert publish(store, changes(COUNT, "乙").upserts).number == 2


def test_what_a_killed_process_left_is_swept_at_the_next_start(
    store: GeoPackageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, changes(200, "甲").upserts)
    before = rows(store)
    with monkeypatch.context() as killed:
        killed.setattr(laying, "remove_laid", lambda db, layer: None)
        stopped(store, 1)
    assert rows(store) != before
    store.prepare([PLOTS])
    assert rows(store) == before
    assert len(features_of(store, 1)) == 200


def test_what_another_process_is_laying_down_is_not_swept(
    store: GeoPackageStore,
) -> None:
    def told(done: int, total: int) -> None:
        laying.sweep(store._db, LAYER)

    version = store.publish(
        changes(COUNT, "乙"), Publication(LAYER, 0, "an"), told=told
    )
    assert len(features_of(store, version.number)) == COUNT


def test_a_version_on_an_old_one_is_refused_before_anything_is_laid_down(
    store: GeoPackageStore,
) -> None:
    publish(store, changes(200, "甲").upserts)
    before = rows(store)
    with pytest.raises(Conflict):
        store.publish(changes(COUNT, "乙"), Publication(LAYER, 0, "an"))
    assert rows(store) == before


def test_indexes_are_whole_again(store: GeoPackageStore, tmp_path: Path) -> None:
    publish(store, changes(COUNT, "甲").upserts)
    with closing(sqlite3.connect(tmp_path / "atlas.gpkg")) as file:
        names = {row[0] for row in file.execute("SELECT name FROM sqlite_master")}
        checked = file.execute("PRAGMA integrity_check").fetchall()
    assert f"{LAYER}__id" in names and checked == [("ok",)]
