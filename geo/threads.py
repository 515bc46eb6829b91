"""Work on many rows in threads: shapely lets go of the interpreter while it works."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from os import cpu_count
from typing import Any, TypeVar

import numpy as np

from geo.parts import Rows
from geo.stopping import step

_T = TypeVar("_T")
_Made = TypeVar("_Made")

#: Work on groups of rows, by whatever means; results in any order.
Spread = Callable[[Callable[[Rows], Rows], Sequence[Rows]], Iterable[Rows]]
THREADS = min(4, cpu_count() or 1)
#: Enough chunks that the last thread to finish does not keep the others waiting.
_CHUNKS_PER_THREAD = 8


def threaded(work: Callable[[Rows], Any], rows: Rows, threads: int) -> Iterator[Any]:
    """``work`` over chunks of rows, in order, on several threads if that pays; a step
    (``geo.stopping``) after each."""
    chunks = min(len(rows), threads * _CHUNKS_PER_THREAD) if threads > 1 else 1
    parts = np.array_split(rows, max(chunks, 1))
    if len(parts) == 1:
        step()
        yield work(rows)
        return
    yield from mapped(work, parts, threads)


def mapped(
    work: Callable[[_T], _Made], parts: Iterable[_T], threads: int
) -> Iterator[_Made]:
    """``work`` over parts on several threads, results in order, a step after each;
    what has not begun when they are no longer wanted is not begun."""
    pool = ThreadPoolExecutor(threads)
    try:
        for made in pool.map(work, parts):
            step()
            yield made
    finally:
        pool.shutdown(cancel_futures=True)


def one_by_one(work: Callable[[Rows], Rows], parts: Sequence[Rows]) -> Iterable[Rows]:
    """The plainest way to spread work."""
    return map(work, parts)
