"""The audit log: append-only, each entry's hash covers the one before it.

A chain shows what was changed within it, not what was cut off its end. So the last
entry is kept a second time as a record, every version must have its entry, and whoever
notes an entry elsewhere can ask whether it still stands."""

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
#: The record of the last entry.
_KIND, _HEAD = "audit", "head"


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
                (*entry, digest := _digest(entry)),
            )
            self.put(_KIND, _HEAD, {"seq": seq, "hash": digest})

    def audit(self) -> Iterator[Mapping[str, Any]]:
        for row in self._audit_rows():
            entry = dict(zip(MEMBERS, row, strict=True))
            yield entry | {"data": orjson.loads(entry["data"])}

    def audit_break(self) -> int | None:
        """The first entry that no longer fits the chain, or None if all do."""
        with self._db.snapshot():
            previous, expected = GENESIS, 1
            for row in self._audit_rows():
                *entry, digest = row
                whole = (entry[0], entry[6]) == (expected, previous)
                if not whole or digest != _digest(tuple(entry)):
                    return expected
                previous, expected = digest, expected + 1
            head = self.get(_KIND, _HEAD)
        if head is None or head.data == {"seq": expected - 1, "hash": previous}:
            return None  # a log from before the record was kept has none
        return min(expected, int(head.data["seq"]) + 1)

    def audit_head(self) -> tuple[int, str]:
        """The last entry's number and hash, to be noted where nobody can change it."""
        sql = "SELECT seq, hash FROM atlas_audit ORDER BY seq DESC LIMIT 1"
        seq, digest = self._db.one(sql) or (0, GENESIS)
        return int(seq), str(digest)

    def has_audited(self, seq: int, digest: str) -> bool:
        """Whether an entry still is as noted; the start of the hash will do."""
        row = self._db.one("SELECT hash FROM atlas_audit WHERE seq = ?", (seq,))
        return row is not None and str(row[0]).startswith(digest)

    def unaudited(self) -> list[str]:
        """Versions, as LAYER@NUMBER, of whose publication the log does not tell."""
        told = {e["subject"] for e in self.audit() if e["action"] == "publish"}
        every = (
            f"{version.layer}@{version.number}"
            for layer in sorted(self.current_versions())
            for version in self.versions(layer)
        )
        return [subject for subject in every if subject not in told]

    def _audit_rows(self) -> Iterator[tuple[Any, ...]]:
        after = 0
        sql = "SELECT * FROM atlas_audit WHERE seq > ? ORDER BY seq LIMIT ?"
        while rows := self._db.all(sql, (after, BATCH)):
            yield from rows
            after = rows[-1][0]


def _digest(entry: tuple[Any, ...]) -> str:
    return sha256(orjson.dumps(entry)).hexdigest()
