"""A full disk: small changes still find room."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from service.errors import InsufficientStorage
from service.stores.gpkg import GeoPackageStore, reserve
from service.stores.gpkg.connection import SqliteDatabase

from .conftest import layer
from .samples import frame, publish


class Full:
    """A connection whose log has no room before it is taken over."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.has_room = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:
        self.has_room |= "wal_checkpoint" in sql
        if sql.startswith(("INSERT", "DELETE")) and not self.has_room:
            error = sqlite3.OperationalError("database or disk is full")
            error.sqlite_errorcode = sqlite3.SQLITE_FULL
            raise error
        return self._connection.execute(sql, values)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[GeoPackageStore]:
    with closing(GeoPackageStore(f"gpkg:{tmp_path / 'atlas.gpkg'}")) as store:
        store.prepare([layer()])
        yield store


@pytest.fixture
def full(store: GeoPackageStore) -> Full:
    store.put("upload", "old", {})
    full = Full(store._db.connection)
    store._db._local.connection = full
    return full


def test_a_login_is_written_over_what_the_log_no_longer_needs(
    store: GeoPackageStore, full: Full
) -> None:
    store.put("session", "a", {"csrf": "x"})
    assert store.get("session", "a") is not None


def test_an_upload_can_be_deleted_to_make_room(
    store: GeoPackageStore, full: Full
) -> None:
    assert store.delete("upload", "old")
    assert store.get("upload", "old") is None


def test_a_transaction_is_not_taken_up_in_its_middle(
    store: GeoPackageStore, full: Full
) -> None:
    with pytest.raises(InsufficientStorage), store.transaction():
        store.put("session", "a", {})
    assert store.get("session", "a") is None
    with store.transaction():
        store.put("session", "b", {})
    assert store.get("session", "b") is not None


def _room(db: SqliteDatabase) -> tuple[int, int]:
    return reserve._log_bytes(db), reserve._free_bytes(db)


def test_an_open_store_keeps_free_pages_and_a_log(store: GeoPackageStore) -> None:
    assert min(_room(store._db)) >= reserve.ROOM_BYTES
    assert not store.records("reserve")


def test_a_store_that_is_opened_again_keeps_them_again(
    store: GeoPackageStore,
) -> None:
    pages = _room(store._db)[1]
    store.close()
    store.prepare([layer()])
    log, free = _room(store._db)
    assert log >= reserve.ROOM_BYTES and free == pages


def test_what_a_publication_has_used_up_is_kept_again(store: GeoPackageStore) -> None:
    with store.transaction():
        store.put("large", "a", {"text": "x" * 2 * reserve.ROOM_BYTES})
    assert _room(store._db)[1] == 0
    publish(store, frame(["a", "b"]))
    assert min(_room(store._db)) >= reserve.ROOM_BYTES // 2
