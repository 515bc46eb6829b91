"""Where an upload lives on disk: the file as received, and what was made of it.

<data_dir>/uploads/<id>/
  received/        the file(s), under ASCII names, kept for good
  request.json     what the person said: layer, crs, mapping …
  district.wkb     the boundary that the diagnosis compares with
  diagnosis.json   the findings; problems.json all of them one by one, shown.json
                   the first of them, which every answer repeats
  staged.bin       the features, ready to become a changeset
"""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import shapely

from geo.frame import Frame
from service.stores.base import Changes
from service.stores.packing import pack, unpack
from service.uploads import space
from service.uploads.table import object_array

#: Held while a file comes in.
RECEIVING = "receiving.lock"
#: The answer of a look.
LOOK = "look.json"
#: So many findings stand in the answer itself; all of them under …/problems.
SHOWN_PROBLEMS = 1000
_BETWEEN_TRIES_S = 0.05


def some_of_each(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """``SHOWN_PROBLEMS`` at most: of each code as many as there are, or a share of them
    evenly from first to last, so that they lie all over the file."""
    if len(found) <= SHOWN_PROBLEMS:
        return list(found)
    codes: dict[str, list[int]] = {}
    for i, problem in enumerate(found):
        codes.setdefault(problem["code"], []).append(i)
    share = max(1, SHOWN_PROBLEMS // len(codes))
    kept: set[int] = set()
    for rows in codes.values():
        step = max(1.0, len(rows) / share)
        kept.update(rows[int(n * step)] for n in range(min(len(rows), share)))
    return [found[i] for i in sorted(kept)]


@dataclass(frozen=True, slots=True)
class Folder:
    """One upload's folder."""

    path: Path

    @property
    def received(self) -> Path:
        return self.path / "received"

    def create(self) -> None:
        with space.watched():
            self.received.mkdir(parents=True)

    @contextmanager
    def held(self, name: str = "worker.lock", tries: int = 1) -> Iterator[int]:
        """Hold a lock of the folder; the system lets go of it however the holder ends.
        Raises ``BlockingIOError`` while somebody else holds it; who only asks holds it
        for a moment, so that a second try may help."""
        handle = os.open(self.path / name, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(handle, tries)
            yield handle
        finally:
            os.close(handle)

    def is_held(self, name: str = "worker.lock") -> bool:
        """Whether any process holds the lock."""
        try:
            with self.held(name):
                return False
        except BlockingIOError:
            return True
        except FileNotFoundError:  # removed meanwhile
            return False

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def write_json(self, name: str, value: Any) -> None:
        """All or nothing: a reader never sees half a file."""
        self._replace(name, orjson.dumps(value, option=orjson.OPT_SERIALIZE_NUMPY))

    def read_json(self, name: str) -> Any:
        """The value, or None if it was never written."""
        try:
            return orjson.loads((self.path / name).read_bytes())
        except FileNotFoundError:
            return None

    def write_problems(self, found: list[dict[str, Any]]) -> None:
        """All findings, and apart from them some of every kind, which are read most."""
        self.write_json("problems.json", found)
        shown = {"problems": some_of_each(found), "problem_count": len(found)}
        self.write_json("shown.json", shown)

    def write_geometry(self, name: str, geometry: shapely.Geometry) -> None:
        self._replace(name, shapely.to_wkb(geometry))

    def read_geometry(self, name: str) -> shapely.Geometry:
        return shapely.from_wkb((self.path / name).read_bytes())

    def write_frame(self, frame: Frame) -> None:
        """Keep the features as they would be published."""
        self._replace("staged.bin", pack(Changes(frame, object_array([]))))

    def read_frame(self) -> Frame:
        return unpack((self.path / "staged.bin").read_bytes()).upserts

    def _replace(self, name: str, content: bytes) -> None:
        temporary = self.path / f"{name}.tmp"
        try:
            with space.watched():
                temporary.write_bytes(content)
                os.replace(temporary, self.path / name)
        finally:
            temporary.unlink(missing_ok=True)


def _lock(handle: int, tries: int) -> None:
    for _ in range(tries - 1):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(_BETWEEN_TRIES_S)
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
