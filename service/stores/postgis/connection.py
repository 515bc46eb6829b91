"""PostgreSQL as a ``Database``: a pool of connections, errors translated."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from threading import local
from typing import Any

import orjson
import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from service.errors import BadRequest, InsufficientStorage, StoreUnavailable
from service.stores.database import RETRY_S, Database, Row, Values

log = logging.getLogger(__name__)
Connection = psycopg.Connection[Row]

#: Where the tables go unless the URL sets a ``search_path``.
DEFAULT_PATH = "-csearch_path=atlas,public"
CONNECTIONS = 16
WAIT_SECONDS = 10.0
ASK_AFTER_S = 0.5
#: What has just been found down is not asked again for so long: some readers ask from
#: the event loop, and would stand in each other's way.
DOWN_S = 2.0


class PostgresDatabase(Database):
    """One pool; inside a transaction a thread keeps its connection."""

    def __init__(self, url: str) -> None:
        self._local = local()
        self._down_until = 0.0
        with _translated():
            parts = conninfo_to_dict(url)
            options = str(parts.get("options") or "")
            if "search_path" not in options:
                options = f"{options} {DEFAULT_PATH}".strip()
            self._conninfo = make_conninfo(url, options=options)
            self._pool: ConnectionPool[Connection] = ConnectionPool(
                self._conninfo,
                connection_class=psycopg.Connection,
                kwargs={"autocommit": True},
                min_size=1,
                max_size=CONNECTIONS,
                timeout=WAIT_SECONDS,
                open=False,
            )
        self.schema = options.partition("search_path=")[2].partition(",")[0]

    @contextmanager
    def connection(self) -> Iterator[Connection]:
        """The thread's connection, or one from the pool."""
        kept: Connection | None = getattr(self._local, "connection", None)
        with _translated():
            if kept is not None:
                yield kept
                return
            self._pool.open()
            with ExitStack() as stack:
                yield self._lent(stack)

    def _lent(self, stack: ExitStack) -> Connection:
        """From the pool. Where it is slow to give one, the database is asked itself:
        if that is down, nobody waits for it for a while; if not, all are lent."""
        if time.monotonic() < self._down_until:
            raise psycopg.OperationalError("the database did not answer just now")
        try:
            return stack.enter_context(self._pool.connection(ASK_AFTER_S))
        except PoolTimeout:
            self._ask()
            return stack.enter_context(self._pool.connection())

    def _ask(self) -> None:
        try:
            psycopg.connect(self._conninfo, connect_timeout=2).close()
        except psycopg.OperationalError:
            self._down_until = time.monotonic() + DOWN_S
            raise

    def all(self, sql: str, values: Values = ()) -> list[Row]:
        with self.connection() as connection:
            return connection.execute(*_spelled(sql, values)).fetchall()

    def all_binary(self, sql: str, values: Values = ()) -> list[Row]:
        """The same, quicker for many numbers and geometries."""
        with self.connection() as connection:
            spelled = _spelled(sql, values)
            return connection.execute(*spelled, binary=True).fetchall()

    def one(self, sql: str, values: Values = ()) -> Row | None:
        with self.connection() as connection:
            return connection.execute(*_spelled(sql, values)).fetchone()

    def run(self, sql: str, values: Values = ()) -> int:
        with self.connection() as connection:
            return connection.execute(*_spelled(sql, values)).rowcount

    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self.connection() as connection, connection.cursor() as cursor:
            cursor.executemany(_spelled(sql, ())[0], rows)

    def copy(self, head: str, rows: bytes) -> None:
        """Bulk insert: ``head`` is a table with its columns, ``rows`` are as
        ``copytext`` makes them."""
        with (
            self.connection() as connection,
            connection.cursor() as cursor,
            cursor.copy(f"COPY {head} FROM STDIN".encode()) as copy,
        ):
            copy.write(rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        if getattr(self._local, "connection", None) is not None:
            yield
            return
        with self.connection() as connection, connection.transaction():
            self._local.connection = connection
            try:
                yield
            finally:
                self._local.connection = None

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        with self.transaction():
            self.run("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield

    def lock(self, name: str) -> None:
        sql = "SELECT pg_advisory_xact_lock(hashtextextended(?, 0))"
        self.one(sql, (f"{self.schema} {name}",))

    def member(self, column: str, name: str) -> str:
        escaped = name.replace("'", "''")
        return f"coalesce({column}::jsonb -> '{escaped}', 'null') = ?::jsonb"

    def bindable(self, value: Any) -> str:
        return orjson.dumps(value).decode()

    def has_table(self, name: str) -> bool:
        row = self.one("SELECT to_regclass(?) IS NOT NULL", (f"{self.schema}.{name}",))
        return bool(row and row[0])

    def close(self) -> None:
        self._pool.close()


def _spelled(sql: str, values: Values) -> tuple[bytes, Values]:
    """``?`` as psycopg writes it; statements with named values are so already."""
    if not isinstance(values, Mapping):
        sql = sql.replace("%", "%%").replace("?", "%s")
    return sql.encode(), values


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except psycopg.DataError as error:
        log.warning("PostgreSQL refused a value: %s", error)
        raise BadRequest(
            "A value in the request cannot be stored or computed with: it is too"
            " large for a number or holds a NUL character.",
            "请求中有无法存储或计算的值：数值过大，或含有 NUL 字符。",
        ) from error
    except psycopg.errors.DiskFull as error:
        log.exception("the store refused a statement")
        raise InsufficientStorage(
            "The store's disk is full. Nothing has been changed; ask the operator to"
            " make room, then try again.",
            "数据存储所在磁盘已满。数据没有改动；请管理员腾出空间后重试。",
        ) from error
    except psycopg.Error as error:
        log.exception("the store refused a statement")
        raise StoreUnavailable(
            "The store does not answer. Try again; if it stays so, see the log.",
            "数据存储暂不可用，请稍后重试；若仍失败，请查看日志。",
            retry_after=RETRY_S,
        ) from error
