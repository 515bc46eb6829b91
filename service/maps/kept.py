"""Things kept for the next request, the least recently used dropped first."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """A cache bounded by the weight of what it holds. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._weight = 0
        self._things: OrderedDict[tuple[object, ...], tuple[T, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[object, ...]) -> T | None:
        with self._lock:
            if key not in self._things:
                return None
            self._things.move_to_end(key)
            return self._things[key][0]

    def keep(self, key: tuple[object, ...], thing: T, weight: int) -> None:
        with self._lock:
            if key in self._things:
                self._weight -= self._things.pop(key)[1]
            self._things[key] = (thing, weight)
            self._weight += weight
            while self._weight > self._most and self._things:
                self._weight -= self._things.popitem(last=False)[1][1]
