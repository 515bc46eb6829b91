"""Looks at files, a few at a time, in a place that is gone before the answer is."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from threading import BoundedSemaphore

from service.atlas import Atlas
from service.errors import TooManyRequests
from service.uploads import register, worker
from service.uploads.limits import Limits
from service.uploads.receiving import ReceivedFile
from service.uploads.staging import LOOK, RECEIVING, Folder

#: A browser has to draw what comes back.
LIMITS = Limits(features=50_000, vertices=1_000_000, unpacked_bytes=256 * 1024**2)
TIME_LIMIT_S = 60
_AT_ONCE, _PATIENCE_S = 2, 30
_places = BoundedSemaphore(_AT_ONCE)


@contextmanager
def private_folder(atlas: Atlas) -> Iterator[Folder]:
    """A place for one file; whatever happens, nothing stays in it."""
    root = Path(atlas.settings.data_dir).resolve() / "looks"
    folder = Folder(root / secrets.token_hex(8))
    folder.create()
    try:
        with folder.held(RECEIVING):
            yield folder
    finally:
        worker.stop(folder)
        folder.remove()


def look(
    atlas: Atlas,
    folder: Folder,
    files: Sequence[ReceivedFile],
    said: Mapping[str, str | None],
) -> bytes:
    """The whole answer as JSON. Blocks: call from a thread."""
    told = {"files": [asdict(file) for file in files], "limits": asdict(LIMITS), **said}
    folder.write_json("request.json", told)
    folder.write_geometry("district.wkb", register.district(atlas))
    if not _places.acquire(timeout=_PATIENCE_S):
        raise TooManyRequests(
            "Several files are being read just now. Try again in a moment.",
            "正在读取多个文件，请稍后再试。",
            retry_after=10,
        )
    try:
        worker.run(folder, None, TIME_LIMIT_S)
    finally:
        _places.release()
    return (folder.path / LOOK).read_bytes()
