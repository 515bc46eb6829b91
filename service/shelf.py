"""What big layers look like from afar, kept on disk until nobody asks for it."""

from __future__ import annotations

import hashlib
import os
import time
from contextlib import suppress
from pathlib import Path
from threading import Lock, get_ident

import numpy as np
import orjson
import shapely

from geo.frame import Frame
from service.responses import software_version
from service.stores.base import Version

DAY_S = 86_400
#: A process looks this often, when it puts something down, whether the shelf is full.
SWEEP_S = 3_600
#: Of the limit; so that not every file that comes makes another go.
ROOMY = 0.9


class Shelf:
    """Generalised frames, and the tiles cut from them, on disk, so that a restart and a
    second process find them. Everything on it can be made again."""

    def __init__(
        self, folder: Path, *, most_bytes: int = 1 << 30, most_days: int = 90
    ) -> None:
        self._folder = folder
        self._most_bytes, self._most_days = most_bytes, most_days
        self._swept = -float(SWEEP_S)
        self._lock = Lock()

    def get(self, version: Version, zoom: int) -> Frame | None:
        """The frame, if it was put there."""
        text = _read(self._path(version, str(zoom)))
        if text is None:
            return None
        body = orjson.loads(text)
        geometry = shapely.from_wkb([bytes.fromhex(wkb) for wkb in body.pop("wkb")])
        ids = np.full(len(geometry), None, dtype=object)
        count = np.array(body.pop("feature_count"), dtype=np.float64)
        columns = {name: np.array(v, dtype=object) for name, v in body.items()}
        return Frame(ids, np.asarray(geometry), {**columns, "feature_count": count})

    def put(self, version: Version, zoom: int, frame: Frame) -> None:
        """Keep a frame; readers see all of it or nothing."""
        columns = {name: values.tolist() for name, values in frame.columns.items()}
        body = columns | {"wkb": shapely.to_wkb(frame.geometry, hex=True).tolist()}
        self._write(self._path(version, str(zoom)), orjson.dumps(body))

    def tile(self, version: Version, place: tuple[int, int, int]) -> bytes | None:
        """A tile as it was put there, empty ones included."""
        return _read(self._path(version, _named(place)))

    def put_tile(
        self, version: Version, place: tuple[int, int, int], tile: bytes
    ) -> None:
        """Keep a tile, if the disk has room: it can be cut again."""
        with suppress(OSError):
            self._write(self._path(version, _named(place)), tile)

    def sweep(self) -> None:
        """Throw away what was not asked for in so many days, then what was not for the
        longest, until there is room."""
        files = sorted(_files(self._folder))
        total = sum(size for _, size, _ in files)
        oldest = time.time() - self._most_days * DAY_S
        full = total > self._most_bytes
        for used, size, path in files:
            full = full and total > self._most_bytes * ROOMY
            if used >= oldest and not full:
                return
            with suppress(OSError):  # another process was quicker, or still reads it
                path.unlink()
            total -= size

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}-{get_ident()}")
        draft.write_bytes(content)
        draft.replace(path)
        if self._is_due():
            self.sweep()

    def _is_due(self) -> bool:
        with self._lock:
            now = time.monotonic()
            due = now - self._swept >= SWEEP_S
            self._swept = now if due else self._swept
            return due

    def _path(self, version: Version, what: str) -> Path:
        # The time tells apart versions of one number in different stores.
        text = f"{version.layer} {version.number} {version.published_at} {what}"
        name = hashlib.sha256(f"{text} {software_version()}".encode()).hexdigest()
        return self._folder / name[:32]


def _read(path: Path) -> bytes | None:
    """What is there; its time tells when it was asked for last, to the day."""
    try:
        content = path.read_bytes()
        if time.time() - path.stat().st_mtime > DAY_S:
            os.utime(path)
    except FileNotFoundError:
        return None
    return content


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    """When each was asked for last, its size and its path."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                about = entry.stat()
                found.append((about.st_mtime, about.st_size, Path(entry.path)))
    return found


def _named(place: tuple[int, int, int]) -> str:
    return "tile {}/{}/{}".format(*place)
