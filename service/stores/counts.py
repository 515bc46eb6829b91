"""Counts of what queries match: versions never change, so a count stays true."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

import orjson

from service.stores.base import Bounds, ItemQuery, Version

KEPT = 4096
Key = tuple[str, int, Bounds | None, bytes]


class Counts:
    """The most recent counts, least recently used out first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, int] = OrderedDict()
        self._lock = Lock()

    def matched(
        self,
        version: Version,
        query: ItemQuery,
        returned: int,
        count: Callable[[], int],
    ) -> int | None:
        """``numberMatched``, counted only where nothing known already tells it."""
        if not query.count:
            return None
        if returned < query.limit and (returned or not query.offset):
            return query.offset + returned
        if query.filter is None and (known := _total(version, query.bbox)) is not None:
            return known
        return self._remembered(_key(version, query), count)

    def _remembered(self, key: Key, count: Callable[[], int]) -> int:
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return found
        made = count()
        with self._lock:
            self._kept[key] = made
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return made


def _total(version: Version, bbox: Bounds | None) -> int | None:
    if bbox is None:
        return version.feature_count
    extent = version.extent
    if extent is None:
        return 0
    within = bbox[0] <= extent[0] and bbox[1] <= extent[1]
    within = within and bbox[2] >= extent[2] and bbox[3] >= extent[3]
    return version.located_count if within else None


def _key(version: Version, query: ItemQuery) -> Key:
    return version.layer, version.number, query.bbox, orjson.dumps(query.filter)
