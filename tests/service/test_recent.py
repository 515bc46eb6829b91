"""The memory of what was made lately."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest

from service.recent import Recent


def test_a_value_is_made_once() -> None:
    recent: Recent[str] = Recent(100, len)
    made = []
    for _ in range(3):
        recent.get("key", lambda: made.append(1) or "value")
    assert made == [1]


def test_the_longest_unused_leaves_first() -> None:
    recent: Recent[str] = Recent(10, len)
    recent.get("a", lambda: "aaaa")
    recent.get("b", lambda: "bbbb")
    recent.peek("a")
    recent.get("c", lambda: "cccc")
    assert recent.peek("b") is None
    assert recent.peek("a") == "aaaa"


def test_a_value_beyond_the_bound_is_still_given() -> None:
    recent: Recent[str] = Recent(2, len)
    assert recent.get("a", lambda: "aaaa") == "aaaa"


def test_what_failed_is_tried_again() -> None:
    recent: Recent[str] = Recent(10, len)
    with pytest.raises(ZeroDivisionError):
        recent.get("a", lambda: str(1 // 0))
    assert recent.get("a", lambda: "made") == "made"


def test_threads_that_ask_together_wait_for_one_making() -> None:
    recent: Recent[str] = Recent(10, len)
    made, together = [], Barrier(4)

    def ask() -> None:
        together.wait()
        recent.get("a", lambda: made.append(1) or "value")

    threads = [Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [1]
