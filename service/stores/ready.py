"""Ready-made GeoJSON: each feature's text, made once when its version is published.

Made column by column: one library call writes a whole column, and one template puts
the pieces of each feature together. That is several times quicker than feature by
feature, and publishing a city's parcels is mostly this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
    frame: Frame,
    layer: Layer,
    *,
    measures: Mapping[str, FloatArray],
    extra: list[str] | None,
) -> list[str]:
    """(n,) GeoJSON texts of the features; ``extra`` as ``extra_texts`` made it."""
    if not len(frame):
        return []
    columns = {f.name: _written(_shown(frame, f)) for f in layer.fields}
    for name in MEASURES_SHOWN[layer.geometry]:
        columns[name] = _numbers(np.round(measures[name], MEASURE_DECIMALS))
    members = _members(columns)
    if extra is not None:
        columns["extra"] = [text[1:-1] for text in extra]
        members += ",%s" if members else "%s"
    head = '{"type":"Feature","id":%s,"geometry":%s,"properties":{'
    template = head + members + "}}"
    ids, shapes = _written(frame.ids.tolist()), geometry_texts(frame.geometry)
    rows = zip(ids, shapes, *columns.values(), strict=True)
    return [template % row for row in rows]


def extra_texts(frame: Frame, layer: Layer) -> list[str] | None:
    """(n,) JSON objects of what the catalogue does not know; None if that is none."""
    columns = {name: _written(v) for name, v in extras(frame, layer.fields).items()}
    if not columns:
        return None
    template = "{" + _members(columns) + "}"
    return [template % row for row in zip(*columns.values(), strict=True)]


def _members(names: Iterable[str]) -> str:
    """The template of an object's members."""
    return ",".join(f"{_escaped(name)}:%s" for name in names)


def _written(values: list[Any]) -> list[str]:
    """The JSON text of each value."""
    kinds = set(map(type, values))
    if kinds == {str}:
        texts = orjson.dumps(values).decode()[2:-2].split(BETWEEN)
        return [f'"{text}"' for text in texts]
    if kinds == {type(None)}:
        return ["null"] * len(values)
    if kinds == {float}:
        return _numbers(np.array(values))
    return [orjson.dumps(v, default=str, option=SCALARS).decode() for v in values]


def _numbers(values: FloatArray) -> list[str]:
    return orjson.dumps(values, option=SCALARS).decode()[1:-1].split(",")


def _escaped(name: str) -> str:
    """A member's name, safe in a template."""
    return orjson.dumps(name).decode().replace("%", "%%")


def _shown(frame: Frame, field: Field) -> list[Any]:
    return served(stored(frame, field), field)
