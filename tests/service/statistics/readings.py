"""Readings made by hand, for tests of statistics without a store."""

from __future__ import annotations

import numpy as np

from geo.frame import Frame
from geo.measures import measures
from layers.catalogue import Catalogue
from service.snapshots import Snapshot
from service.statistics.reading import Reading
from tests.geo.shapes import on_plane


def text(*values):
    """A text column."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def reading(layer_id: str, *shapes, version: int = 1, located=None, **columns):
    """Features of a catalogue layer from plane shapes in metres; ids a, b, c …"""
    geometry = on_plane(*shapes) if located is None else located
    count = len(geometry)
    ids = text(*(chr(ord("a") + n) for n in range(count)))
    known = {
        "name_zh": text(*(f"要素{n}" for n in range(count))),
        "evidence": text(*["surveyed"] * count),
        "accuracy_m": np.full(count, 0.5),
        **measures(geometry),
    }
    frame = Frame(ids, geometry, known | columns)
    layer = Catalogue.load().get(layer_id)
    snapshot = Snapshot(layer_id, version, frame)
    return Reading(layer, snapshot, np.arange(count))
