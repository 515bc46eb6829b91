"""The frame lane's cache: one immutable frame per (layer, version), with its index."""

from __future__ import annotations

from collections import OrderedDict
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, Frame
from layers.catalogue import EVIDENCE
from service.stores.base import Store


class Snapshot:
    """One version of one layer as arrays. Row numbers index every array alike."""

    def __init__(self, layer: str, version: int, frame: Frame) -> None:
        self.layer = layer
        self.version = version
        self.frame = frame

    @cached_property
    def located(self) -> NDArray[np.intp]:
        """Rows that have a geometry."""
        present = ~shapely.is_missing(self.frame.geometry)
        return np.flatnonzero(present)

    @cached_property
    def unlocated(self) -> NDArray[np.bool_]:
        """Which rows have no geometry."""
        missing: NDArray[np.bool_] = shapely.is_missing(self.frame.geometry)
        return missing

    @cached_property
    def evidence_ranks(self) -> NDArray[np.uint8]:
        """Each row's place in ``EVIDENCE``; who does not tell it stands last."""
        told = self.frame.columns.get("evidence")
        values = [None] * len(self.frame) if told is None else told.tolist()
        place: dict[Any, int] = {name: n for n, name in enumerate(EVIDENCE)}
        ranks = (place.get(value, len(EVIDENCE) - 1) for value in values)
        return np.fromiter(ranks, dtype=np.uint8, count=len(self.frame))

    @cached_property
    def accuracies(self) -> FloatArray:
        """Stated position errors in metres, NaN where none is."""
        told = self.frame.columns.get("accuracy_m")
        if told is None:
            return np.full(len(self.frame), np.nan)
        metres: FloatArray = told.astype(np.float64)
        return metres

    @cached_property
    def tree(self) -> shapely.STRtree:
        """Index over all rows; missing geometries never match."""
        return shapely.STRtree(self.frame.geometry)

    def rows(self, ids: list[str]) -> NDArray[np.intp]:
        """Row numbers of those ids that exist, in the order asked."""
        index = self._row_by_id
        return np.array([index[i] for i in ids if i in index], dtype=np.intp)

    @cached_property
    def _row_by_id(self) -> dict[str, int]:
        return {id: row for row, id in enumerate(self.frame.ids)}


class Snapshots:
    """Least-recently-used snapshots, bounded by the number of features held."""

    def __init__(self, store: Store, max_features: int = 600_000) -> None:
        self._store = store
        self._max_features = max_features
        self._kept: OrderedDict[tuple[str, int], Snapshot] = OrderedDict()
        self._turns: dict[tuple[str, int], Lock] = {}
        self._lock = Lock()

    def get(self, layer: str, version: int) -> Snapshot:
        """The snapshot, read from the store the first time. Blocks: call from a
        thread, not from the event loop. Who asks while it is being read waits for
        that one reading."""
        key = (layer, version)
        with self._lock:
            if (found := self._found(key)) is not None:
                return found
            turn = self._turns.setdefault(key, Lock())
        with turn:
            with self._lock:
                if (found := self._found(key)) is not None:
                    return found
            made = Snapshot(layer, version, self._store.frame(layer, version))
            self._keep(key, made)
        return made

    def held(self, layer: str, version: int) -> Snapshot | None:
        """The snapshot if it is held already."""
        with self._lock:
            return self._found((layer, version))

    def _found(self, key: tuple[str, int]) -> Snapshot | None:
        if (found := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
        return found

    def _keep(self, key: tuple[str, int], made: Snapshot) -> None:
        with self._lock:
            self._turns.pop(key, None)
            self._kept[key] = made
            while len(self._kept) > 1 and self._held() > self._max_features:
                self._kept.popitem(last=False)

    def _held(self) -> int:
        return sum(len(snapshot.frame) for snapshot in self._kept.values())
