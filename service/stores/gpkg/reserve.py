"""Room that is kept in the file and its log, for what must still be written on a full
disk: logins, refusals, and the deletion of what can go."""

from __future__ import annotations

from contextlib import suppress

from service.errors import StoreUnavailable
from service.stores.gpkg.connection import SqliteDatabase

#: Hundreds of small changes.
ROOM_BYTES = 256 * 1024
_FILL = """INSERT OR REPLACE INTO atlas_records (kind, id, revision, data)
 VALUES ('reserve', 'room', 1, CAST(zeroblob(?) AS TEXT))"""
_CLEAR = "DELETE FROM atlas_records WHERE kind = 'reserve'"


def keep(db: SqliteDatabase) -> None:
    """Have free pages, and a log of that size: a log never shrinks while the file is
    open, and is written again from its beginning once it has been taken over."""
    has_pages = _free_bytes(db) >= ROOM_BYTES // 2
    has_log = _log_bytes(db) >= ROOM_BYTES
    if (has_pages and has_log) or db.connection.in_transaction:
        return
    with suppress(StoreUnavailable):  # no room now, or somebody is writing anyway
        db.run(_FILL, (ROOM_BYTES,))
        db.run(_CLEAR)
        if not has_pages:  # the file has to grow now, while it can
            db.take_over_log()


def _log_bytes(db: SqliteDatabase) -> int:
    log = db.path.with_name(f"{db.path.name}-wal")
    return log.stat().st_size if log.exists() else 0


def _free_bytes(db: SqliteDatabase) -> int:
    ((pages, size),) = db.all(
        "SELECT freelist_count, page_size FROM pragma_freelist_count, pragma_page_size"
    )
    return int(pages * size)
