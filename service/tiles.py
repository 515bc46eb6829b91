"""Vector tiles: prepared once per layer version, cut on demand, kept compressed.

Big layers are generalised below zoom 14, once per version and zoom: at zoom 13 every
polygon is there with fewer vertices; further out, neighbours of one class, status and
evidence are joined, and ``feature_count`` says how many features one stands for.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

import numpy as np
import shapely
from isal import igzip
from numpy.typing import NDArray

from geo.frame import Frame
from geo.generalise import dissolve, pixel_deg, simplify
from geo.tile import TileSource, encode_tile
from layers.catalogue import Layer
from service.snapshots import Snapshots

#: From here on every layer is shown as it is.
DETAIL_ZOOM = 14
#: Layers with fewer polygons are shown as they are at every zoom.
BIG = 5_000

T = TypeVar("T")


class Recent(Generic[T]):
    """The most recently used values, each made once, bounded by their total size."""

    def __init__(self, bound: int, size: Callable[[T], int]) -> None:
        self._bound, self._size = bound, size
        self._kept: OrderedDict[Hashable, T] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()
        self._total = 0

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value; whoever asks first makes it, whoever asks meanwhile waits."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            making = self._making.setdefault(key, Lock())
        with making:
            with self._lock:
                if key in self._kept:
                    return self._kept[key]
            value = make()
            self._keep(key, value)
        return value

    def _keep(self, key: Hashable, value: T) -> None:
        with self._lock:
            self._making.pop(key, None)
            self._kept[key] = value
            self._total += self._size(value)
            while self._total > self._bound and len(self._kept) > 1:
                _, dropped = self._kept.popitem(last=False)
                self._total -= self._size(dropped)


class Tiles:
    """Every layer's tiles. Blocks: call from a thread, not from the event loop."""

    def __init__(self, snapshots: Snapshots, *, keep_bytes: int = 96 << 20) -> None:
        self._snapshots = snapshots
        self._bytes: Recent[bytes] = Recent(keep_bytes, lambda tile: len(tile) + 200)
        self._sources: Recent[TileSource] = Recent(1_000_000, lambda s: len(s.frame))

    def tile(self, layer: Layer, version: int, z: int, x: int, y: int) -> bytes:
        """The gzip-compressed tile; nothing at all where it is empty."""
        key = (layer.id, version, z, x, y)
        return self._bytes.get(key, partial(self._cut, layer, version, z, x, y))

    def _cut(self, layer: Layer, version: int, z: int, x: int, y: int) -> bytes:
        tile = encode_tile(self._source(layer, version, z), z, x, y)
        return bytes(igzip.compress(tile, 1, mtime=0)) if tile else b""

    def _source(self, layer: Layer, version: int, zoom: int) -> TileSource:
        """What tiles of this zoom are cut from."""
        frame = self._snapshots.get(layer.id, version).frame
        level = DETAIL_ZOOM if len(frame) < BIG else min(zoom, DETAIL_ZOOM)
        make = partial(self._prepare, layer, version, level)
        return self._sources.get((layer.id, version, level), make)

    def _prepare(self, layer: Layer, version: int, level: int) -> TileSource:
        if level == DETAIL_ZOOM:
            frame = self._snapshots.get(layer.id, version).frame
            return TileSource(layer.id, _shown(frame, layer))
        finer = self._source(layer, version, level + 1).frame
        if level == DETAIL_ZOOM - 2:
            finer = _joined(finer, layer)
        geometry = simplify(finer.geometry, pixel_deg(level) / 2)
        return TileSource(layer.id, Frame(finer.ids, geometry, finer.columns))


def _shown(frame: Frame, layer: Layer) -> Frame:
    """The properties that tiles carry: the layer's own fields, but no nested ones."""
    names = [field.name for field in layer.fields if field.type != "json"]
    columns = {name: frame.columns[name] for name in names if name in frame.columns}
    return Frame(frame.ids, frame.geometry, columns)


def _joined(frame: Frame, layer: Layer) -> Frame:
    """One feature per class, status and evidence, without an id of its own."""
    asked = (layer.class_field or "", "status", "evidence")
    names = [name for name in asked if name in frame.columns]
    keys = list(zip(*(frame.columns[name] for name in names), strict=True))
    number = {key: n for n, key in enumerate(dict.fromkeys(keys))}
    group = np.array([number[key] for key in keys], dtype=np.intp)
    columns: dict[str, NDArray[np.generic]] = {
        name: np.array(values, dtype=object)
        for name, values in zip(names, zip(*number, strict=True), strict=True)
    }
    columns["feature_count"] = np.bincount(group).astype(np.float64)
    geometry = dissolve(shapely.force_2d(frame.geometry), group, len(number))
    return Frame(np.full(len(number), None, dtype=object), geometry, columns)
