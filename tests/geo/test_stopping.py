"""Long work ends at its next step once nobody wants it."""

from threading import Event

import numpy as np
import pytest

from geo.stopping import Stopped, step, stopped_when, waited
from geo.threads import threaded


def test_work_that_is_wanted_goes_on() -> None:
    def work() -> str:
        step()
        return "done"

    assert stopped_when(lambda: False, work) == "done"


def test_work_that_nobody_wants_ends_at_its_next_step() -> None:
    with pytest.raises(Stopped):
        stopped_when(lambda: True, step)
    step()  # and what comes after it is another's


def test_chunks_that_have_not_begun_are_not_begun() -> None:
    begun: list[int] = []

    def work() -> list[None]:
        return list(threaded(lambda rows: begun.append(len(rows)), np.arange(900), 2))

    with pytest.raises(Stopped):
        stopped_when(lambda: bool(begun), work)
    assert len(begun) < 16


def test_one_long_call_is_not_waited_for_when_nobody_wants_it() -> None:
    ended = Event()
    with pytest.raises(Stopped):
        stopped_when(lambda: True, lambda: waited(ended.wait))
    ended.set()


def test_one_long_call_gives_what_it_gives() -> None:
    assert waited(lambda: 7) == 7
    assert stopped_when(lambda: False, lambda: waited(lambda: 7)) == 7
    with pytest.raises(ZeroDivisionError):
        stopped_when(lambda: False, lambda: waited(lambda: 1 // 0))
