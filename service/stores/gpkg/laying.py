"""Rows of a version that is not published yet.

A large version is laid down in batches, each a short transaction, under ``v_to`` 0,
which no reader asks for; one more transaction lets it appear. Others can write between
the batches. Who publishes a layer holds its lock, so that what lies there unpublished
while nobody holds it was left by a process that was ended.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from service.errors import ServiceError
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.tables import OPEN, table

#: So many new features are laid down before the transaction that publishes them.
WORTH_LAYING = 5_000
#: ``v_to`` of a row that is laid down.
LAID = 0
_PARTS = ("features", "geometry", "texts")
_REMOVED_AT_ONCE = 20_000
#: SQLite asks again for a lock at least this often; after so long a turn, others first.
_TURN_S, _PAUSE_S = 0.3, 0.11


class Turns:
    """Short transactions, with room for other writers between them."""

    def __init__(self, db: SqliteDatabase) -> None:
        self._db, self._held = db, 0.0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if self._held > _TURN_S:
            time.sleep(_PAUSE_S)
            self._held = 0.0
        began = time.monotonic()
        with self._db.transaction():
            yield
        self._held += time.monotonic() - began


@contextmanager
def alone(db: SqliteDatabase, layer: str, *, wait: bool = True) -> Iterator[None]:
    """Hold the layer's lock among all processes and threads that publish. Raises
    ``BlockingIOError`` where it is held and nobody waits."""
    folder = Path(f"{db.path}-publishing")
    folder.mkdir(exist_ok=True)
    handle = os.open(folder / layer, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(handle)


def sweep(db: SqliteDatabase, layer: str) -> None:
    """Remove what a process that was ended has laid down, unless one is at it now."""
    if not _left(db, layer):
        return
    with suppress(BlockingIOError, ServiceError), alone(db, layer, wait=False):
        remove_laid(db, layer)


def remove_laid(db: SqliteDatabase, layer: str) -> None:
    """Remove everything behind the last published row. Holding the layer's lock."""
    turns, last = Turns(db), _last(db, layer)
    for part in _PARTS:
        name = table(layer, part)
        sql = (
            f"DELETE FROM {name} WHERE rid IN (SELECT rid FROM {name}"
            f" WHERE rid > ? ORDER BY rid DESC LIMIT {_REMOVED_AT_ONCE})"
        )
        removed = 1
        while removed:
            with turns.transaction():
                removed = db.run(sql, (last,))


def appear(db: SqliteDatabase, layer: str, first: int) -> None:
    """Inside the publishing transaction: what was laid down from ``first`` on holds."""
    features = table(layer, "features")
    db.run(f"UPDATE {features} SET v_to = {OPEN} WHERE rid >= ?", (first,))


def _left(db: SqliteDatabase, layer: str) -> bool:
    ends = [
        f"coalesce((SELECT max(rid) FROM {table(layer, part)}), 0)" for part in _PARTS
    ]
    row = db.one(f"SELECT max({', '.join(ends)})") or (0,)
    return bool(row[0] > _last(db, layer))


def _last(db: SqliteDatabase, layer: str) -> int:
    row = db.one(
        f"SELECT rid FROM {table(layer, 'features')} WHERE v_to <> {LAID}"
        " ORDER BY rid DESC LIMIT 1"
    )
    return int(row[0]) if row else 0
