"""Long work ends at its next step once nobody wants it."""

import numpy as np
import pytest

from geo.stopping import Stopped, step, stopped_when
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
