"""Does a map file still say what it said when it was made?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from layers.catalogue import Layer
from service.maps.provenance import Record, read_record
from service.maps.query import parse_map
from service.maps.rendering import Maps
from service.maps.series import parse_series
from service.responses import software_version


@dataclass(frozen=True, slots=True)
class Verification:
    """``identical``: drawn again on the same versions, the file is the same byte for
    byte. ``newer``: layers that have been published again since."""

    record: Record
    identical: bool
    newer: dict[str, int]
    release: str

    @property
    def current(self) -> bool:
        """Whether a map made now would show the same data."""
        return not self.newer


def verify(content: bytes, maps: Maps, visible: Sequence[Layer]) -> Verification:
    """Read the record in a file, draw the map again, compare. Raises ``Unprocessable``
    if the file carries no record, ``NotFound`` if a version is not in this store."""
    record = read_record(content)
    current = maps.current_versions()
    newer = {
        layer: current[layer]
        for layer, version in record.versions.items()
        if current.get(layer, version) > version
    }
    again = _draw_again(record, maps, visible)
    return Verification(record, again == content, newer, software_version())


def _draw_again(record: Record, maps: Maps, visible: Sequence[Layer]) -> bytes:
    pins = ",".join(f"{id_}:{n}" for id_, n in sorted(record.versions.items()))
    given = {**record.query, "version": pins}
    if record.kind == "series":
        layer, *others = record.layers
        plan = maps.plan(parse_series(given, layer, others), visible, kind="series")
        return maps.series(plan)
    query = parse_map(given, record.layers)
    return maps.draw(maps.plan(query, visible), fresh=True)
