"""Diagnoses side by side: small files within the request, large ones behind it.

A job that outlived its server is simply started again when somebody asks for it: its
folder holds everything it needs, and a lock keeps two from working on it at once.
"""

from __future__ import annotations

import asyncio
import contextlib
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Any

from geo.errors import BilingualError
from service import changesets, corrections
from service.accounts import Principal
from service.atlas import Atlas
from service.errors import Conflict
from service.origins import files_told
from service.stores.base import Record
from service.uploads import register
from service.uploads.units import note_of

#: A request waits so long for its diagnosis before it answers "diagnosing".
WAIT_S = 45
_POOL = ThreadPoolExecutor(max_workers=2, thread_name_prefix="diagnosis")
_running: dict[str, Future[Record]] = {}
_lock = Lock()


async def diagnose(atlas: Atlas, record: Record, wait_s: int = WAIT_S) -> Record:
    """Diagnose, and wait a while for it. Raises what refuses the file."""
    future = asyncio.wrap_future(_start(atlas, record))
    try:
        return await asyncio.wait_for(asyncio.shield(future), min(wait_s, WAIT_S))
    except TimeoutError:
        future.add_done_callback(_forget_outcome)
        return record


def resumed(atlas: Atlas, record: Record) -> Record:
    """The record; its diagnosis is taken up again if nobody works on it."""
    if record.data["status"] != "diagnosing" or record.id in _running:
        return record
    if not register.is_worked_on(atlas, record.id):
        _start(atlas, record)
    return record


def submit(
    atlas: Atlas,
    record: Record,
    author: Principal,
    note: str,
    answers: str | None = None,
) -> Record:
    """Make a changeset of a diagnosed upload; ``answers`` names the returned one that
    it stands for."""
    previous = corrections.answered(atlas, record, answers)
    effect, version = register.effect(atlas, record)
    if effect.problems:
        raise Conflict(
            "Meanwhile features of the same ids have been published. Diagnose again.",
            "期间已发布了相同编号的要素。重新诊断。",
        )
    about: dict[str, Any] = {
        "layer": record.data["layer"],
        "base_version": version,
        "mode": record.data["options"]["mode"],
        "note": _with_conversion(note, record),
        "conversion": record.data["diagnosis"].get("conversion"),
        "upload": record.id,
        "previous": previous,
        "filename": record.data["filename"],
        "files": files_told(record.data),
        "summary": {**record.data["summary"], **effect.summary},
    }
    with atlas.store.transaction():
        changeset = changesets.submit(atlas, author, effect.changes, about)
        kept = {k: v for k, v in record.data.items() if k != "returned"}
        data = {**kept, "status": "submitted", "changeset": changeset.id}
        atlas.store.put(register.KIND, record.id, data, expect=record.revision)
    return changeset


def _with_conversion(note: str, record: Record) -> str:
    """What was done to the coordinates stays in the history of the version."""
    said = record.data["options"].get("convert")
    return " · ".join(part for part in (note, note_of(said) if said else "") if part)


def _start(atlas: Atlas, record: Record) -> Future[Record]:
    with _lock:
        future = _POOL.submit(_diagnose, atlas, record)
        _running[record.id] = future
    return future


def _diagnose(atlas: Atlas, record: Record) -> Record:
    try:
        return register.diagnose(atlas, record)
    finally:
        _running.pop(record.id, None)


def _forget_outcome(future: asyncio.Future[Record]) -> None:
    """Nobody waits any more; the record tells whoever asks."""
    with contextlib.suppress(BilingualError, asyncio.CancelledError):
        future.result()
