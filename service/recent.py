"""A bounded memory of what was made lately."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Recent(Generic[T]):
    """The most recently used values, each made once, bounded by their total size."""

    def __init__(self, bound: int, size: Callable[[T], int]) -> None:
        self._bound, self._size = bound, size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()
        self._total = 0

    def peek(self, key: Hashable) -> T | None:
        """The value if it is there."""
        with self._lock:
            if key not in self._kept:
                return None
            self._kept.move_to_end(key)
            return self._kept[key]

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value; whoever asks first makes it, whoever asks meanwhile waits."""
        if (kept := self.peek(key)) is not None:
            return kept
        with self._lock:
            making = self._making.setdefault(key, Lock())
        with making:
            if (kept := self.peek(key)) is not None:
                return kept
            value = make()
            self._keep(key, value)
        return value

    def _keep(self, key: Hashable, value: T) -> None:
        with self._lock:
            self._making.pop(key, None)
            self._kept[key] = value
            self._total += self._size(value)
            while self._total > self._bound and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._total -= self._size(dropped)
