"""A changeset's difference, to be looked at: before and after, feature by feature."""

from __future__ import annotations

from collections.abc import Iterator
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


class Difference:
    """Changes against the version they were made on (or are being published on)."""

    def __init__(self, changes: Changes, base: Frame, layer: Layer) -> None:
        self.layer = layer
        self._after = changes.upserts
        gone = np.isin(base.ids.astype(str), changes.removes.astype(str))
        self._removed = base.take(np.flatnonzero(gone))
        self._before = base
        self._comparison: Comparison = compare(self._after, base)

    def __len__(self) -> int:
        return len(self._after) + len(self._removed)

    def features(self, *, limit: int, offset: int) -> list[dict[str, Any]]:
        """GeoJSON features; the geometry is the new one, or the old one if removed."""
        rows = list(self._rows())[offset : offset + limit]
        return [self._feature(*row) for row in rows]

    def body(self, *, limit: int, offset: int) -> dict[str, Any]:
        """What the API tells of it."""
        features = self.features(limit=limit, offset=offset)
        return {
            "layer": self.layer.id,
            "area_by_class": self.area_by_class(),
            "features": {
                "type": "FeatureCollection",
                "numberMatched": len(self),
                "numberReturned": len(features),
                "features": features,
            },
        }

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

    def _rows(self) -> Iterator[tuple[str, int | None, int | None]]:
        comparison = self._comparison
        for row in comparison.added.tolist():
            yield "add", row, None
        kinds = np.where(comparison.moved, "change_geometry", "change_attributes")
        for kind, (row, old) in zip(kinds.tolist(), comparison.pairs, strict=True):
            yield kind, int(row), int(old)
        for row in range(len(self._removed)):
            yield "remove", None, row

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
