"""Ready-made bytes by key, the least recently used forgotten first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable


class Kept:
    """Holds at most ``limit_bytes``; what is larger than a quarter is not kept."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit = limit_bytes
        self._held = 0
        self._entries: OrderedDict[Hashable, bytes] = OrderedDict()

    def get(self, key: Hashable) -> bytes | None:
        """The bytes, if they are still held."""
        found = self._entries.get(key)
        if found is not None:
            self._entries.move_to_end(key)
        return found

    def put(self, key: Hashable, content: bytes) -> bytes:
        """Hold the bytes, and hand them back."""
        if len(content) * 4 > self._limit:
            return content
        self._held += len(content) - len(self._entries.pop(key, b""))
        self._entries[key] = content
        while self._held > self._limit:
            self._held -= len(self._entries.popitem(last=False)[1])
        return content
