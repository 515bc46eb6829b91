"""Work for a moment in which nobody asks for anything."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event, Thread

#: So long nobody has asked: whoever opened a page has it by then.
QUIET_SECONDS = 2.0
#: Where somebody always asks, the work begins all the same.
PATIENCE_SECONDS = 15.0


class Quiet:
    """Does something once, in a thread, in the first quiet moment."""

    def __init__(
        self,
        act: Callable[[], None],
        *,
        quiet: float = QUIET_SECONDS,
        patience: float = PATIENCE_SECONDS,
    ) -> None:
        self._act, self._quiet, self._patience = act, quiet, patience
        self._stirred = 0.0
        self._ended = Event()
        self._thread: Thread | None = None

    def stir(self) -> None:
        """Somebody asks for something."""
        self._stirred = time.monotonic()

    def start(self) -> None:
        """Wait for a quiet moment from now on."""
        self.stir()
        self._ended.clear()
        self._thread = Thread(target=self._wait, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """Begin no more; what is under way is waited for."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()

    def _wait(self) -> None:
        latest = time.monotonic() + self._patience
        while not self._ended.wait(self._left(latest)):
            if self._left(latest) <= 0:
                self._act()
                return

    def _left(self, latest: float) -> float:
        return max(0.0, min(self._stirred + self._quiet, latest) - time.monotonic())
