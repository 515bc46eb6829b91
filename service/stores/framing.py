"""Rows of a store as a frame."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from geo.frame import Frame, ObjectArray
from layers.catalogue import Layer
from service.stores.columns import MEASURES, framed, objects, spread
from service.stores.database import Row
from service.stores.tables import value_columns


def framed_rows(
    layer: Layer,
    rows: list[Row],
    decode: Callable[[list[bytes | None]], ObjectArray],
) -> Frame:
    """Of (id, geometry, … ``value_columns``) rows; ``decode`` reads the geometries."""
    names = value_columns(layer)
    ids, blobs, *columns = zip(*rows, strict=True) if rows else [()] * (2 + len(names))
    values = {n: list(v) for n, v in zip(names, columns, strict=True)}
    known = {field.name: framed(values[field.name], field) for field in layer.fields}
    measures = {name: np.array(values[name], dtype=np.float64) for name in MEASURES}
    all_columns = known | spread(values["extra"]) | measures
    return Frame(objects(list(ids)), decode(list(blobs)), all_columns)
