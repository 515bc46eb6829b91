"""How far a long computation has come, for whoever wants to hear of it."""

from __future__ import annotations

from collections.abc import Callable

#: Hears how many parts are done, of how many.
Told = Callable[[int, int], None]


def silent(done: int, total: int) -> None:
    """Where nobody wants to hear of it."""
