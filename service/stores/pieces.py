"""Many byte strings laid one after another: one block instead of many objects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, repeat

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int64]

#: What a column of texts comes to: what stands before each, the texts, what stands
#: after. No texts at all: the same words for every row.
Column = tuple[bytes, list[bytes] | None, bytes]


@dataclass(frozen=True, slots=True)
class Pieces:
    """``whole`` is cut at ``ends``; the first piece begins at 0."""

    whole: bytes
    ends: Offsets

    @classmethod
    def of(cls, parts: Iterable[bytes]) -> Pieces:
        """Lay parts one after another."""
        listed = list(parts)
        return cls(b"".join(listed), np.cumsum(_lengths(listed)))

    def __len__(self) -> int:
        return len(self.ends)

    @property
    def starts(self) -> Offsets:
        """Where each piece begins."""
        return np.concatenate(([0], self.ends[:-1])) if len(self) else self.ends

    def listed(self, *, without: int = 0) -> list[bytes]:
        """The pieces, each without so many of its last bytes."""
        spans = zip(self.starts.tolist(), (self.ends - without).tolist(), strict=True)
        return [self.whole[start:end] for start, end in spans]


def interleaved(columns: Iterable[Column], count: int) -> Pieces:
    """``count`` rows, each made of its text in every column in turn."""
    constant, streams, lengths = b"", [], np.zeros(count, dtype=np.int64)
    for before, texts, after in columns:
        constant += before
        if texts is not None:
            streams += [repeat(constant, count), texts]
            lengths += _lengths(texts) + len(constant)
            constant = b""
        constant += after
    streams.append(repeat(constant, count))
    lengths += len(constant)
    rows = zip(*streams, strict=True)
    return Pieces(b"".join(chain.from_iterable(rows)), np.cumsum(lengths))


def _lengths(parts: list[bytes]) -> Offsets:
    return np.fromiter(map(len, parts), dtype=np.int64, count=len(parts))
