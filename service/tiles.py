"""Vector tiles: prepared once per layer version, cut on demand, kept compressed."""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable
from functools import partial
from itertools import product
from threading import BoundedSemaphore, Lock, Thread
from typing import NamedTuple

from isal import igzip
from starlette.requests import HTTPConnection

from geo.frame import Frame
from geo.tile import TileSource, bounds, covering, encode_tile
from layers.catalogue import Layer
from service.atlas import Atlas, atlas_of
from service.generalised import (
    JOINED,
    is_settled,
    joined,
    level_of,
    simplified,
)
from service.recent import Recent
from service.shelf import Shelf
from service.snapshots import Snapshots
from service.stores.base import ItemQuery, Store, Version

GZIP = 31  # zlib's name for the gzip format
log = logging.getLogger("atlas")

#: Layers of more features are prepared in the background; meanwhile each tile reads
#: its own features.
QUICK = 2_000
#: A zoom from afar with more tiles than this is cut when it is asked for.
FEW = 64


def tiles_of(connection: HTTPConnection) -> Tiles:
    """The application's tiles, made when first asked for."""
    state = connection.app.state
    if not hasattr(state, "tiles"):
        atlas = atlas_of(connection)
        state.tiles = new_tiles(atlas)
    tiles: Tiles = state.tiles
    return tiles


def new_tiles(atlas: Atlas) -> Tiles:
    """Tiles of a store, with what any process has already put on its shelf."""
    settings = atlas.settings
    shelf = Shelf(
        settings.data_dir / "tiles",
        most_bytes=settings.tiles_max_bytes,
        most_days=settings.tiles_max_days,
    )
    return Tiles(atlas.store, atlas.snapshots, shelf)


class Address(NamedTuple):
    """One tile of one version of a layer."""

    layer: str
    version: int
    z: int
    x: int
    y: int


class Tiles:
    """Every layer's tiles. Blocks: call from a thread, not from the event loop."""

    def __init__(
        self, store: Store, snapshots: Snapshots, shelf: Shelf, *, keep: int = 96 << 20
    ) -> None:
        self._store, self._snapshots = store, snapshots
        self._shelf = shelf
        self._tiles: Recent[bytes] = Recent(keep, lambda tile: len(tile) + 200)
        self._sources: Recent[TileSource] = Recent(1_000_000, len)
        self._frames: Recent[Frame] = Recent(50_000, len)
        self._begun: set[tuple[str, int]] = set()
        self._lock = Lock()
        # More at once would only wait for one another's interpreter lock.
        self._turn = BoundedSemaphore(2)

    def kept(self, address: Address, *, packed: bool) -> bytes | None:
        """The tile if it is at hand: quick enough for the event loop."""
        return self._tiles.peek((address, packed))

    def tile(self, layer: Layer, address: Address, *, packed: bool) -> bytes:
        """The tile, gzip-compressed if ``packed``; no bytes at all where it is
        empty."""
        if packed:
            return self._tiles.get((address, True), partial(self._cut, layer, address))
        return self._tiles.get((address, False), partial(self._plain, layer, address))

    def prepare(self, layer: Layer, version: Version) -> None:
        """Begin with what a version just published will be asked for."""
        if version.feature_count > QUICK:
            self._begin(layer, version)

    def shelve(
        self, layer: Layer, version: Version, told: Callable[[int, int], None]
    ) -> None:
        """Make what a big version looks like from afar, for whoever serves it.
        ``told`` hears how many steps are done, of how many."""
        zooms = [
            zoom
            for zoom in reversed(JOINED)
            if level_of(layer, version.feature_count, zoom) is not None
        ]
        if not zooms:
            return
        steps = len(zooms) + 1
        told(0, steps)
        self._snapshots.get(layer.id, version.number)
        for done, zoom in enumerate(zooms, 1):
            told(done, steps)
            self._level(layer, version, zoom)
            self._cut_all(layer, version, zoom)
        told(steps, steps)

    def is_ready(self, layer: str, version: int) -> bool:
        """Whether everything that a big layer's tiles are cut from is prepared."""
        levels = (None, *JOINED)
        return all(self._sources.peek((layer, version, level)) for level in levels)

    def _plain(self, layer: Layer, address: Address) -> bytes:
        tile = self.tile(layer, address, packed=True)
        return zlib.decompress(tile, GZIP) if tile else b""

    def _cut(self, layer: Layer, address: Address) -> bytes:
        version = self._store.version(layer.id, address.version)
        if not _reaches(version, address):
            return b""  # before any level is made: most of the world is empty
        far = level_of(layer, version.feature_count, address.z) is not None
        if far and (kept := self._shelf.tile(version, address[2:])) is not None:
            return kept
        source = self._source(layer, version, address)
        with self._turn:
            tile = encode_tile(source, address.z, address.x, address.y)
        packed = bytes(igzip.compress(tile, 1, mtime=0)) if tile else b""
        if far:
            self._shelf.put_tile(version, address[2:], packed)
        return packed

    def _cut_all(self, layer: Layer, version: Version, zoom: int) -> None:
        """Put a zoom's tiles on the shelf, where they are few."""
        columns, rows = covering(version.extent, zoom) if version.extent else ((), ())
        if len(columns) * len(rows) > FEW:
            return
        for x, y in product(columns, rows):
            self._cut(layer, Address(layer.id, version.number, zoom, x, y))

    def _source(self, layer: Layer, version: Version, address: Address) -> TileSource:
        """What to cut the tile from, waiting only where a level is made first."""
        level = level_of(layer, version.feature_count, address.z)
        key = (layer.id, version.number, level)
        if (ready := self._sources.peek(key)) is not None:
            return ready
        if version.feature_count > QUICK:
            self._begin(layer, version)
            if level is None:
                return self._around(layer, address)
        return self._sources.get(key, partial(self._make, layer, version, level))

    def _around(self, layer: Layer, address: Address) -> TileSource:
        """The features of one tile, which make the same bytes as all of them."""
        box = bounds(address.z, address.x, address.y)
        query = ItemQuery(bbox=box, count=False)
        frame = self._store.frame(layer.id, address.version, query=query)
        return TileSource.of(layer.id, _shown(frame, layer))

    def _make(self, layer: Layer, version: Version, level: int | None) -> TileSource:
        if level is None:
            frame = self._snapshots.get(layer.id, version.number).frame
            return TileSource.of(layer.id, _shown(frame, layer))
        return TileSource.of(layer.id, self._level(layer, version, level))

    def _level(self, layer: Layer, version: Version, level: int) -> Frame:
        """A joined level: from the shelf, else made from the next finer one."""
        key = (layer.id, version.number, level)
        return self._frames.get(key, partial(self._join, layer, version, level))

    def _join(self, layer: Layer, version: Version, level: int) -> Frame:
        if (found := self._shelf.get(version, level)) is not None:
            return found
        made = self._joined(layer, version, level)
        self._shelf.put(version, level, made)
        return made

    def _joined(self, layer: Layer, version: Version, level: int) -> Frame:
        if level + 1 not in JOINED:
            whole = self._snapshots.get(layer.id, version.number).frame
            return simplified(joined(whole, layer), level)
        finer = self._level(layer, version, level + 1)
        if level + 2 in JOINED and is_settled(
            self._level(layer, version, level + 2), finer
        ):
            return finer
        return simplified(finer, level)

    def _begin(self, layer: Layer, version: Version) -> None:
        """Prepare all of a version's sources in the background, once."""
        with self._lock:
            key = (layer.id, version.number)
            if key in self._begun:
                return
            self._begun.add(key)
        Thread(target=self._prepare, args=(layer, version), daemon=True).start()

    def _prepare(self, layer: Layer, version: Version) -> None:
        zooms = range(JOINED.stop, JOINED.start - 1, -1)
        levels = [level_of(layer, version.feature_count, zoom) for zoom in zooms]
        try:
            for level in dict.fromkeys(levels):
                make = partial(self._make, layer, version, level)
                self._sources.get((layer.id, version.number, level), make)
                if level is not None:
                    self._cut_all(layer, version, level)
        except Exception:  # this thread's outermost handler; whoever asks next is told
            log.warning("Tiles of %s not prepared", layer.id, exc_info=True)


def _reaches(version: Version, address: Address) -> bool:
    """Whether the tile can show anything of the version's extent."""
    if version.extent is None:
        return False
    west, south, east, north = version.extent
    w, s, e, n = bounds(address.z, address.x, address.y)
    return west <= e and east >= w and south <= n and north >= s


def _shown(frame: Frame, layer: Layer) -> Frame:
    """The properties that tiles carry: the layer's own fields but no nested ones, and
    when the plans hold a feature valid, so that a map can show another day."""
    names = [field.name for field in layer.fields if field.type != "json"]
    names += [name for name in ("valid_from", "valid_to") if name not in names]
    columns = {name: frame.columns[name] for name in names if name in frame.columns}
    return Frame(frame.ids, frame.geometry, columns)
