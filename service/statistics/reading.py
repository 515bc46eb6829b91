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
from geo.overlap import Laid, lay
from geo.parts import Rows, extent
from geo.surface import Basis, Surface, surface
from layers.catalogue import Layer
from service.atlas import Atlas
from service.snapshots import Snapshot
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
        geometry: ObjectArray = self.snapshot.frame.geometry[self.rows]
        return geometry

    @property
    def frame(self) -> Frame:
        return self.snapshot.frame.take(self.rows)

    @property
    def unlocated(self) -> int:
        """How many of the features have no geometry."""
        return int(self.snapshot.unlocated[self.rows].sum())

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
        return self.rows[~self.snapshot.unlocated[self.rows]]

    def column(self, name: str) -> NDArray[Any]:
        """A column of the rows; all missing where the version does not have it."""
        found = self.snapshot.frame.columns.get(name)
        if found is None:
            return np.full(len(self.rows), None, dtype=object)
        return found[self.rows]

    def narrowed(self, keep: NDArray[Any]) -> Reading:
        """Some of the rows, by position or mask."""
        return Reading(self.layer, self.snapshot, self.rows[keep])

    def near(self, geoms: ObjectArray) -> Reading:
        """The rows whose box comes close to that of the geometries (CRS84)."""
        bounds = extent(geoms)
        if bounds is None:
            return self.narrowed(np.zeros(0, dtype=np.intp))
        found = np.sort(self.snapshot.tree.query(_widened(*bounds)))
        if len(self.rows) < len(self.snapshot.frame):
            found = np.intersect1d(found, self.rows, assume_unique=True)
        return Reading(self.layer, self.snapshot, found)

    def laid(self, on: Surface) -> Laid:
        """The rows on a surface; each is laid once and kept with the snapshot."""
        return _sheet(self.snapshot, on).take(self.snapshot.frame.geometry, self.rows)


def _widened(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    return shapely.box(west - _BEND, south - _BEND, east + _BEND, north + _BEND)


def read(
    atlas: Atlas, layer: Layer, version: int, query: ItemQuery | None = None
) -> Reading:
    """The features of a version that a query's bbox and filter choose; all without
    one. Blocks: call from a thread."""
    snapshot = atlas.snapshots.get(layer.id, version)
    if query is None or (query.bbox is None and query.filter is None):
        return Reading(layer, snapshot, np.arange(len(snapshot.frame)))
    ids = atlas.store.ids(layer.id, version, replace(query, sortby=()))
    return Reading(layer, snapshot, np.sort(snapshot.rows(ids)))


def read_near(
    atlas: Atlas,
    layer: Layer,
    version: int,
    around: ObjectArray,
    query: ItemQuery | None = None,
) -> Reading:
    """As ``read``, of features whose box comes close to that of the geometries. Where
    these are a small part of a version that nobody has read yet, no more is read."""
    if (box := _part_of(atlas, layer, version, around)) is None:
        return read(atlas, layer, version, query).near(around)
    wanted = replace(query or ItemQuery(), bbox=box)
    frame = atlas.store.frame(layer.id, version, query=wanted)
    part = Snapshot(layer.id, version, frame)
    return Reading(layer, part, np.arange(len(frame))).near(around)


def _part_of(
    atlas: Atlas, layer: Layer, version: int, around: ObjectArray
) -> Bounds | None:
    """The box around geometries, if that is less than reading everything."""
    about, near = atlas.store.version(layer.id, version), extent(around)
    if atlas.snapshots.held(layer.id, version) or not about.extent or not near:
        return None
    box, whole = _widened(*near), shapely.box(*about.extent)
    if about.feature_count < _FEW or box.intersection(whole).area > whole.area / 4:
        return None
    west, south, east, north = box.bounds
    return west, south, east, north


def surface_for(basis: Basis, *geoms: ObjectArray) -> Surface:
    """The surface of a basis around the first of these that has any geometry: around
    its median, which a few features on another continent do not move."""
    for each in geoms:
        boxes = shapely.bounds(each)
        boxes = boxes[~np.isnan(boxes[:, 0])] if len(each) else boxes
        if len(boxes):
            middle = np.sort(boxes, axis=0)[len(boxes) // 2]
            west, south, east, north = middle.tolist()
            return surface(basis, ((west + east) / 2, (south + north) / 2))
    return surface(basis, (0.0, 0.0))


class _Sheet:
    """A version laid on one surface, as far as it has been wanted."""

    def __init__(self, on: Surface, count: int) -> None:
        self._laid = Laid(
            on,
            np.full(count, None, dtype=object),
            np.full(count, -1, dtype=np.int32),
            np.zeros(count),
            np.zeros(count, dtype=bool),
        )
        self._known = np.zeros(count, dtype=bool)
        self._lock = Lock()

    def take(self, geometry: ObjectArray, rows: Rows) -> Laid:
        """The rows, of which those not known yet are laid now."""
        missing = rows[~self._known[rows]]
        if len(missing):
            made = lay(self._laid.surface, geometry[missing])
            with self._lock:
                self._keep(missing, made)
        return self._laid if len(rows) == len(self._known) else self._laid.take(rows)

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
    with _lock:
        kept = _sheets.setdefault(snapshot, OrderedDict())
        if on not in kept:
            kept[on] = _Sheet(on, len(snapshot.frame))
        kept.move_to_end(on)
        while len(kept) > _SURFACES:
            kept.popitem(last=False)
        return kept[on]
