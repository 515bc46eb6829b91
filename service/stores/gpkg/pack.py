"""A pack: one version's ready-made text in one mapped file, in row order.

    magic | n | sides (4, n) | rids | text starts | blob starts | sizes (2, n)
    then texts and GeoPackage blobs, in stretches of each

Every feature's text is followed by a comma, so features that stand together are one
slice. A pack is a copy: whoever finds none reads the tables instead.
"""

from __future__ import annotations

import mmap
import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray
from service.stores.base import Bounds, ItemQuery
from service.stores.boxtree import BoxTree, Rows
from service.stores.gpkg.blob import WKB_AT
from service.stores.pieces import Offsets, Pieces

MAGIC = b"liwanpk2"
HEADER = len(MAGIC) + 8
#: Of what is kept of each row before the texts: eight bytes each, but the sizes.
ROW_BYTES = 4 * 8 + 3 * 8 + 2 * 4
AT_FIRST = np.array([True])


class Pack:
    """Reads one pack file; safe to share between threads."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        if self._map[: len(MAGIC)] != MAGIC:
            raise ValueError(f"{path} is no pack")
        self._count = int.from_bytes(self._map[len(MAGIC) : HEADER], "little")
        n = self._count
        sides = self._array("<f8", HEADER, 4 * n).reshape(4, n)
        self._rids = self._array("<i8", HEADER + 32 * n, n)
        self._text = self._array("<i8", HEADER + 40 * n, n)
        self._blob = self._array("<i8", HEADER + 48 * n, n)
        self._text_size = self._array("<u4", HEADER + 56 * n, n)
        self._blob_size = self._array("<u4", HEADER + 60 * n, n)
        self._tree = BoxTree(sides)

    def _array(self, kind: str, at: int, count: int) -> NDArray[Any]:
        return np.frombuffer(self._map, kind, count, at)

    def page(self, query: ItemQuery) -> tuple[bytes, int, int]:
        """Joined texts, how many they are, and how many there are in all."""
        if query.bbox is None:
            start = min(query.offset, self._count)
            end = min(start + query.limit, self._count)
            return self._joined(np.arange(start, end)), end - start, self._count
        rows = self._meeting(query.bbox)
        page = rows[query.offset : query.offset + query.limit]
        return self._joined(page), len(page), len(rows)

    def texts(self, rids: list[int]) -> bytes:
        """Joined texts of rows of the version, in the order asked for."""
        return self._joined(np.searchsorted(self._rids, rids))

    def text(self, rid: int) -> bytes:
        """The text of one row of the version."""
        row = self._rids.searchsorted(rid)
        start = int(self._text[row])
        return self._map[start : start + int(self._text_size[row]) - 1]

    def _meeting(self, bbox: Bounds) -> Rows:
        rows, unsure = self._tree.meeting(bbox)
        if not len(unsure):
            return rows
        doubtful = rows.take(unsure)
        starts = self._blob.take(doubtful)
        wkb = self._cut(starts + WKB_AT, starts + self._blob_size.take(doubtful))
        meets = shapely.intersects(shapely.from_wkb(wkb), shapely.box(*bbox))
        if meets.all():
            return rows
        kept = np.ones(len(rows), dtype=bool)
        kept[unsure] = meets
        return rows[kept]

    def _joined(self, rows: Rows) -> bytes:
        """Texts of rows: one slice for each run of neighbours."""
        if not len(rows):
            return b""
        starts = self._text.take(rows)
        ends = starts + self._text_size.take(rows)
        apart = np.concatenate((AT_FIRST, starts[1:] != ends[:-1], AT_FIRST))
        slices = self._cut(starts[apart[:-1]], ends[apart[1:]])
        slices[-1] = slices[-1][:-1]
        return b"".join(slices)

    def _cut(self, starts: Offsets, ends: Offsets) -> list[bytes]:
        whole = self._map
        pairs = zip(starts.tolist(), ends.tolist(), strict=True)
        return [whole[start:end] for start, end in pairs]


class PackDraft:
    """A pack being written beside the others; it becomes one when it is finished."""

    def __init__(self, folder: Path, count: int) -> None:
        self._count, self._written = count, 0
        self._sides = np.empty((4, count))
        self._rids, self._text, self._blob = np.empty((3, count), dtype="<i8")
        self._sizes = np.empty((2, count), dtype="<u4")
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
            self._path = Path(file.name)
        self._file: BinaryIO = self._path.open("r+b")
        self._file.seek(HEADER + ROW_BYTES * count)

    def add(
        self, rids: Offsets, texts: Pieces, blobs: Pieces, bounds: FloatArray
    ) -> None:
        """More rows, after those before. Raises ``OSError`` if there is no room."""
        rows = slice(self._written, self._written + len(rids))
        self._written = rows.stop
        self._rids[rows] = rids
        self._sides[:, rows] = bounds.T * [[1.0], [1.0], [-1.0], [-1.0]]
        for starts, sizes, pieces in (
            (self._text, self._sizes[0], texts),
            (self._blob, self._sizes[1], blobs),
        ):
            starts[rows] = self._file.tell() + pieces.starts
            sizes[rows] = pieces.ends - pieces.starts
            self._file.write(pieces.whole)

    def finish(self, path: Path) -> None:
        """Readers see a whole pack or none. Raises ``ValueError`` if rows lack."""
        if self._written != self._count:
            raise ValueError(f"{self._written} rows of {self._count}")
        self._file.seek(0)
        self._file.write(MAGIC + self._count.to_bytes(8, "little"))
        for array in (self._sides, self._rids, self._text, self._blob, self._sizes):
            self._file.write(np.ascontiguousarray(array).tobytes())
        self._file.flush()
        # Or a power cut could leave the name with holes behind it.
        os.fsync(self._file.fileno())
        self._file.close()
        self._path.replace(path)

    def close(self) -> None:
        """Nothing stays of what is not finished."""
        with suppress(OSError):
            self._file.close()
            self._path.unlink(missing_ok=True)
