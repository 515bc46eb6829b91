"""What is to be drawn, fixed before anything is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from layers.catalogue import Layer
from service.maps.provenance import Record
from service.maps.query import MapQuery

#: Told (pages done, pages in all).
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """A query with its layers and their versions fixed."""

    query: MapQuery
    layers: tuple[Layer, ...]
    record: Record
