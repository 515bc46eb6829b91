"""Backups are whole, restores put everything back."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.backup import backup, restore
from service.errors import Conflict, Unprocessable
from service.stores import open_store
from service.stores.base import Store
from tests.service.stores.conftest import layer, open_again, store, store_url
from tests.service.stores.samples import LAYER, frame, grid, ids, publish

__all__ = ["open_again", "store", "store_url"]
LAYERS = [layer()]


@pytest.fixture
def file(store: Store, tmp_path: Path) -> Path:
    """A backup of a store that has moved on since."""
    publish(store, grid(20))
    store.put("token", "t1", {"name": "安"})
    path = tmp_path / "backup.gpkg"
    backup(store, path, LAYERS)
    publish(store, frame(["later"]))
    store.delete("token", "t1")
    return path


def test_a_backup_opens_as_a_store(file: Path) -> None:
    copy = open_store(f"gpkg:{file}")
    copy.prepare(LAYERS)
    assert copy.current_version(LAYER) == 1
    assert len(ids(copy, 1)) == 400
    copy.close()


def test_a_restore_puts_everything_back(
    store: Store, store_url: str, file: Path
) -> None:
    store.close()
    restore(file, store_url, LAYERS)
    again = open_store(store_url)
    again.prepare(LAYERS)
    assert again.current_version(LAYER) == 1
    assert again.get("token", "t1") is not None
    again.close()


def test_a_file_in_use_is_not_replaced(
    store: Store, store_url: str, file: Path
) -> None:
    if not store_url.startswith("gpkg:"):
        pytest.skip("PostgreSQL replaces inside a transaction")
    with pytest.raises(Conflict, match="Stop the service"):
        restore(file, store_url, LAYERS)


def test_an_older_backup_is_never_overwritten(store: Store, file: Path) -> None:
    with pytest.raises(Conflict):
        backup(store, file, LAYERS)


def test_a_cut_backup_is_refused(store_url: str, file: Path) -> None:
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(Unprocessable):
        restore(file, store_url, LAYERS)


def test_a_file_that_is_no_backup_is_refused(store_url: str, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("note")
    with pytest.raises(Unprocessable):
        restore(tmp_path / "note.txt", store_url, LAYERS)
