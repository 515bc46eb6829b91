"""The first load: version 1 of every layer that has none yet."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from layers.catalogue import Catalogue
from layers.initial import initial_frame
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
        changes = Changes(initial_frame(layer), np.empty(0, dtype=object))
        publication = Publication(layer.id, 0, AUTHOR, note=NOTE)
        try:
            yield store.publish(changes, publication)
        except Conflict:
            continue  # Another process was first.
