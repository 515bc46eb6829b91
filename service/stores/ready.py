"""Ready-made GeoJSON: each feature's text, made once when its version is published."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson
import shapely

from geo.frame import FloatArray, Frame, ObjectArray
from layers.catalogue import Field, Layer
from service.stores.columns import extras, served, stored

#: 1e-7 degrees are 1.1 cm: finer than any boundary is known.
DECIMALS = 7
#: Digits after the point of areas and lengths.
MEASURE_DECIMALS = 4
SCALARS = orjson.OPT_SERIALIZE_NUMPY
MEASURES_SHOWN = {
    "polygon": ("area_m2", "area_plane_m2"),
    "line": ("length_m", "length_plane_m"),
    "point": (),
    "any": ("area_m2", "area_plane_m2", "length_m", "length_plane_m"),
}


def feature_texts(
    frame: Frame, layer: Layer, measures: Mapping[str, FloatArray]
) -> list[str]:
    """(n,) GeoJSON texts of the features."""
    ids = (orjson.dumps(id).decode() for id in frame.ids)
    shapes = geometry_texts(frame.geometry)
    properties = _property_texts(frame, layer, measures)
    return [
        f'{{"type":"Feature","id":{id},"geometry":{shape},"properties":{text}}}'
        for id, shape, text in zip(ids, shapes, properties, strict=True)
    ]


def geometry_texts(geometries: ObjectArray) -> list[str]:
    """(n,) GeoJSON geometries with rounded coordinates; ``null`` where missing."""
    rounded = shapely.transform(geometries, lambda xy: np.round(xy, DECIMALS))
    texts = shapely.to_geojson(rounded)
    return ["null" if text is None else text for text in texts.tolist()]


def _property_texts(
    frame: Frame, layer: Layer, measures: Mapping[str, FloatArray]
) -> list[str]:
    columns = {f.name: _shown(frame, f) for f in layer.fields}
    extra = extras(frame, layer.fields)
    for name in MEASURES_SHOWN[layer.geometry]:
        columns[name] = np.round(measures[name], MEASURE_DECIMALS).tolist()
    rows = (
        dict(zip(columns, row, strict=True))
        for row in zip(*columns.values(), strict=True)
    )
    if extra is not None:
        rows = (row | more for row, more in zip(rows, extra, strict=True))
    return [orjson.dumps(row, default=str, option=SCALARS).decode() for row in rows]


def _shown(frame: Frame, field: Field) -> list[Any]:
    return served(stored(frame, field), field)
