"""The frame lane's cache: one immutable frame per (layer, version), with its index."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from geo.frame import FloatArray, Frame
from layers.catalogue import EVIDENCE
from service.frames import Figures, Frames
from service.stores.base import Store

if TYPE_CHECKING:
    from geo.patches import Patches
    from geo.surface import Basis, Surface


class LaidOut(Protocol):
    """A version on a surface, made before: row ``rank[n]`` stands at ``n``."""

    surface: Surface
    features: Patches
    rank: NDArray[np.int32]
    repaired: NDArray[np.uint8]

    def is_of(self, ids: list[str]) -> bool:
        """Whether these are the ids of its rows, in their order."""


LaidBefore = Callable[[str, int, "Basis"], LaidOut | None]


class Snapshot:
    """One version of one layer as arrays. Row numbers index every array alike."""

    def __init__(
        self,
        layer: str,
        version: int,
        frame: Frame,
        home: Snapshots | None = None,
    ) -> None:
        self.layer = layer
        self.version = version
        self.frame = frame
        self._home = home
        self._laid: dict[Basis, LaidOut | None] = {}

    def laid_on(self, on: Surface) -> LaidOut | None:
        """The whole version on a surface, if that was made before this was asked."""
        if self._home is not None and on.basis not in self._laid:
            found = self._home.laid_before(self.layer, self.version, on.basis)
            if found is not None:
                self._laid[on.basis] = found if self._is_of_this(found) else None
        known = self._laid.get(on.basis)
        return known if known is not None and known.surface == on else None

    def _is_of_this(self, found: LaidOut) -> bool:
        placed = found.rank[np.asarray(found.features.dimension) >= 0]
        nowhere = self.unlocated[placed].any() if len(found.rank) else False
        return not nowhere and found.is_of(self.frame.ids.tolist())

    def figures(self, name: str, make: Callable[[], Figures]) -> Figures:
        """Figures of the whole version, kept on disk once they are made."""
        if self._home is None or self._home.frames is None:
            return make()
        return self._home.frames.figures(self.layer, self.version, name, make)

    @cached_property
    def located(self) -> NDArray[np.intp]:
        """Rows that have a geometry."""
        return np.flatnonzero(~self.unlocated)

    @cached_property
    def unlocated(self) -> NDArray[np.bool_]:
        """Which rows have no geometry."""
        return self.frame.missing

    @cached_property
    def bounds(self) -> FloatArray:
        """(n, 4) west, south, east, north; NaN where there is no geometry."""
        return self.frame.bounds

    @cached_property
    def evidence_ranks(self) -> NDArray[np.uint8]:
        """Each row's place in ``EVIDENCE``; who does not tell it stands last."""
        told = self.frame.columns.get("evidence")
        values = [None] * len(self.frame) if told is None else told.tolist()
        place: dict[Any, int] = {name: n for n, name in enumerate(EVIDENCE)}
        rank = {value: place.get(value, len(EVIDENCE) - 1) for value in set(values)}
        return np.array([rank[value] for value in values], dtype=np.uint8)

    @cached_property
    def accuracies(self) -> FloatArray:
        """Stated position errors in metres, NaN where none is."""
        told = self.frame.columns.get("accuracy_m")
        if told is None:
            return np.full(len(self.frame), np.nan)
        metres: FloatArray = told.astype(np.float64)
        return metres

    def rows(self, ids: list[str]) -> NDArray[np.intp]:
        """Row numbers of those ids that exist, in the order asked."""
        index = self._row_by_id
        return np.array([index[i] for i in ids if i in index], dtype=np.intp)

    @cached_property
    def _row_by_id(self) -> dict[str, int]:
        return {id: row for row, id in enumerate(self.frame.ids)}


class Snapshots:
    """Least-recently-used snapshots, bounded by the number of features held."""

    def __init__(
        self, store: Store, frames: Frames | None = None, max_features: int = 600_000
    ) -> None:
        self._store = store
        #: What keeps versions on disk, if anything does.
        self.frames = frames
        #: Finds a version laid out on a surface, where anybody lays them out.
        self.laid_before: LaidBefore = lambda layer, version, basis: None
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
            made = self.read(layer, version)
            self._keep(key, made)
        return made

    def read(self, layer: str, version: int) -> Snapshot:
        """The snapshot for whoever wants it once: it is not held."""
        read = self._store.frame if self.frames is None else self.frames.read
        return Snapshot(layer, version, read(layer, version), self)

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
