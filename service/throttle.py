"""Counts events per key within a sliding window, in memory."""

from __future__ import annotations

import math
import time
from collections import OrderedDict, deque

from service.errors import TooManyRequests

_FAILED = ("Too many failed attempts from this address.", "此地址失败次数过多")


class Throttle:
    """At most ``limit`` events of a key within ``seconds``; remembers 10,000 keys."""

    def __init__(
        self,
        *,
        limit: int,
        seconds: float,
        keys: int = 10_000,
        told: tuple[str, str] = _FAILED,
    ) -> None:
        self._told = told
        self._limit = limit
        self._seconds = seconds
        self._keys = keys
        self._events: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str) -> int:
        """Whole seconds until the key is free again; 0 when it is."""
        events = self._recent(key)
        if len(events) < self._limit:
            return 0
        return math.ceil(events[0] + self._seconds - time.monotonic())

    def refuse(self, key: str) -> None:
        """Raise ``TooManyRequests`` while the key has to wait."""
        if (wait := self.wait(key)) > 0:
            raise TooManyRequests(
                f"{self._told[0]} Try again in {wait} seconds.",
                f"{self._told[1]}，请在 {wait} 秒后重试。",
                retry_after=wait,
            )

    def count(self, key: str) -> None:
        """Note one event."""
        self._recent(key).append(time.monotonic())

    def clear(self) -> None:
        """Forget everything."""
        self._events.clear()

    def _recent(self, key: str) -> deque[float]:
        events = self._events.setdefault(key, deque(maxlen=self._limit))
        self._events.move_to_end(key)
        while len(self._events) > self._keys:
            self._events.popitem(last=False)
        horizon = time.monotonic() - self._seconds
        while events and events[0] <= horizon:
            events.popleft()
        return events
