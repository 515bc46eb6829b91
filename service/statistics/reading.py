"""What a question is about: some features of one version, laid where they are cut."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import Frame, ObjectArray
from geo.overlap import Laid, lay
from geo.parts import Rows, extent
from geo.surface import Basis, Surface, surface
from layers.catalogue import Layer
from service.atlas import Atlas
from service.snapshots import Snapshot
from service.stores.base import ItemQuery

#: Laying all of a layer pays once more than this part of it is wanted.
_MOST = 0.2
#: Degrees around a box in which a feature may still reach into it: straight edges on a
#: surface bend in degrees, by a metre on 10 km and 100 m on 100 km.
_BEND = 1e-3


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
        return int(shapely.is_missing(self.geometry).sum())

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
        west, south, east, north = bounds
        box = shapely.box(west - _BEND, south - _BEND, east + _BEND, north + _BEND)
        found = np.sort(self.snapshot.tree.query(box))
        return Reading(self.layer, self.snapshot, np.intersect1d(found, self.rows))

    def laid(self, on: Surface) -> Laid:
        """The rows on a surface, kept with the snapshot once much of it is wanted."""
        return _kept(self.snapshot, self.rows, on)


def read(
    atlas: Atlas, layer: Layer, version: int, query: ItemQuery | None = None
) -> Reading:
    """The features of a version that a query's bbox and filter choose; all without
    one. Blocks: call from a thread."""
    snapshot = atlas.snapshots.get(layer.id, version)
    if query is None or (query.bbox is None and query.filter is None):
        return Reading(layer, snapshot, np.arange(len(snapshot.frame)))
    ids = atlas.store.frame(layer.id, version, query=query).ids
    return Reading(layer, snapshot, np.sort(snapshot.rows(list(ids))))


def surface_for(basis: Basis, *geoms: ObjectArray) -> Surface:
    """The surface of a basis around the first of these that has any geometry: around
    its median, which a few features on another continent do not move."""
    for each in geoms:
        boxes = shapely.bounds(each)
        boxes = boxes[~np.isnan(boxes[:, 0])] if len(each) else boxes
        if len(boxes):
            west, south, east, north = np.median(boxes, axis=0).tolist()
            return surface(basis, ((west + east) / 2, (south + north) / 2))
    return surface(basis, (0.0, 0.0))


_laid: WeakKeyDictionary[Snapshot, OrderedDict[Surface, Laid]] = WeakKeyDictionary()
_lock = Lock()
#: Surfaces kept of a snapshot: two bases around one place, and one more.
_SURFACES = 3


def _kept(snapshot: Snapshot, rows: Rows, on: Surface) -> Laid:
    with _lock:
        known: Mapping[Surface, Laid] = _laid.get(snapshot, OrderedDict())
        whole = known.get(on)
    if whole is None and len(rows) <= _MOST * len(snapshot.frame):
        return lay(on, snapshot.frame.geometry[rows])
    if whole is None:
        whole = lay(on, snapshot.frame.geometry)
        with _lock:
            kept = _laid.setdefault(snapshot, OrderedDict())
            kept[on] = whole
            while len(kept) > _SURFACES:
                kept.popitem(last=False)
    return whole if len(rows) == len(snapshot.frame) else whole.take(rows)
