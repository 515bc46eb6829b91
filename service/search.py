"""Finding a place by any of its names, in Chinese, English or pinyin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from threading import Lock
from typing import Any

import shapely

from layers.catalogue import Layer
from service.searchindex import Hit, LayerIndex
from service.snapshots import Snapshots
from service.spelling import folded, has_han, readings


class Search:
    """Indexes by layer version; thread-safe."""

    def __init__(self, snapshots: Snapshots) -> None:
        self._snapshots = snapshots
        self._kept: dict[str, tuple[int, LayerIndex]] = {}
        self._lock = Lock()

    def find(
        self, query: str, layers: Sequence[tuple[Layer, int]], limit: int
    ) -> list[dict[str, Any]]:
        """The best features for a query in these layer versions, best first. Blocks
        while a version is indexed for the first time."""
        indexes = [self._index(layer, version) for layer, version in layers if version]
        terms = folded(query).split()
        ranked = _ranked(indexes, terms) or _ranked_by_sound(indexes, terms)
        return [_result(index, hit) for index, hit in ranked[:limit]]

    def _index(self, layer: Layer, version: int) -> LayerIndex:
        with self._lock:
            held = self._kept.get(layer.id)
            if held and held[0] == version:
                return held[1]
        made = LayerIndex(layer, self._snapshots.get(layer.id, version).frame)
        with self._lock:
            if held is None or held[0] < version:  # earlier ones are seldom searched
                self._kept[layer.id] = (version, made)
        return made


Ranked = list[tuple[LayerIndex, Hit]]


def _ranked(indexes: Iterable[LayerIndex], terms: list[str]) -> Ranked:
    found = [
        (index, hit)
        for index in indexes
        for hit in _all_terms([index.find(term) for term in terms])
    ]
    return _sorted(found)


def _ranked_by_sound(indexes: list[LayerIndex], terms: list[str]) -> Ranked:
    """When nothing is spelled so: what sounds so, then what is spelled nearly so."""
    spoken = [max(readings(term), key=len, default=term) for term in terms]
    if has_han("".join(terms)) and (found := _ranked(indexes, spoken)):
        return found
    whole = " ".join(terms)
    return _sorted(
        [(index, hit) for index in indexes for hit in index.alike(whole).values()]
    )


def _all_terms(found: list[dict[int, Hit]]) -> Iterator[Hit]:
    """Rows that every term finds, scored together, shown by the first term's key."""
    if not found:
        return
    first, *others = found
    for row, hit in first.items():
        if all(row in other for other in others):
            total = hit.score + sum(other[row].score for other in others)
            yield Hit(total, row, hit.key)


def _sorted(found: Ranked) -> Ranked:
    """Best first; the catalogue's order and the drawn before the unlocated decide
    between equals."""

    def order(item: tuple[LayerIndex, Hit]) -> tuple[float, bool, bool]:
        index, hit = item
        beyond = index.layer.scope != "district"
        return -hit.score, beyond, index.frame.geometry[hit.row] is None

    return sorted(found, key=order)


def _result(index: LayerIndex, hit: Hit) -> dict[str, Any]:
    columns, row = index.frame.columns, hit.row
    shape = index.frame.geometry[row]
    located = shape is not None and not shape.is_empty
    return {
        "layer": index.layer.id,
        "layer_title_zh": index.layer.title_zh,
        "layer_title_en": index.layer.title_en,
        "id": index.frame.ids[row],
        "name_zh": _cell(columns, "name_zh", row),
        "name_en": _cell(columns, "name_en", row),
        "why": hit.key.shown,
        "why_by": hit.key.kind,
        "status": _cell(columns, "status", row),
        "evidence": _cell(columns, "evidence", row),
        "located": located,
        "center": _center(shape) if located else None,
        "bbox": [round(v, 7) for v in shape.bounds] if located else None,
    }


def _cell(columns: Any, name: str, row: int) -> Any:
    return columns[name][row] if name in columns else None


def _center(shape: Any) -> list[float]:
    """A point on the shape, so that a label or pin never falls outside it."""
    point = shapely.point_on_surface(shape)
    return [round(point.x, 7), round(point.y, 7)]
