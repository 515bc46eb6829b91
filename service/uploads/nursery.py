"""Processes that have brought in what reading files takes, and fork a child for each:
a check begins at once, not after a second of imports.

They know nothing of the service but its code, wait on their input, and end with it, or
when nothing has been asked of them for a while.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import subprocess
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Lock
from typing import NoReturn

IDLE_S = 120
#: Elsewhere a process may not be forked once the system's own libraries are loaded.
CAN_FORK = sys.platform == "linux"
_MODULE = "service.uploads.worker"
Words = list[str]


class Nursery:
    """One such process; one child at a time."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", _MODULE],
            cwd=_root(),
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    @property
    def is_alive(self) -> bool:
        """Whether it waits for more."""
        return self._process.poll() is None

    def run(self, words: Words, seconds: float) -> int:
        """How the child ended. Raises ``TimeoutError`` while it still runs, and
        ``BrokenPipeError`` where the process had ended before it was asked."""
        source, sink = self._process.stdout, self._process.stdin
        assert source is not None and sink is not None
        sink.write(json.dumps(words).encode() + b"\n")
        sink.flush()
        if not select.select([source], [], [], seconds)[0]:
            raise TimeoutError
        if not (told := source.readline()):
            raise BrokenPipeError
        return int(told)

    def close(self) -> None:
        """Let it end, once its child has."""
        assert self._process.stdin is not None and self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait()


class _Waiting:
    """Those that nobody uses just now."""

    def __init__(self) -> None:
        self._all: list[Nursery] = []
        self._lock = Lock()

    def take(self) -> Nursery:
        while True:
            with self._lock:
                if not self._all:
                    break
                one = self._all.pop()
            if one.is_alive:
                return one
            one.close()
        return Nursery()

    def put(self, one: Nursery) -> None:
        with self._lock:
            self._all.append(one)

    def close(self) -> None:
        while self._all:
            self._all.pop().close()


_waiting = _Waiting()
atexit.register(_waiting.close)


def run(words: Words, seconds: float, end: Callable[[], None]) -> int | None:
    """Have a child do what the words say, and wait for it: how it ended, or None where
    the time was up; ``end`` ends it then."""
    if not CAN_FORK:
        return _alone(words, seconds)
    one = _waiting.take()
    try:
        status = one.run(words, seconds)
    except BrokenPipeError:  # it ended, for want of work, as it was asked
        one.close()
        return _alone(words, seconds)
    except TimeoutError:
        end()
        one.close()
        return None
    _waiting.put(one)
    return status


def _alone(words: Words, seconds: float) -> int | None:
    with suppress(subprocess.TimeoutExpired):
        return subprocess.run(
            [sys.executable, "-m", _MODULE, *words],
            cwd=_root(),
            env=_environment(),
            stdin=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        ).returncode
    return None


def _root() -> Path:
    return Path(__file__).resolve().parents[2]


def _environment() -> dict[str, str]:
    """The child learns no secrets, and does not start threads for linear algebra."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ATLAS_")}
    return {**kept, "OPENBLAS_NUM_THREADS": "1"}


def serve(do: Callable[[Words], None]) -> None:
    """The other side: a child for each line that comes."""
    while select.select([sys.stdin], [], [], IDLE_S)[0]:
        if not (line := sys.stdin.readline()):
            break
        if (child := os.fork()) == 0:
            _be_the_child(do, json.loads(line))
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _be_the_child(do: Callable[[Words], None], words: Words) -> NoReturn:
    """It must not speak for its parent, nor listen or end in its place."""
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    status = 1
    try:
        do(words)
        status = 0
    except SystemExit as ended:
        status = int(ended.code or 0)
    finally:
        if status == 1:
            traceback.print_exc()
        os._exit(status)
