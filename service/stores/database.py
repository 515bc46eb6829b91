"""How the shared parts of a store speak SQL, whichever database answers.

Statements use ``?`` for bound values; every value is bound, never written in.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

Row = tuple[Any, ...]
#: Whoever finds the store unavailable may ask again after so many seconds.
RETRY_S = 5
#: For ``?`` in order, or by name.
Values = Sequence[Any] | Mapping[str, Any]


class Database(ABC):
    """Connections, one per thread. Driver errors leave as ``StoreUnavailable``."""

    @abstractmethod
    def all(self, sql: str, values: Values = ()) -> list[Row]: ...

    @abstractmethod
    def one(self, sql: str, values: Values = ()) -> Row | None: ...

    @abstractmethod
    def run(self, sql: str, values: Values = ()) -> int:
        """Execute and tell how many rows it touched."""

    @abstractmethod
    def many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None: ...

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """A write: all or nothing. Inside another one it joins that one."""

    @abstractmethod
    def snapshot(self) -> AbstractContextManager[None]:
        """Reads that all see the same moment."""

    @abstractmethod
    def lock(self, name: str) -> None:
        """Inside a transaction: wait until no other one holds ``name``."""

    @abstractmethod
    def member(self, column: str, name: str) -> str:
        """SQL that is true when a top-level member of a JSON column is ``?``."""

    def bindable(self, value: Any) -> Any:
        """A JSON member's value as ``member`` compares it."""
        return value

    @abstractmethod
    def has_table(self, name: str) -> bool: ...

    @abstractmethod
    def close(self) -> None: ...


def quoted(name: str) -> str:
    """An SQL identifier, whatever characters it has."""
    return '"' + name.replace('"', '""') + '"'


def now() -> str:
    """UTC, to the microsecond, sortable as text."""
    return stamp(datetime.now(UTC))


def stamp(moment: datetime) -> str:
    """A moment as the stores write it; a naive one is taken as UTC."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"
