"""What a question is about: some features of one version, laid where they are cut."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, Frame, ObjectArray
from geo.overlap import Dimensions, Laid, lay
from geo.parts import Rows
from geo.patches import Patches, along_curve
from geo.stopping import step
from geo.surface import Basis, Surface, surface
from layers.catalogue import Layer
from service.atlas import Atlas
from service.snapshots import LaidOut, Snapshot
from service.stores.base import Bounds, ItemQuery

#: Degrees around a box in which a feature may still reach into it: straight edges on a
#: surface bend in degrees, by a metre on 10 km and 100 m on 100 km.
_BEND = 1e-3
#: Versions of fewer features are read whole.
_FEW = 5_000


@dataclass(frozen=True, slots=True)
class Reading:
    """Rows of a snapshot. ``rows`` is ascending."""

    layer: Layer
    snapshot: Snapshot
    rows: Rows

    @property
    def version(self) -> int:
        return self.snapshot.version

    @property
    def ids(self) -> ObjectArray:
        ids: ObjectArray = self.snapshot.frame.ids[self.rows]
        return ids

    @property
    def geometry(self) -> ObjectArray:
        """CRS84."""
        return self.snapshot.frame.shapes(self.rows)

    @property
    def bounds(self) -> FloatArray:
        """(n, 4) west, south, east, north in degrees; NaN where nothing is."""
        bounds: FloatArray = self.snapshot.bounds[self.rows]
        return bounds

    @property
    def extent(self) -> Bounds | None:
        """The box around all; None where nothing is."""
        known = self.bounds
        known = known[~np.isnan(known[:, 0])]
        if len(known) == 0:
            return None
        west, south = known[:, :2].min(axis=0).tolist()
        east, north = known[:, 2:].max(axis=0).tolist()
        return west, south, east, north

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which rows have no geometry."""
        missing: NDArray[np.bool_] = self.snapshot.unlocated[self.rows]
        return missing

    @property
    def whole(self) -> bool:
        """Whether these are all rows of the version."""
        return len(self.rows) == len(self.snapshot.frame)

    @property
    def frame(self) -> Frame:
        return self.snapshot.frame.take(self.rows)

    @property
    def unlocated(self) -> int:
        """How many of the features have no geometry."""
        return int(self.missing.sum())

    @property
    def evidence_ranks(self) -> NDArray[np.uint8]:
        """Of the features that have a geometry."""
        return self.snapshot.evidence_ranks[self._located]

    @property
    def accuracies(self) -> FloatArray:
        """Stated position errors in metres, NaN where none is."""
        return self.snapshot.accuracies[self.rows]

    @property
    def _located(self) -> Rows:
        return self.rows[~self.missing]

    def column(self, name: str) -> NDArray[Any]:
        """A column of the rows; all missing where the version does not have it."""
        found = self.snapshot.frame.columns.get(name)
        if found is None:
            return np.full(len(self.rows), None, dtype=object)
        return found[self.rows]

    def narrowed(self, keep: NDArray[Any]) -> Reading:
        """Some of the rows, by position or mask."""
        return Reading(self.layer, self.snapshot, self.rows[keep])

    def near(self, box: Bounds | None) -> Reading:
        """The rows whose box comes close to this one (degrees)."""
        if box is None:
            return self.narrowed(np.zeros(0, dtype=np.intp))
        west, south, east, north = _widened(*box)
        left, low, right, high = self.bounds.T
        across = (left <= east) & (right >= west)
        return self.narrowed(across & (low <= north) & (high >= south))

    def laid(self, on: Surface) -> Laid:
        """The rows on a surface; each is laid once and kept with the snapshot."""
        return _sheet(self.snapshot, on).take(self.snapshot.frame, self.rows)

    def measured(self, on: Surface) -> tuple[Dimensions, FloatArray]:
        """Dimension and amount of each row on a surface."""
        if (known := self.snapshot.laid_on(on)) is None:
            laid = self.laid(on)
            return laid.dimension, laid.amount
        place = _places(known)[self.rows]
        features = known.features
        return features.dimension[place].astype(np.int32), features.amount[place]

    def patches(self, on: Surface) -> tuple[Patches, Rows]:
        """All rows on a surface with neighbours side by side, and which row each is."""
        known = self.snapshot.laid_on(on) if self.whole else None
        if known is not None:
            return known.features, known.rank.astype(np.intp)
        laid = self.laid(on)
        order = along_curve(shapely.bounds(laid.geoms).reshape(-1, 4).T)
        return Patches.held(laid.take(order)), order


def _widened(west: float, south: float, east: float, north: float) -> Bounds:
    return west - _BEND, south - _BEND, east + _BEND, north + _BEND


def _places(known: LaidOut) -> Rows:
    """Where each row stands."""
    place = np.empty(len(known.rank), dtype=np.intp)
    place[known.rank] = np.arange(len(place))
    return place


def read(
    atlas: Atlas, layer: Layer, version: int, query: ItemQuery | None = None
) -> Reading:
    """The features of a version that a query's bbox and filter choose; all without
    one. Blocks: call from a thread."""
    step()
    snapshot = atlas.snapshots.get(layer.id, version)
    if query is None or (query.bbox is None and query.filter is None):
        return Reading(layer, snapshot, np.arange(len(snapshot.frame)))
    ids = atlas.store.ids(layer.id, version, replace(query, sortby=()))
    return Reading(layer, snapshot, np.sort(snapshot.rows(ids)))


def read_near(
    atlas: Atlas,
    layer: Layer,
    version: int,
    around: Bounds | None,
    query: ItemQuery | None = None,
) -> Reading:
    """As ``read``, of features whose box comes close to this one. Where that is a
    small part of a version that nobody has read yet, no more is read."""
    if (box := _part_of(atlas, layer, version, around)) is None:
        return read(atlas, layer, version, query).near(around)
    wanted = replace(query or ItemQuery(), bbox=box)
    frame = atlas.store.frame(layer.id, version, query=wanted)
    part = Snapshot(layer.id, version, frame)
    return Reading(layer, part, np.arange(len(frame))).near(around)


def _part_of(
    atlas: Atlas, layer: Layer, version: int, around: Bounds | None
) -> Bounds | None:
    """The box and what may bend into it, if that is less than reading everything."""
    about = atlas.store.version(layer.id, version)
    if atlas.snapshots.held(layer.id, version) or not about.extent or not around:
        return None
    near = _widened(*around)
    box, whole = shapely.box(*near), shapely.box(*about.extent)
    if about.feature_count < _FEW or box.intersection(whole).area > whole.area / 4:
        return None
    return near


def surface_for(basis: Basis, *bounds: FloatArray) -> Surface:
    """The surface of a basis around the first of these that has a box: around their
    median, which a few features on another continent do not move."""
    for each in bounds:
        boxes = each.reshape(-1, 4)
        boxes = boxes[~np.isnan(boxes[:, 0])]
        if len(boxes):
            middle = np.sort(boxes, axis=0)[len(boxes) // 2]
            west, south, east, north = middle.tolist()
            return surface(basis, ((west + east) / 2, (south + north) / 2))
    return surface(basis, (0.0, 0.0))


class _Sheet:
    """A version laid on one surface, as far as it has been wanted: read where it was
    laid before."""

    def __init__(self, on: Surface, count: int, before: LaidOut | None) -> None:
        self._before = before
        self._laid = Laid(
            on,
            np.full(count, None, dtype=object),
            np.full(count, -1, dtype=np.int32),
            np.zeros(count),
            np.zeros(count, dtype=bool),
        )
        self._known = np.zeros(count, dtype=bool)
        self._lock = Lock()

    def take(self, frame: Frame, rows: Rows) -> Laid:
        """The rows, of which those not known yet are laid now."""
        missing = rows[~self._known[rows]]
        if len(missing):
            made = self._made(frame, missing)
            with self._lock:
                self._keep(missing, made)
        return self._laid if len(rows) == len(self._known) else self._laid.take(rows)

    def _made(self, frame: Frame, rows: Rows) -> Laid:
        on, before = self._laid.surface, self._before
        if before is None:
            return lay(on, frame.shapes(rows))
        place, features = _places(before)[rows], before.features
        return Laid(
            on,
            features.geometry(place),
            features.dimension[place].astype(np.int32),
            features.amount[place],
            before.repaired[place].astype(bool),
        )

    def _keep(self, rows: Rows, made: Laid) -> None:
        """Who was second with a row leaves it: a geometry known stays the same one."""
        new = ~self._known[rows]
        rows, made = rows[new], made.take(new)
        self._laid.geoms[rows] = made.geoms
        self._laid.dimension[rows] = made.dimension
        self._laid.amount[rows] = made.amount
        self._laid.repaired[rows] = made.repaired
        self._known[rows] = True


_sheets: WeakKeyDictionary[Snapshot, OrderedDict[Surface, _Sheet]] = WeakKeyDictionary()
_lock = Lock()
#: Surfaces kept of a snapshot: two bases around one place, and one more.
_SURFACES = 3


def _sheet(snapshot: Snapshot, on: Surface) -> _Sheet:
    before = snapshot.laid_on(on)
    with _lock:
        kept = _sheets.setdefault(snapshot, OrderedDict())
        if on not in kept:
            kept[on] = _Sheet(on, len(snapshot.frame), before)
        kept.move_to_end(on)
        while len(kept) > _SURFACES:
            kept.popitem(last=False)
        return kept[on]
