"""Versions as arrays, kept on disk: read from the tables once, mapped from then on.

A file holds what the store says of a version, so losing one loses nothing. It is named
by publication and by the fields that the catalogue knows: a restored store, or another
catalogue, never meets a stale one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from geo.frame import Frame
from layers.catalogue import Catalogue
from service import mapped
from service.keptframe import KeptFrame, laid_down
from service.stores.base import Store

log = logging.getLogger(__name__)

#: Part of the file's name: another release may lay them out in another way.
FORM = 1
#: Versions of fewer features are read as quickly as mapped.
WORTH_KEEPING = 2_000
#: Versions of a layer that stay on disk.
_KEPT_ON_DISK = 2
Figures = Mapping[str, float]
T = TypeVar("T")


class Frames:
    """By layer and version. Safe between threads and processes: files are written
    beside and renamed."""

    def __init__(self, store: Store, catalogue: Catalogue, folder: Path) -> None:
        self._store, self._catalogue, self._folder = store, catalogue, folder

    def read(self, layer: str, number: int) -> Frame:
        """A whole version."""
        if self._store.version(layer, number).feature_count < WORTH_KEEPING:
            return self._store.frame(layer, number)
        path = self._path(layer, number, self._form(layer))
        if (kept := _opened(path, KeptFrame)) is not None:
            return kept
        frame = self._store.frame(layer, number)
        self._keep(path, layer, number, lambda: laid_down(frame))
        return frame

    def figures(
        self, layer: str, number: int, name: str, make: Callable[[], Figures]
    ) -> Figures:
        """Figures of a whole version that take long to find and never change."""
        if self._store.version(layer, number).feature_count < WORTH_KEEPING:
            return make()
        path = self._path(layer, number, f"{name}+{FORM}")
        if (kept := _opened(path, _figures)) is not None:
            return kept
        made = make()
        self._keep(path, layer, number, lambda: _laid(made))
        return made

    def _keep(
        self,
        path: Path,
        layer: str,
        number: int,
        lay: Callable[[], tuple[mapped.Arrays, Mapping[str, Any]]],
    ) -> None:
        newest = self._store.current_version(layer)
        if number <= newest - _KEPT_ON_DISK:
            return  # of the past nothing is kept
        try:
            mapped.write(path, *lay())
        except (OSError, ValueError) as error:
            log.warning("%s is not kept: %s", path.name, error)
        self._sweep(path, newest)

    def _sweep(self, kept: Path, newest: int) -> None:
        """What is long replaced, or of this version as another catalogue or store had
        it, or was begun by a process that died."""
        layer, number, moment, what = _words(kept)
        for path in self._folder.glob(f"{layer}-*.kept"):
            words = _words(path)
            if words[0] != layer or path == kept:
                continue
            same = words[1] == number
            other = words[2] != moment or _kind(words[3]) == _kind(what)
            if (same and other) or int(words[1]) <= newest - _KEPT_ON_DISK:
                with suppress(OSError):
                    path.unlink()
        mapped.sweep(self._folder)

    def _path(self, layer: str, number: int, what: str) -> Path:
        published = self._store.version(layer, number).published_at
        moment = "".join(c for c in published if c.isdigit())
        return self._folder / f"{layer}-{number}-{moment}-{what}.kept"

    def _form(self, layer: str) -> str:
        fields = [(f.name, f.type) for f in self._catalogue.get(layer).fields]
        return f"frame+{FORM}.{sha256(repr(fields).encode()).hexdigest()[:12]}"


def _words(path: Path) -> list[str]:
    return path.stem.rsplit("-", 3)


def _kind(what: str) -> str:
    return what.partition("+")[0]


def _figures(arrays: mapped.Arrays, facts: Mapping[str, Any]) -> Figures:
    figures: Figures = facts["figures"]
    if facts["check"] != _mark(figures):
        raise ValueError("the figures have changed since they were written")
    return figures


def _laid(figures: Figures) -> tuple[mapped.Arrays, Mapping[str, Any]]:
    return {}, {"figures": {**figures}, "check": _mark(figures)}


def _mark(figures: Figures) -> str:
    return sha256(repr(sorted(figures.items())).encode()).hexdigest()


def _opened(path: Path, of: Callable[[dict[str, Any], dict[str, Any]], T]) -> T | None:
    """What a file holds; None where there is none, or a broken one."""
    try:
        return of(*mapped.read(path))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("%s is made anew: %s", path.name, error)
        return None
