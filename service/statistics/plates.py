"""The plates of published versions: opened where there is one, made where not.

Making one takes seconds for a large layer, once per version and basis. It is done
before a changeset is published, so that nobody waits for it, or else in the background;
until then questions read the version itself.
"""

from __future__ import annotations

import logging
import os
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from secrets import token_hex
from threading import Event, Lock, Thread

import numpy as np
from starlette.datastructures import State
from starlette.requests import Request

from geo.frame import Frame
from geo.surface import BASES, Basis
from layers.catalogue import Catalogue, Layer
from service import mapped
from service.atlas import Atlas
from service.errors import StoreUnavailable
from service.snapshots import Snapshot, Snapshots
from service.statistics.balance import ground
from service.statistics.classes import CODE
from service.statistics.plate import FORM, Plate, laid_out
from service.statistics.reading import Reading, surface_for
from service.stores.base import Store

log = logging.getLogger(__name__)

_OPEN_AT_MOST = 200
#: Versions of a layer whose plates stay on disk.
_KEPT_ON_DISK = 2
#: Before each, so that whoever asks first is not kept waiting by the making.
_QUIET_SECONDS = 0.5
#: A lock this old is of a process that is gone.
_LOCK_SECONDS = 900
_Key = tuple[str, int, Basis]
_making = Lock()


class Plates:
    """By layer, version and basis. Safe between threads and processes."""

    def __init__(
        self, store: Store, snapshots: Snapshots, catalogue: Catalogue, folder: Path
    ) -> None:
        self._store, self._snapshots, self._catalogue = store, snapshots, catalogue
        self._folder = folder
        self._open: OrderedDict[_Key, Plate | None] = OrderedDict()
        self._begun: set[_Key] = set()
        self._wanted: SimpleQueue[_Key | None] = SimpleQueue()
        self._maker: Thread | None = None
        self._closing = Event()
        self._hurry = Event()
        self._lock = Lock()
        snapshots.laid_before = self.found

    def found(self, layer: str, version: int, basis: Basis) -> Plate | None:
        """The plate, if it has been made; it is not begun."""
        key = (layer, version, basis)
        with self._lock:
            if key in self._open:
                return self._open[key]
        plate = self._read(key)
        return None if plate is None else self._keep(key, plate)

    def get(self, layer: Layer, version: int, basis: Basis) -> Plate | None:
        """The plate; None where the version has none (it is too wide for one) or none
        yet: then it is begun."""
        key = (layer.id, version, basis)
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
        if (plate := self._read(key)) is None:
            self.begin(*key)
            return None
        return self._keep(key, plate)

    def begin(self, layer: str, version: int, basis: Basis = "ellipsoidal") -> None:
        """Have it made in the background, unless that has begun."""
        key = (layer, version, basis)
        with self._lock:
            if key in self._begun or self._closing.is_set():
                return
            self._begun.add(key)
            if self._maker is None:
                self._maker = Thread(target=self._make_wanted, daemon=True)
                self._maker.start()
        self._wanted.put(key)

    def warm(self, versions: Mapping[str, int]) -> None:
        """Have the plates made that are missing."""
        for basis in BASES:
            for layer, version in versions.items():
                if not self._path((layer, version, basis)).exists():
                    self.begin(layer, version, basis)

    @contextmanager
    def ahead(
        self, layer: str, number: int, frame: Frame
    ) -> Iterator[Callable[[], None]]:
        """Make the plate of a version that is about to be published, of these features.
        What is given is to be called when it is; without that the plate is no more."""
        ready = self._folder / f"{layer}-{number}-{token_hex(8)}.ahead"
        try:
            snapshot = Snapshot(layer, number, frame)
            of = self._catalogue.get(layer)
            mapped.write(ready, *laid_out(of, snapshot, "ellipsoidal"))
        except (OSError, ValueError) as error:
            log.warning("no plate of %s@%d ahead: %s", layer, number, error)

        def published() -> None:
            key: _Key = (layer, number, "ellipsoidal")
            with suppress(OSError):
                ready.replace(self._path(key))
                self._drop_older(key)
            for basis in BASES:
                self.begin(layer, number, basis)

        try:
            yield published
        finally:
            ready.unlink(missing_ok=True)

    def settle(self) -> None:
        """Wait until everything begun is made."""
        self._hurry.set()
        while self._begun and not self._closing.is_set():
            time.sleep(0.005)
        self._hurry.clear()

    def close(self) -> None:
        """Wait for the one being made: a store must not close under its reader."""
        with self._lock:
            self._closing.set()
        self._hurry.set()
        if self._maker is not None:
            self._wanted.put(None)
            self._maker.join()

    def _make_wanted(self) -> None:
        while (key := self._wanted.get()) is not None:
            self._hurry.wait(_QUIET_SECONDS)
            if not self._closing.is_set():
                self._make(key)
            with self._lock:
                self._begun.discard(key)

    def _make(self, key: _Key) -> None:
        try:
            path = self._path(key)
            with _alone(path) as free:
                if free and not path.exists():
                    layer = self._catalogue.get(key[0])
                    mapped.write(path, *laid_out(layer, self._snapshot(key), key[2]))
                    self._drop_older(key)
                if free and key[2] == BASES[0]:
                    self._measure(key)
        except (OSError, ValueError, StoreUnavailable) as error:
            log.warning("no plate of %s@%d: %s", key[0], key[1], error)

    def _measure(self, key: _Key) -> None:
        """What a balance table will want that takes longest."""
        layer = self._catalogue.get(key[0])
        if layer.class_field == CODE and self._snapshots.frames is not None:
            snapshot = self._snapshot(key)
            whole = Reading(layer, snapshot, np.arange(len(snapshot.frame)))
            ground(whole, surface_for(key[2], whole.bounds))

    def _snapshot(self, key: _Key) -> Snapshot:
        """Read for this once, unless it is held already."""
        layer, version, _ = key
        held = self._snapshots.held(layer, version)
        return held or self._snapshots.read(layer, version)

    def _read(self, key: _Key) -> Plate | None:
        path = self._path(key)
        try:
            return Plate(self._catalogue.get(key[0]), *mapped.read(path))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError):
            log.warning("an unreadable plate is made anew: %s", path.name)
            with suppress(OSError):
                path.unlink()
            return None

    def _keep(self, key: _Key, plate: Plate) -> Plate | None:
        usable = None if plate.lost else plate
        with self._lock:
            self._open[key] = usable
            if len(self._open) > _OPEN_AT_MOST:
                self._open.popitem(last=False)
        return usable

    def _path(self, key: _Key) -> Path:
        """Named by publication, so that a restored store never meets a stale plate."""
        layer, number, basis = key
        published = self._store.version(layer, number).published_at
        moment = "".join(c for c in published if c.isdigit())
        return self._folder / f"{layer}-{number}-{moment}-{basis}-{FORM}.plate"

    def _drop_older(self, key: _Key) -> None:
        layer, newest, _ = key
        mapped.sweep(self._folder)
        mapped.sweep(self._folder, "*.ahead")
        for path in self._folder.glob(f"{layer}-*.plate"):
            words = path.stem.rsplit("-", 4)
            if words[0] == layer and int(words[1]) <= newest - _KEPT_ON_DISK:
                with suppress(OSError):
                    path.unlink()


def plates_of(request: Request) -> Plates:
    """The application's."""
    return plates_in(request.app.state)


def plates_in(state: State) -> Plates:
    """Those of an application's state, made once."""
    with _making:
        if not hasattr(state, "plates"):
            state.plates = new_plates(state.atlas)
    plates: Plates = state.plates
    return plates


def new_plates(atlas: Atlas) -> Plates:
    """Those of a store."""
    folder = atlas.settings.data_dir / "plates"
    return Plates(atlas.store, atlas.snapshots, atlas.catalogue, folder)


@contextmanager
def _alone(path: Path) -> Iterator[bool]:
    """Whether no other process is making this file."""
    lock = path.with_suffix(".lock")
    lock.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        if time.time() - lock.stat().st_mtime > _LOCK_SECONDS:
            lock.unlink()
    try:
        os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        yield False
        return
    try:
        yield True
    finally:
        with suppress(OSError):
            lock.unlink()
