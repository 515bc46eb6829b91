"""Differences that are looked at again and again: the map asks with every move."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from service.difference import Difference

#: Each holds the frame of its changes.
HELD = 3
_kept: OrderedDict[Hashable, Difference] = OrderedDict()
_lock = Lock()


def difference_of(key: Hashable, make: Callable[[], Difference]) -> Difference:
    """The difference under that key; the key names everything it depends on."""
    with _lock:
        found = _kept.get(key)
        if found is not None:
            _kept.move_to_end(key)
            return found
    made = make()
    with _lock:
        _kept[key] = made
        while len(_kept) > HELD:
            _kept.popitem(last=False)
    return made
