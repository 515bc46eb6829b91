"""Answers already computed, by their ETag: a version never changes, so neither do they.

Bounded by bytes; the least recently used goes first."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock


class Kept:
    """Bytes by key, thread-safe."""

    def __init__(self, max_bytes: int = 32 * 1024 * 1024) -> None:
        self._max_bytes = max_bytes
        self._held = 0
        self._answers: OrderedDict[str, bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> bytes | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: str, answer: bytes) -> None:
        """Keep an answer; one that would fill a quarter of the room is not kept."""
        if len(answer) > self._max_bytes // 4:
            return
        with self._lock:
            self._held += len(answer) - len(self._answers.pop(key, b""))
            self._answers[key] = answer
            while self._held > self._max_bytes:
                _, oldest = self._answers.popitem(last=False)
                self._held -= len(oldest)
