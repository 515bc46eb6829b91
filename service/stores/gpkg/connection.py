"""SQLite as a ``Database``: one connection per thread, WAL, errors translated."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock, local
from typing import Any, TypeVar
from weakref import finalize

from service.errors import InsufficientStorage, ServiceError, StoreUnavailable
from service.stores.database import RETRY_S, Database, Row, Values
from service.stores.gpkg.functions import FUNCTIONS

log = logging.getLogger(__name__)
T = TypeVar("T")

CACHE_KIB = 8_000
ROOMY_KIB = 128_000
#: The page size must come before the first page is written; the map spares copying
#: what the operating system has cached already.
PRAGMAS = f"""
PRAGMA page_size = 8192;
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA mmap_size = 2147418112;
PRAGMA cache_size = -{CACHE_KIB};
PRAGMA temp_store = MEMORY;
PRAGMA case_sensitive_like = ON;
"""
#: A writer waits this long for another one: the largest publication takes less.
BUSY_SECONDS = 60.0


class SqliteDatabase(Database):
    """The file, opened once per thread on first use."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = local()
        self._opened: list[sqlite3.Connection] = []
        self._lock = Lock()
        # A thread that outlives ``close`` opens its own anew, and ends without a word.
        finalize(self, _close_all, self._opened).atexit = False

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        try:
            found: sqlite3.Connection = self._local.connection
        except AttributeError:
            found = self._local.connection = _translated(self._open)
        return found

    def all(self, sql: str, values: Values = ()) -> list[Row]:
        return _translated(lambda: self.connection.execute(sql, values).fetchall())

    def one(self, sql: str, values: Values = ()) -> Row | None:
        alone = not self.connection.in_transaction
        try:
            return self._one(sql, values)
        except sqlite3.Error as error:
            if not (alone and _is_full(error)):
                raise _told(error) from error
        self.take_over_log()
        return _translated(lambda: self._one(sql, values))

    def _one(self, sql: str, values: Values) -> Row | None:
        cursor = self.connection.execute(sql, values)
        row: Row | None = cursor.fetchone()
        # A statement not run to its end would hold its read lock.
        cursor.close()
        return row

    def run(self, sql: str, values: Values = ()) -> int:
        alone = not self.connection.in_transaction
        try:
            return self.connection.execute(sql, values).rowcount
        except sqlite3.Error as error:
            if not (alone and _is_full(error)):
                raise _told(error) from error
        self.take_over_log()
        return _translated(lambda: self.connection.execute(sql, values).rowcount)

    def take_over_log(self) -> None:
        """Bring what the log holds into the file, as far as nobody reads it: the log is
        then written again from its beginning, which takes no room on the disk."""
        with suppress(sqlite3.Error):  # it stays in the log
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        _translated(lambda: self.connection.executemany(sql, rows))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        with self._begun("BEGIN IMMEDIATE"):
            yield

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with self._begun("BEGIN"):
            yield

    @contextmanager
    def _begun(self, begin: str) -> Iterator[None]:
        if self.connection.in_transaction:
            yield
            return
        self.run(begin)
        try:
            yield
            self.run("COMMIT")
        except BaseException as error:
            if self.connection.in_transaction:
                self.connection.rollback()
            if isinstance(error, InsufficientStorage):  # the next one may fit
                self.take_over_log()
            raise

    @contextmanager
    def roomy(self, wanted: bool) -> Iterator[None]:
        """Room for a large transaction: pages are written once, not on each reuse."""
        if not wanted:
            yield
            return
        self.run(f"PRAGMA cache_size = -{ROOMY_KIB}")
        try:
            yield
        finally:
            self.run(f"PRAGMA cache_size = -{CACHE_KIB}")

    def lock(self, name: str) -> None:
        """Nothing to do: a writing transaction holds the whole file."""

    def member(self, column: str, name: str) -> str:
        escaped = name.replace('"', "").replace("'", "''")
        return f"json_extract({column}, '$.\"{escaped}\"') IS ?"

    def has_table(self, name: str) -> bool:
        sql = "SELECT 1 FROM sqlite_master WHERE name = ?"
        return self.one(sql, (name,)) is not None

    def close(self) -> None:
        with self._lock:
            _close_all(self._opened)
        self._local = local()

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
        )
        try:
            connection.executescript(PRAGMAS)
        except sqlite3.Error:  # no database; whoever asks again opens it again
            connection.close()
            raise
        for name, (arity, function) in FUNCTIONS.items():
            connection.create_function(name, arity, function, deterministic=True)
        with self._lock:
            self._opened.append(connection)
        return connection


def _close_all(opened: list[sqlite3.Connection]) -> None:
    while opened:
        opened.pop().close()


def store_full() -> InsufficientStorage:
    """The transaction is rolled back: all or nothing."""
    return InsufficientStorage(
        "The store's disk is full. Nothing has been changed; ask the operator to make"
        " room, then try again.",
        "数据存储所在磁盘已满。数据没有改动；请管理员腾出空间后重试。",
    )


def _translated(act: Callable[[], T]) -> T:
    try:
        return act()
    except sqlite3.Error as error:
        raise _told(error) from error


def _is_full(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL


def _told(error: sqlite3.Error) -> ServiceError:
    """What the driver's error is to the caller; its text goes to the log."""
    log.error("the store refused a statement", exc_info=error)
    if _is_full(error):
        return store_full()
    return StoreUnavailable(
        "The store does not answer. Try again; if it stays so, see the log.",
        "数据存储暂不可用，请稍后重试；若仍失败，请查看日志。",
        retry_after=RETRY_S,
    )
