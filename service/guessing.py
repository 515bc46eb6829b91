"""Wrong tokens slow down whoever guesses, and nobody else behind the same address."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

from service.throttle import Throttle

_Found = TypeVar("_Found")
#: A token made here: 256 random bits, which nobody guesses. An administrator's own,
#: from the settings, may be any word.
_MADE_HERE = re.compile(r"atlas_[A-Za-z0-9_-]{43}")


def tried(
    throttle: Throttle,
    address: str,
    token: str,
    find: Callable[[str], _Found | None],
) -> _Found | None:
    """What the token opens. Once an address has to wait, only tokens that cannot be
    guessed are still looked up, so that one broken program or one guesser shuts nobody
    out who shares its address. Raises ``TooManyRequests``."""
    if not _MADE_HERE.fullmatch(token):
        throttle.refuse(address)
    found = find(token)
    if found is None:
        throttle.refuse(address)
        throttle.count(address)
    return found
