"""Long computations end at their next step when nobody waits for them any more."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from typing import TypeVar

_T = TypeVar("_T")
#: Whether the computation under way is still wanted by nobody.
Unwanted = Callable[[], bool]
#: How often one call is looked up from, in seconds.
_LOOK_S = 0.1
_unwanted: ContextVar[Unwanted | None] = ContextVar("unwanted", default=None)


class Stopped(Exception):
    """Nobody waits for the result."""


def step() -> None:
    """Between two parts of a long computation: raises ``Stopped`` if it is unwanted."""
    asked = _unwanted.get()
    if asked is not None and asked():
        raise Stopped


def stopped_when(unwanted: Unwanted, work: Callable[[], _T]) -> _T:
    """The result of ``work``, which looks at every step whether it is still wanted."""
    token = _unwanted.set(unwanted)
    try:
        return work()
    finally:
        _unwanted.reset(token)


def waited(call: Callable[[], _T]) -> _T:
    """The result of one long call that cannot look up itself, made in a thread: when it
    is unwanted nobody waits for its end."""
    if _unwanted.get() is None:
        return call()
    pool = ThreadPoolExecutor(1)
    try:
        made = pool.submit(call)
        while True:
            try:
                return made.result(timeout=_LOOK_S)
            except TimeoutError:
                step()
    finally:
        pool.shutdown(wait=False)
