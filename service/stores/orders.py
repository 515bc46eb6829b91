"""Found and sorted rows of a version, kept while somebody turns their pages: versions
never change, so neither does what a question finds in one, nor its order."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock
from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from service.stores.base import ItemQuery, Version

#: Rows kept of all questions together, 8 bytes each.
KEPT_ROWS = 4_000_000
#: A version of more is not kept: one question would take the room of all others.
LARGEST = 1_000_000
Rids = NDArray[np.int64]
Key = tuple[Any, ...]


class Orders:
    """The most recently read orders, least recently read out first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Rids] = OrderedDict()
        self._rows = 0
        self._lock = Lock()

    def rids(
        self,
        version: Version,
        query: ItemQuery,
        find: Callable[[], Sequence[int]],
        *,
        whole: bool,
    ) -> Rids | None:
        """All rows that the query finds, in its order; None where a page by itself is
        quicker: the first one, which a database cuts off early, of what has no
        order yet, unless it looks at the ``whole`` version all the same."""
        if version.feature_count > LARGEST:
            return None
        key = _key(version, query)
        with self._lock:
            if (found := self._kept.get(key)) is not None:
                self._kept.move_to_end(key)
                return found
        counted = query.sortby and query.filter and query.count
        if not (query.offset or counted or whole):
            return None
        made = np.asarray(find(), dtype=np.int64)
        self._keep(key, made)
        return made

    def _keep(self, key: Key, made: Rids) -> None:
        with self._lock:
            if key not in self._kept:
                self._kept[key] = made
                self._rows += len(made)
            while self._rows > KEPT_ROWS:
                self._rows -= len(self._kept.popitem(last=False)[1])


def _key(version: Version, query: ItemQuery) -> Key:
    asked = orjson.dumps([query.filter, query.sortby])
    return version.layer, version.number, query.bbox, asked
