"""A pack: one version's ready-made text in one mapped file, in row order.

    magic | n | sides (4, n) | text ends (n + 1) | wkb ends (n + 1) | text | wkb

Every feature's text is followed by a comma, so features that stand together are one
slice. A pack is a copy: whoever finds none reads the tables instead.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

import numpy as np
import shapely
from numpy.typing import NDArray

from service.stores.base import Bounds, ItemQuery
from service.stores.boxtree import BoxTree, Rows
from service.stores.gpkg.blob import HEAD, WKB_AT

MAGIC = b"liwanpk1"
HEADER = len(MAGIC) + 8
AT_FIRST = np.array([True])
Offsets = NDArray[np.int64]
#: The envelope of what has no place.
NOWHERE = struct.pack("<4d", *[float("nan")] * 4)


class Pack:
    """Reads one pack file; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[: len(MAGIC)] != MAGIC:
            raise ValueError(f"{path} is no pack")
        self._count = int.from_bytes(self._map[len(MAGIC) : HEADER], "little")
        n, at = self._count, HEADER
        sides = np.frombuffer(self._map, "<f8", 4 * n, at).reshape(4, n)
        self._text = np.frombuffer(self._map, "<i8", n + 1, at + 32 * n)
        self._wkb = np.frombuffer(self._map, "<i8", n + 1, at + 40 * n + 8)
        self._tree = BoxTree(sides)

    def page(self, query: ItemQuery) -> tuple[bytes, int, int]:
        """Joined texts, how many they are, and how many there are in all."""
        if query.bbox is None:
            start = min(query.offset, self._count)
            end = min(start + query.limit, self._count)
            return self._slice(start, end), end - start, self._count
        rows = self._meeting(query.bbox)
        page = rows[query.offset : query.offset + query.limit]
        return self._joined(page), len(page), len(rows)

    def _meeting(self, bbox: Bounds) -> Rows:
        rows, unsure = self._tree.meeting(bbox)
        if not len(unsure):
            return rows
        doubtful = rows.take(unsure)
        wkb = self._cut(self._wkb.take(doubtful), self._wkb.take(doubtful + 1))
        meets = shapely.intersects(shapely.from_wkb(wkb), shapely.box(*bbox))
        if meets.all():
            return rows
        kept = np.ones(len(rows), dtype=bool)
        kept[unsure] = meets
        return rows[kept]

    def _joined(self, rows: Rows) -> bytes:
        """Texts of ascending rows: one slice for each run of neighbours."""
        if not len(rows):
            return b""
        starts, ends = self._text.take(rows), self._text.take(rows + 1)
        apart = np.concatenate((AT_FIRST, starts[1:] != ends[:-1], AT_FIRST))
        slices = self._cut(starts[apart[:-1]], ends[apart[1:]])
        slices[-1] = slices[-1][:-1]
        return b"".join(slices)

    def _cut(self, starts: Offsets, ends: Offsets) -> list[bytes]:
        whole = self._map
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        return [whole[start:end] for start, end in pairs]

    def _slice(self, start: int, end: int) -> bytes:
        if start == end:
            return b""
        return self._map[self._text[start] : self._text[end] - 1]


def write_pack(
    path: Path, count: int, texts: Iterable[bytes], blobs: Iterable[bytes | None]
) -> None:
    """Texts and GeoPackage blobs of ``count`` rows, in the same order."""
    envelopes: list[bytes] = []
    with _replacing(path) as file:
        file.seek(HEADER + 48 * count + 16)
        text = _stream(file, (part + b"," for part in texts))
        wkb = _stream(file, _bare(blobs, envelopes))
        file.seek(0)
        file.write(MAGIC + count.to_bytes(8, "little"))
        wesn = np.frombuffer(b"".join(envelopes), "<f8").reshape(count, 4)
        sides = wesn[:, [0, 2, 1, 3]].T * [[1.0], [1.0], [-1.0], [-1.0]]
        for array in (sides, text, wkb):
            file.write(np.ascontiguousarray(array).tobytes())


def _stream(file: BinaryIO, parts: Iterable[bytes]) -> Offsets:
    """Write parts one after another; where each begins, and the end of the last."""
    start = file.tell()
    lengths = [file.write(part) for part in parts]
    return start + np.cumsum([0, *lengths], dtype="<i8")


def _bare(blobs: Iterable[bytes | None], envelopes: list[bytes]) -> Iterator[bytes]:
    for blob in blobs:
        envelopes.append(NOWHERE if blob is None else blob[len(HEAD) : WKB_AT])
        yield b"" if blob is None else blob[WKB_AT:]


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """Write beside and rename: readers see a whole pack or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        try:
            yield cast(BinaryIO, file.file)  # without the wrapper's cost per write
        except BaseException:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)
