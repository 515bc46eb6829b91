"""Ready-made GeoJSON: each feature's text, made once when its version is published.

Made column by column: one library call writes a whole column, and one more lays the
pieces of all features in turn. No feature is built by itself: publishing a city's
parcels is mostly this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from geo.frame import FloatArray, Frame
from layers.catalogue import Field, Layer
from service.stores.columns import extras, served
from service.stores.pieces import Column, Pieces, interleaved
from service.stores.shapetext import geometry_column

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
BETWEEN = b'","'
NULL = b"null"


def feature_texts(
    frame: Frame,
    layer: Layer,
    *,
    columns: Mapping[str, list[Any]],
    measures: Mapping[str, FloatArray],
    extra: list[bytes] | None,
) -> Pieces:
    """GeoJSON texts of (n,) features, a comma after each. ``columns`` are the stored
    values of the layer's fields, ``extra`` is as ``extra_texts`` made it."""
    members = [_member(f, columns[f.name], len(frame)) for f in layer.fields]
    for name in MEASURES_SHOWN[layer.geometry]:
        rounded = np.round(measures[name], MEASURE_DECIMALS)
        members.append((_named(name), _numbers(rounded), b""))
    if extra is not None:
        members.append((b"", [text[1:-1] for text in extra], b""))
    before, ids, after = _written(frame.ids.tolist())
    return interleaved(
        (
            (b'{"type":"Feature","id":' + before, ids, after + b',"geometry":'),
            geometry_column(frame.geometry),
            (b',"properties":{', None, b""),
            *_parted(members),
            (b"}},", None, b""),
        ),
        len(frame),
    )


def extra_texts(frame: Frame, layer: Layer) -> list[bytes] | None:
    """(n,) JSON objects of what the catalogue does not know; None if that is none."""
    columns = extras(frame, layer.fields)
    if not columns:
        return None
    members = []
    for name, values in columns.items():
        before, texts, after = _written(values)
        members.append((_named(name) + before, texts, after))
    row = ((b"{", None, b""), *_parted(members), (b"}", None, b""))
    return interleaved(row, len(frame)).listed()


def _member(field: Field, values: list[Any], count: int) -> Column:
    before, texts, after = _written(served(values, field))
    return _named(field.name) + before, texts, after


def _named(name: str) -> bytes:
    return orjson.dumps(name) + b":"


def _parted(members: list[Column]) -> list[Column]:
    """With a comma between any two."""
    return [
        (b"," + before if place else before, texts, after)
        for place, (before, texts, after) in enumerate(members)
    ]


def _written(values: list[Any]) -> Column:
    """The JSON text of each value."""
    kinds = set(map(type, values))
    if kinds == {str}:
        return b'"', _strings(values), b'"'
    if kinds <= {type(None)}:
        return NULL, None, b""
    if kinds == {str, type(None)}:
        texts = zip(values, _strings([value or "" for value in values]), strict=True)
        return b"", [NULL if v is None else b'"%b"' % t for v, t in texts], b""
    if kinds == {float}:
        return b"", _numbers(np.array(values)), b""
    return b"", [orjson.dumps(v, default=str, option=SCALARS) for v in values], b""


def _strings(values: list[str]) -> list[bytes]:
    """JSON texts without their quotes."""
    return orjson.dumps(values)[2:-2].split(BETWEEN)


def _numbers(values: FloatArray) -> list[bytes]:
    return orjson.dumps(values, option=SCALARS)[1:-1].split(b",")
