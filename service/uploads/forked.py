"""Work in forked processes, for what keeps the interpreter's lock. Where other threads
run, whose locks a child would find taken for ever, it is done in turn."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import numpy as np

from geo.parts import Rows
from geo.progress import Told
from geo.threads import THREADS, Spread


def spread(told: Told) -> Spread:
    """Groups of rows shared out among processes; ``told`` hears of each that is done.
    What a process could not do is done here."""

    def forked(work: Callable[[Rows], Rows], parts: Sequence[Rows]) -> Iterator[Rows]:
        for done, found in enumerate(_found(work, parts), 1):
            # The first share is done here; the others come at the same pace.
            told(min(done * THREADS, len(parts)), len(parts))
            yield found

    return forked


def _found(work: Callable[[Rows], Rows], parts: Sequence[Rows]) -> Iterator[Rows]:
    count = min(THREADS, len(parts))
    if count < 2 or sys.platform != "linux" or threading.active_count() > 1:
        yield from map(work, parts)
        return
    shares = [parts[first::count] for first in range(count)]
    children = [_begin(work, share) for share in shares[1:]]
    yield from map(work, shares[0])
    for (child, pipe), share in zip(children, shares[1:], strict=True):
        yield from _result(child, pipe, work, share)


def _begin(work: Callable[[Rows], Rows], share: Sequence[Rows]) -> tuple[int, int]:
    """A child, and where it will tell its result."""
    parent = os.getpid()
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        return child, reading
    status = 1
    with suppress(BaseException):  # nothing of the parent's must run here
        os.dup2(writing, 3)
        os.closerange(4, 1024)  # its locks too, so that it can be ended
        found = b""
        for part in share:
            found += _told(work(part))
            if os.getppid() != parent:  # cancelled
                os._exit(status)
        with os.fdopen(3, "wb") as sink:
            sink.write(found)
        status = 0
    os._exit(status)


def _told(rows: Rows) -> bytes:
    return np.array([len(rows), *rows], dtype=np.int64).tobytes()


def _result(
    child: int, pipe: int, work: Callable[[Rows], Rows], share: Sequence[Rows]
) -> Iterator[Rows]:
    with os.fdopen(pipe, "rb") as source:
        numbers = np.frombuffer(source.read(), dtype=np.int64)
    _, status = os.waitpid(child, 0)
    if status:
        yield from map(work, share)
        return
    at = 0
    for _ in share:
        count = int(numbers[at])
        yield numbers[at + 1 : at + 1 + count].astype(np.intp)
        at += 1 + count
