"""The first load: version 1 of every layer that has none yet."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

import numpy as np

from geo.frame import Frame
from layers.catalogue import Catalogue, Layer
from service.errors import Conflict
from service.stores.base import Changes, Publication, Store, Version

AUTHOR = "atlas"
NOTE = "Initial layers 初始图层"


def load_initial(store: Store, catalogue: Catalogue) -> list[Version]:
    """Prepare the store and publish what is missing; safe to repeat, and safe when
    several processes start at once. Returns what this call published."""
    store.prepare(list(catalogue))
    return list(_published(store, catalogue))


def _published(store: Store, catalogue: Catalogue) -> Iterator[Version]:
    there = store.current_versions()
    for layer in catalogue:
        if layer.id in there:
            continue
        changes = Changes(_initial(layer), np.empty(0, dtype=object))
        publication = Publication(layer.id, 0, AUTHOR, note=NOTE)
        try:
            yield store.publish(changes, publication)
        except Conflict:
            continue  # Another process was first.


def _initial(layer: Layer) -> Frame:
    try:
        initial = import_module("layers.initial")
    except ModuleNotFoundError:
        nothing = np.empty(0, dtype=object)
        return Frame(nothing, nothing)
    frame: Frame = initial.initial_frame(layer)
    return frame
