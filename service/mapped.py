"""Arrays in one file, mapped: every worker reads the same pages.

    magic | length of the head | head | arrays, each at a multiple of 64

The head is JSON: ``facts``, and of each array its type, shape and place. A file is a
copy: whoever finds none, or a broken one, makes the arrays again.
"""

from __future__ import annotations

import mmap
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

MAGIC = b"liwanmp1"
Arrays = Mapping[str, NDArray[Any]]
#: No text in UTF-8.
_MISSING = b"\xff"
_FEW_BYTES = 1 << 15
#: What has been begun and not ended in this time, never will be.
_LEFT_SECONDS = 900


def write(path: Path, arrays: Arrays, facts: Mapping[str, Any]) -> None:
    """Written beside and renamed: readers see a whole file or none."""
    places: dict[str, tuple[str, tuple[int, ...], int]] = {}
    at = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, array.shape, at)
        at += -(-array.nbytes // 64) * 64
    head = orjson.dumps({"facts": facts, "arrays": places, "size": at})
    first = -(-(len(MAGIC) + 8 + len(head)) // 64) * 64
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
        try:
            file.write(MAGIC + len(head).to_bytes(8, "little") + head)
            for name, array in arrays.items():
                file.seek(first + places[name][2])
                file.write(np.ascontiguousarray(array).tobytes())
            file.truncate(first + at)
        except BaseException:
            Path(file.name).unlink()
            raise
    Path(file.name).replace(path)


def sweep(folder: Path, pattern: str = "*.part") -> None:
    """What a process that died had begun: to write, or as the pattern names it."""
    for path in folder.glob(pattern):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > _LEFT_SECONDS:
                path.unlink()


def read(path: Path) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays, which cannot be written to, and the facts. ``ValueError`` where the
    file is none of these, or not whole."""
    with path.open("rb") as file:
        whole = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    start = len(MAGIC) + 8
    end = start + int.from_bytes(whole[len(MAGIC) : start], "little")
    if whole[: len(MAGIC)] != MAGIC or end > len(whole):
        raise ValueError(f"{path.name} holds no arrays")
    head = orjson.loads(whole[start:end])
    first = -(-end // 64) * 64
    if first + head["size"] != len(whole):
        raise ValueError(f"{path.name} is not whole")
    arrays = {
        name: np.frombuffer(
            whole, dtype, count=int(np.prod(shape)), offset=first + at
        ).reshape(shape)
        for name, (dtype, shape, at) in head["arrays"].items()
    }
    return arrays, head["facts"]


class Texts:
    """Texts, or ``None``, one after the other in bytes."""

    def __init__(self, ends: NDArray[np.int64], text: NDArray[np.uint8]) -> None:
        self.ends, self.text = ends, text
        self._asked = False
        self._all: list[str | None] | None = None

    @classmethod
    def of(cls, values: Sequence[Any]) -> Texts:
        parts = [_MISSING if v is None else str(v).encode() for v in values]
        ends = np.cumsum([0, *map(len, parts)], dtype=np.int64)
        return cls(ends, np.frombuffer(b"".join(parts), dtype=np.uint8))

    def are(self, texts: list[str]) -> bool:
        """Whether it holds these, in this order."""
        parts = list(map(str.encode, texts))
        ends = np.cumsum([0, *map(len, parts)])
        same = np.array_equal(self.ends, ends)
        return same and self.text.tobytes() == b"".join(parts)

    def take(self, rows: NDArray[np.intp]) -> list[str | None]:
        """Of a few texts, all are kept by whom they are asked of again."""
        if self._all is None and self._asked and self.text.size <= _FEW_BYTES:
            self._all = self._read(np.arange(len(self.ends) - 1))
        self._asked = True
        if self._all is not None:
            kept = self._all
            return [kept[row] for row in rows.tolist()]
        return self._read(rows)

    def _read(self, rows: NDArray[np.intp]) -> list[str | None]:
        starts, ends = self.ends[rows].tolist(), self.ends[rows + 1].tolist()
        text = self.text.data
        return [
            None if b == a + 1 and text[a] == _MISSING[0] else str(text[a:b], "utf-8")
            for a, b in zip(starts, ends, strict=True)
        ]
