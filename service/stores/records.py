"""JSON records: uploads, changesets, tokens … with optimistic concurrency."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

import orjson

from service.errors import Conflict
from service.stores.base import Record, Store
from service.stores.database import Database

RETURNING = "RETURNING revision"
INSERT = "INSERT INTO atlas_records (kind, id, revision, data) VALUES (?, ?, 1, ?)"
INSERT_NEW = f"{INSERT} ON CONFLICT (kind, id) DO NOTHING {RETURNING}"
INSERT_OR_REPLACE = f"""{INSERT} ON CONFLICT (kind, id) DO UPDATE
 SET data = excluded.data, revision = atlas_records.revision + 1 {RETURNING}"""
REPLACE_SEEN = f"""UPDATE atlas_records SET data = ?, revision = revision + 1
 WHERE kind = ? AND id = ? AND revision = ? {RETURNING}"""


class Records(Store):
    """The record part of the contract, over ``atlas_records``."""

    _db: Database

    def transaction(self) -> AbstractContextManager[None]:
        return self._db.transaction()

    def put(
        self,
        kind: str,
        id: str,
        data: Mapping[str, Any],
        *,
        expect: int | None = None,
    ) -> Record:
        text = orjson.dumps(data).decode()
        if expect:
            row = self._db.one(REPLACE_SEEN, (text, kind, id, expect))
        else:
            sql = INSERT_OR_REPLACE if expect is None else INSERT_NEW
            row = self._db.one(sql, (kind, id, text))
        if row is None:
            raise _stale(kind, id)
        return Record(kind, id, row[0], orjson.loads(text))

    def get(self, kind: str, id: str) -> Record | None:
        row = self._db.one(
            "SELECT revision, data FROM atlas_records WHERE kind = ? AND id = ?",
            (kind, id),
        )
        return None if row is None else Record(kind, id, row[0], orjson.loads(row[1]))

    def records(
        self,
        kind: str,
        *,
        match: Mapping[str, Any] | None = None,
        limit: int = 1000,
        offset: int = 0,
    ) -> list[Record]:
        wanted = match or {}
        where = ["kind = ?", *(self._db.member("data", name) for name in wanted)]
        rows = self._db.all(
            "SELECT id, revision, data FROM atlas_records"
            f" WHERE {' AND '.join(where)} ORDER BY seq DESC LIMIT ? OFFSET ?",
            (kind, *map(self._db.bindable, wanted.values()), limit, offset),
        )
        return [Record(kind, row[0], row[1], orjson.loads(row[2])) for row in rows]

    def delete(self, kind: str, id: str) -> bool:
        sql = "DELETE FROM atlas_records WHERE kind = ? AND id = ?"
        return self._db.run(sql, (kind, id)) > 0


def _stale(kind: str, id: str) -> Conflict:
    return Conflict(
        f"The {kind} {id!r} has been changed by someone else in the meantime."
        " Read it again and repeat your change.",
        f"{kind}“{id}”已被他人修改，请重新读取后再操作。",
    )
