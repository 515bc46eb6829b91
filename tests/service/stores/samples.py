"""Small frames and publications to test stores with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
import shapely

from geo.frame import Frame
from service.stores.base import (
    Changes,
    ItemPage,
    ItemQuery,
    Publication,
    Store,
    Version,
)

LAYER = "plots"
EVERYTHING = ItemQuery(limit=10_000)


def objects(values: Sequence[Any]) -> np.ndarray[Any, Any]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def square(column: int, row: int = 0, size: float = 0.0008) -> Any:
    west, south = 113.2 + column * 0.001, 23.1 + row * 0.001
    return shapely.box(west, south, west + size, south + size)


def frame(ids: Sequence[str], geometry: Sequence[Any] | None = None, **columns: Any):
    shapes = geometry if geometry is not None else [square(i) for i in range(len(ids))]
    arrays = {
        name: values if isinstance(values, np.ndarray) else objects(values)
        for name, values in columns.items()
    }
    return Frame(objects(list(ids)), objects(list(shapes)), arrays)


def grid(side: int) -> Frame:
    """``side`` × ``side`` squares, numbered, in five classes."""
    cells = [(x, y) for y in range(side) for x in range(side)]
    return frame(
        [f"p{x:03d}{y:03d}" for x, y in cells],
        [square(x, y) for x, y in cells],
        code=[f"0{(x + y) % 5}" for x, y in cells],
        height_m=np.array([float(x) for x, _ in cells]),
    )


def publish(
    store: Store,
    upserts: Frame | None = None,
    removes: Sequence[str] = (),
    **publication: Any,
) -> Version:
    publication.setdefault("base_version", store.current_version(LAYER))
    changes = Changes(frame([]) if upserts is None else upserts, objects(list(removes)))
    return store.publish(changes, Publication(LAYER, author="an", **publication))


def features(page: ItemPage) -> list[dict[str, Any]]:
    parsed: list[dict[str, Any]] = orjson.loads(b"[" + page.features + b"]")
    return parsed


def ids(store: Store, version: int, query: ItemQuery = EVERYTHING) -> list[str]:
    return [f["id"] for f in features(store.items(LAYER, version, query))]
