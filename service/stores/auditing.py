"""The audit log: append-only, each entry's hash covers the one before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

import orjson

from service.stores.base import Store
from service.stores.database import Database, now

#: What the first entry's hash covers.
GENESIS = "0" * 64
MEMBERS = ("seq", "at", "actor", "action", "subject", "data", "previous", "hash")
BATCH = 1000


class Audit(Store):
    """The audit part of the contract, over ``atlas_audit``."""

    _db: Database

    def append_audit(self, actor: str, action: str, subject: str, data: Any) -> None:
        text = orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()
        with self._db.transaction():
            self._db.lock("audit")
            last = self._db.one(
                "SELECT seq, hash FROM atlas_audit ORDER BY seq DESC LIMIT 1"
            )
            seq, previous = (last[0] + 1, last[1]) if last else (1, GENESIS)
            entry = (seq, now(), actor, action, subject, text, previous)
            self._db.run(
                "INSERT INTO atlas_audit VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*entry, _digest(entry)),
            )

    def audit(self) -> Iterator[Mapping[str, Any]]:
        for row in self._audit_rows():
            entry = dict(zip(MEMBERS, row, strict=True))
            yield entry | {"data": orjson.loads(entry["data"])}

    def audit_break(self) -> int | None:
        """The first entry that no longer fits the chain, or None if all do."""
        previous, expected = GENESIS, 1
        for row in self._audit_rows():
            *entry, digest = row
            whole = (entry[0], entry[6]) == (expected, previous)
            if not whole or digest != _digest(tuple(entry)):
                return expected
            previous, expected = digest, expected + 1
        return None

    def _audit_rows(self) -> Iterator[tuple[Any, ...]]:
        after = 0
        sql = "SELECT * FROM atlas_audit WHERE seq > ? ORDER BY seq LIMIT ?"
        while rows := self._db.all(sql, (after, BATCH)):
            yield from rows
            after = rows[-1][0]


def _digest(entry: tuple[Any, ...]) -> str:
    return sha256(orjson.dumps(entry)).hexdigest()
