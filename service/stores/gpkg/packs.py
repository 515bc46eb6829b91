"""The packs beside the file: made after a publication or on first need."""

from __future__ import annotations

import logging
import struct
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from threading import Event, Lock, Thread

import numpy as np

from geo.frame import FloatArray
from service.errors import StoreUnavailable
from service.stores.base import Version
from service.stores.gpkg.blob import HEAD, WKB_AT, bounds_of
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.gpkg.pack import Pack, PackDraft
from service.stores.gpkg.textblocks import all_texts
from service.stores.pieces import Offsets, Pieces
from service.stores.tables import table

log = logging.getLogger(__name__)

#: Below this the tables are as quick.
WORTH_PACKING = 256
OPEN_AT_MOST = 24
#: Versions of a layer whose packs stay on disk.
KEPT_ON_DISK = 2
#: The envelope of what has no place.
NOWHERE = struct.pack("<4d", *[float("nan")] * 4)


class Abandoned(Exception):
    """The store closes before a pack is made."""


#: What leaves a version without its pack: the tables answer instead.
FAILURES = (Abandoned, OSError, ValueError, StoreUnavailable)


class Packs:
    """Finds, makes and drops packs. They are copies: losing one loses nothing."""

    def __init__(self, db: SqliteDatabase) -> None:
        self._db = db
        self._folder = db.path.with_name(f"{db.path.stem}-packs")
        self._open: OrderedDict[tuple[str, int], Pack] = OrderedDict()
        self._begun: set[tuple[str, int]] = set()
        self._openers: list[Thread] = []
        self._closing = Event()
        self._lock = Lock()

    def get(self, version: Version) -> Pack | None:
        """The version's pack if it is open; else that is begun, and the tables
        answer meanwhile."""
        key = (version.layer, version.number)
        if (found := self._open.get(key)) is not None:
            return found
        if version.feature_count >= WORTH_PACKING and self._begin(key):
            opener = Thread(target=self._bring, args=(version,), daemon=True)
            self._openers.append(opener)
            opener.start()
        return None

    def peek(self, layer: str, version: int) -> Pack | None:
        """The version's pack if it is open."""
        return self._open.get((layer, version))

    def draft(self, count: int) -> PackDraft | None:
        """For a version whose rows are about to be written; None if it is small, or
        there is no room: packs can be made later."""
        if count < WORTH_PACKING:
            return None
        try:
            return PackDraft(self._folder, count)
        except OSError:
            return None

    def make(self, version: Version, draft: PackDraft | None) -> None:
        """Make a new version's pack now and drop those of older ones."""
        try:
            if draft is not None:
                draft.finish(self._path(version))
            elif version.feature_count >= WORTH_PACKING:
                self._write(version)
        except FAILURES:
            log.warning("no pack of %s@%d", version.layer, version.number)
        self._drop_older(version)

    def close(self) -> None:
        """Wait for openers: a connection must not close under its thread."""
        self._closing.set()
        for opener in self._openers:
            opener.join()

    def _begin(self, key: tuple[str, int]) -> bool:
        with self._lock:
            if key in self._begun:
                return False
            self._begun.add(key)
            return True

    def _bring(self, version: Version) -> None:
        """Open the pack, made before if it is missing or broken."""
        key, path = (version.layer, version.number), self._path(version)
        try:
            pack = _opened(path)
            if pack is None:
                self._write(version)
                pack = Pack(path)
        except FAILURES:
            log.warning("no pack of %s@%d", *key)
            pack = None
        with self._lock:
            self._begun.discard(key)
            if pack is not None:
                self._open[key] = pack
            if len(self._open) > OPEN_AT_MOST:
                self._open.popitem(last=False)

    def _write(self, version: Version) -> None:
        with closing(PackDraft(self._folder, version.feature_count)) as draft:
            for rows in self._rows(version):
                draft.add(*rows)
            draft.finish(self._path(version))

    def _rows(
        self, version: Version
    ) -> Iterator[tuple[Offsets, Pieces, Pieces, FloatArray]]:
        """The version's rows in order, without holding them all."""
        for rids, texts in all_texts(self._db, version.layer):
            if self._closing.is_set():
                raise Abandoned
            first, last = int(rids[0]), int(rids[-1])
            found = self._db.all(
                f"SELECT f.rid, g.geom FROM {table(version.layer, 'features')} f"
                f" JOIN {table(version.layer, 'geometry')} g ON g.rid = f.rid"
                " WHERE f.rid BETWEEN ? AND ? AND f.v_from <= ? AND f.v_to > ?"
                " ORDER BY f.rid",
                (first, last, version.number, version.number),
            )
            if not found:
                continue
            blobs = [blob or b"" for _, blob in found]
            kept = np.array([rid for rid, _ in found], dtype=np.int64)
            if len(kept) < len(rids):
                listed = texts.listed()
                texts = Pieces.of(listed[row] for row in (kept - first).tolist())
            bounds = bounds_of([blob[len(HEAD) : WKB_AT] or NOWHERE for blob in blobs])
            yield kept, texts, Pieces.of(blobs), bounds

    def _path(self, version: Version) -> Path:
        """Named by publication, so that a restored file never meets a stale pack."""
        moment = "".join(c for c in version.published_at if c.isdigit())
        return self._folder / f"{version.layer}-{version.number}-{moment}.pack"

    def _drop_older(self, version: Version) -> None:
        for path in self._folder.glob(f"{version.layer}-*.pack"):
            layer, number, _ = path.stem.rsplit("-", 2)
            if layer == version.layer and int(number) <= version.number - KEPT_ON_DISK:
                with suppress(OSError):
                    path.unlink()


def _opened(path: Path) -> Pack | None:
    if not path.exists():
        return None
    try:
        return Pack(path)
    except (OSError, ValueError):
        log.warning("an unreadable pack is made anew: %s", path.name)
        return None
