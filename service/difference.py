"""A changeset's difference, to be looked at: before and after, feature by feature."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.area import area_m2
from geo.frame import Frame, ObjectArray
from layers.catalogue import Layer
from service.stores.base import Changes
from service.stores.shapetext import geometry_texts
from service.uploads.comparison import Comparison, compare, is_same, property_names

Areas = dict[str | None, float]
Bounds = tuple[float, float, float, float]
KINDS = ("add", "change_geometry", "change_attributes", "remove")
#: Marks of an overview stand in a grid of so many cells a side.
CELLS = 16
_NONE = -1


class Difference:
    """Changes against the version they were made on (or are being published on)."""

    def __init__(
        self,
        changes: Changes,
        base: Frame,
        layer: Layer,
        summary: dict[str, int] | None = None,
    ) -> None:
        self.layer = layer
        self.summary = summary or {}
        self._after = changes.upserts
        gone = np.isin(base.ids.astype(str), changes.removes.astype(str))
        self._removed = base.take(np.flatnonzero(gone))
        self._before = base
        self._comparison: Comparison = compare(self._after, base)

    def __len__(self) -> int:
        return len(self._after) + len(self._removed)

    def features(
        self, chosen: NDArray[np.intp], *, limit: int, offset: int
    ) -> list[dict[str, Any]]:
        """GeoJSON features; the geometry is the new one, or the old one if removed."""
        return [self._feature(*self._row(i)) for i in chosen[offset : offset + limit]]

    def chosen(
        self, *, bbox: Bounds | None = None, kind: str | None = None
    ) -> NDArray[np.intp]:
        """Which changes lie there, or did before, and are of that kind."""
        kinds, _, _ = self._listed
        mask = np.ones(len(kinds), bool) if kind is None else kinds == KINDS.index(kind)
        if bbox is not None:
            mask &= _meet(self._boxes, bbox) | _meet(self._boxes_before, bbox)
        return np.flatnonzero(mask)

    def body(
        self,
        *,
        limit: int,
        offset: int,
        bbox: Bounds | None = None,
        kind: str | None = None,
    ) -> dict[str, Any]:
        """What the API tells of it."""
        chosen = self.chosen(bbox=bbox, kind=kind)
        features = self.features(chosen, limit=limit, offset=offset)
        return {
            "layer": self.layer.id,
            "area_by_class": self.class_areas,
            "overview": self.overview,
            "features": {
                "type": "FeatureCollection",
                "numberMatched": len(chosen),
                "numberReturned": len(features),
                "features": features,
            },
        }

    @cached_property
    def class_areas(self) -> list[dict[str, Any]]:
        """Square metres per class, worked out once."""
        return self.area_by_class()

    @cached_property
    def overview(self) -> list[dict[str, Any]]:
        """Where the changes lie, from afar: a place and the counts of each kind per
        cell of a grid over all of them."""
        kinds, box = self._listed[0], self._boxes
        placed = np.flatnonzero(~np.isnan(box[:, 0]))
        if len(placed) == 0:
            return []
        middle = (box[placed, :2] + box[placed, 2:]) / 2
        low = middle.min(axis=0)
        size = np.maximum(middle.max(axis=0) - low, 1e-9)
        cell = np.minimum(((middle - low) / size * CELLS).astype(int), CELLS - 1)
        keys, of = np.unique(cell[:, 0] * CELLS + cell[:, 1], return_inverse=True)
        tally = np.zeros((len(keys), len(KINDS)), int)
        np.add.at(tally, (of, kinds[placed]), 1)
        total = tally.sum(axis=1)
        means = [np.bincount(of, middle[:, axis]) / total for axis in (0, 1)]
        places = np.round(np.stack(means, axis=1), 6).tolist()
        return [
            {"place": place, "count": sum(row), "changes": _told(row)}
            for place, row in zip(places, tally.tolist(), strict=True)
        ]

    def area_by_class(self) -> list[dict[str, Any]]:
        """Square metres (ellipsoid) per class before and after, of what is touched."""
        field = self.layer.class_field
        touched = self._before.take(self._comparison.pairs[:, 1])
        before = _areas(touched, field)
        for key, area in _areas(self._removed, field).items():
            before[key] = before.get(key, 0.0) + area
        after = _areas(self._after, field)
        keys = sorted({*before, *after}, key=lambda key: (key is None, str(key)))
        return [_class_row(key, before, after) for key in keys]

    @cached_property
    def _listed(self) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
        """Per change: its kind, its row after and its row before (−1: none)."""
        comparison = self._comparison
        new, gone = len(comparison.added), len(self._removed)
        pairs = np.asarray(comparison.pairs, dtype=np.intp).reshape(-1, 2)
        changed = np.where(comparison.moved, 1, 2)
        kinds = np.concatenate([np.zeros(new, int), changed, np.full(gone, 3)])
        after = np.concatenate([comparison.added, pairs[:, 0], np.full(gone, _NONE)])
        before = np.concatenate([np.full(new, _NONE), pairs[:, 1], np.arange(gone)])
        return kinds.astype(np.intp), after.astype(np.intp), before.astype(np.intp)

    @cached_property
    def _boxes_before(self) -> NDArray[np.float64]:
        """Where changed features lay; of all others nothing."""
        kinds, _, before = self._listed
        boxes = np.full((len(kinds), 4), np.nan)
        moved = np.flatnonzero(kinds == KINDS.index("change_geometry"))
        boxes[moved] = shapely.bounds(self._before.geometry[before[moved]])
        return boxes

    @cached_property
    def _boxes(self) -> NDArray[np.float64]:
        _, after, _ = self._listed
        there = after[after != _NONE]
        ends = [self._after.geometry[there], self._removed.geometry]
        return np.concatenate(
            [shapely.bounds(shapes).reshape(-1, 4) for shapes in ends]
        )

    def _row(self, i: int) -> tuple[str, int | None, int | None]:
        kinds, after, before = (column[i] for column in self._listed)
        new, old = (None if row == _NONE else int(row) for row in (after, before))
        return KINDS[kinds], new, old

    def _feature(self, kind: str, row: int | None, old: int | None) -> dict[str, Any]:
        source = self._removed if kind == "remove" else self._before
        after = None if row is None else _properties(self._after, row)
        before = None if old is None else _properties(source, old)
        shape = source.geometry[old] if row is None else self._after.geometry[row]
        moved = kind == "change_geometry" and old is not None
        return {
            "type": "Feature",
            "id": str(source.ids[old] if row is None else self._after.ids[row]),
            "geometry": _geometry(shape),
            "properties": {
                "change": kind,
                "name_zh": (after or before or {}).get("name_zh"),
                "changed_fields": _changed_fields(before, after),
                "before": before,
                "after": after,
                "before_geometry": _geometry(source.geometry[old]) if moved else None,
            },
        }


def _told(counts: list[int]) -> dict[str, int]:
    return {kind: n for kind, n in zip(KINDS, counts, strict=True) if n}


def _properties(frame: Frame, row: int) -> dict[str, Any]:
    values = ((name, frame.columns[name][row]) for name in property_names(frame))
    return {name: None if value != value else value for name, value in values}


def _changed_fields(
    before: dict[str, Any] | None, after: dict[str, Any] | None
) -> list[str]:
    if before is None or after is None:
        return []
    names = dict.fromkeys((*before, *after))
    return [name for name in names if not is_same(before.get(name), after.get(name))]


def _geometry(shape: shapely.Geometry | None) -> orjson.Fragment:
    one: ObjectArray = np.array([None], dtype=object)
    one[0] = shape
    return orjson.Fragment(geometry_texts(one)[0])


def _areas(frame: Frame, field: str | None) -> Areas:
    column: NDArray[Any] | None = frame.columns.get(field) if field else None
    keys = [None] * len(frame) if column is None else column.tolist()
    result: Areas = {}
    for key, area in zip(keys, np.nan_to_num(area_m2(frame.geometry)), strict=True):
        result[key] = result.get(key, 0.0) + float(area)
    return result


def _class_row(key: str | None, before: Areas, after: Areas) -> dict[str, Any]:
    old, new = before.get(key, 0.0), after.get(key, 0.0)
    return {"class": key, "before_m2": old, "after_m2": new, "delta_m2": new - old}


def _meet(boxes: NDArray[np.float64], bbox: Bounds) -> NDArray[np.bool_]:
    """Which of the boxes meet one; what has no place meets none."""
    west, south, east, north = bbox
    with np.errstate(invalid="ignore"):
        across = (boxes[:, 0] <= east) & (boxes[:, 2] >= west)
        met: NDArray[np.bool_] = (
            across & (boxes[:, 1] <= north) & (boxes[:, 3] >= south)
        )
    return met
