"""Runs of different lengths, stored one after the other in a flat array.

``lengths`` is an (n,) integer array; ``offsets`` the (n + 1,) array of its sums.
Nothing here knows geometry; empty runs and no runs at all are fine everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
ByteArray = NDArray[np.uint8]

#: A flat array and the lengths of its runs.
Ragged = tuple[NDArray[Any], IntArray]


def offsets_of(lengths: NDArray[Any]) -> IntArray:
    """Where each run starts, and at the end where the last one stops."""
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def spans(starts: NDArray[Any], lengths: IntArray) -> IntArray:
    """The positions ``start … start + length - 1`` of every run, concatenated."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    shift = starts - (ends - lengths)
    return np.repeat(shift, lengths) + np.arange(total)


def take(flat: NDArray[Any], offsets: IntArray, index: NDArray[Any]) -> Ragged:
    """Some of the runs, in the order asked; runs lie along the last axis."""
    starts = offsets[index]
    lengths = offsets[index + 1] - starts
    return np.take(flat, spans(starts, lengths), axis=-1), lengths


def sums(values: NDArray[Any], lengths: IntArray) -> IntArray:
    """The sum of every run of whole numbers; 0 for an empty one."""
    total = offsets_of(values)
    return np.diff(total[offsets_of(lengths)])


def interleave(columns: Sequence[Ragged]) -> ByteArray:
    """Run 0 of every column, then run 1 of every column, and so on, as bytes."""
    widths = np.array([lengths for _, lengths in columns], dtype=np.int64)
    ends = np.cumsum(widths.T.ravel())
    starts = (ends - widths.T.ravel()).reshape(widths.T.shape).T
    out = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    for (flat, lengths), start in zip(columns, starts, strict=True):
        out[spans(start, lengths)] = flat
    return out
