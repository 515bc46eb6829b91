"""What waits for a quiet moment."""

from __future__ import annotations

from threading import Event

from service.quiet import Quiet


def test_it_is_done_once_nobody_asks_any_more() -> None:
    done = Event()
    quiet = Quiet(done.set, quiet=0)
    quiet.start()
    assert done.wait(60)
    quiet.end()


def test_it_is_done_at_last_where_somebody_always_asks() -> None:
    done = Event()
    quiet = Quiet(done.set, quiet=3600, patience=0)
    quiet.start()
    assert done.wait(60)
    quiet.end()


def test_it_is_not_begun_while_somebody_asks_nor_after_the_end() -> None:
    done = Event()
    quiet = Quiet(done.set, quiet=3600, patience=3600)
    quiet.start()
    quiet.stir()
    quiet.end()
    assert not done.is_set()


def test_it_may_be_waited_for_again() -> None:
    done = Event()
    quiet = Quiet(done.set, quiet=3600, patience=3600)
    quiet.start()
    quiet.end()
    quiet.start()
    quiet.end()
    assert not done.is_set()
