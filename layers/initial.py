"""The layers as first published: ``layers/data/<id>.geojson``, made by the builder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from geo.frame import Frame, ObjectArray
from layers.catalogue import Field, Layer

DATA = Path(__file__).resolve().parent / "data"


def data_path(layer_id: str) -> Path | None:
    """Where the first features of a layer are, or None if it starts empty."""
    path = DATA / f"{layer_id}.geojson"
    return path if path.is_file() else None


def initial_frame(layer: Layer) -> Frame:
    """The first features with one column for each catalogue field; empty if none."""
    path = data_path(layer.id)
    items = orjson.loads(path.read_bytes())["features"] if path else []
    return Frame(
        _objects([item["id"] for item in items]),
        _objects([_geometry(item["geometry"]) for item in items]),
        {field.name: _column(field, items) for field in layer.fields},
    )


def _column(field: Field, items: list[dict[str, Any]]) -> Any:
    values = [item["properties"].get(field.name) for item in items]
    if field.type in ("number", "integer"):
        return np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    return _objects(values)


def _geometry(value: Any) -> Any:
    return None if value is None else shapely.from_geojson(orjson.dumps(value))


def _objects(values: list[Any]) -> ObjectArray:
    array: ObjectArray = np.empty(len(values), dtype=object)
    array[:] = values
    return array
