"""Ready-made GeoJSON: each feature's text, made once when its version is published.

Made column by column: one library call writes a whole column, and one template puts
the pieces of each feature together. That is several times quicker than feature by
feature, and publishing a city's parcels is mostly this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from geo.frame import FloatArray, Frame
from layers.catalogue import Field, Layer
from service.stores.columns import extras, served, stored
from service.stores.shapetext import geometry_texts

#: Digits after the point of areas and lengths.
MEASURE_DECIMALS = 4
MEASURES_SHOWN = {
    "polygon": ("area_m2", "area_plane_m2"),
    "line": ("length_m", "length_plane_m"),
    "point": (),
    "any": ("area_m2", "area_plane_m2", "length_m", "length_plane_m"),
}
SCALARS = orjson.OPT_SERIALIZE_NUMPY
#: Between two texts of a written list; inside a text its quotes would be escaped.
BETWEEN = '","'


def feature_texts(
    frame: Frame, layer: Layer, measures: Mapping[str, FloatArray]
) -> list[str]:
    """(n,) GeoJSON texts of the features."""
    if not len(frame):
        return []
    columns = {f.name: _written(_shown(frame, f)) for f in layer.fields}
    for name in MEASURES_SHOWN[layer.geometry]:
        columns[name] = _numbers(np.round(measures[name], MEASURE_DECIMALS))
    members = ",".join(f"{_escaped(name)}:%s" for name in columns)
    template = (
        '{"type":"Feature","id":%s,"geometry":%s,"properties":{' + members + "%s}}"
    )
    ids = _written([str(id) for id in frame.ids])
    rows = zip(
        ids,
        geometry_texts(frame.geometry),
        *columns.values(),
        _extra_members(frame, layer, first=not columns),
        strict=True,
    )
    return [template % row for row in rows]


def _written(values: list[Any]) -> list[str]:
    """The JSON text of each value."""
    if all(isinstance(value, str) for value in values):
        texts = orjson.dumps(values).decode()[2:-2].split(BETWEEN)
        return [f'"{text}"' for text in texts]
    if not any(value is not None for value in values):
        return ["null"] * len(values)
    if all(isinstance(value, float) for value in values):
        return _numbers(np.array(values))
    return [orjson.dumps(v, default=str, option=SCALARS).decode() for v in values]


def _numbers(values: FloatArray) -> list[str]:
    return orjson.dumps(values, option=SCALARS).decode()[1:-1].split(",")


def _extra_members(frame: Frame, layer: Layer, *, first: bool) -> list[str]:
    """What the catalogue does not know, as further members of the properties."""
    rows = extras(frame, layer.fields)
    if rows is None:
        return [""] * len(frame)
    texts = (orjson.dumps(row, default=str, option=SCALARS).decode() for row in rows)
    return [text[1:-1] if first else f",{text[1:-1]}" for text in texts]


def _escaped(name: str) -> str:
    """A member's name, safe in a template."""
    return orjson.dumps(name).decode().replace("%", "%%")


def _shown(frame: Frame, field: Field) -> list[Any]:
    return served(stored(frame, field), field)
