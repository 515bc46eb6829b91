"""A frame as plain columns: the id, the layer's fields, whatever else, the measures."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from geo.frame import Frame
from layers.catalogue import Layer

MEASURES = ("area_m2", "area_plane_m2", "length_m", "length_plane_m")
_SHOWN = {
    "polygon": MEASURES[:2],
    "line": MEASURES[2:],
    "point": (),
    "any": MEASURES,
}


def flat_columns(frame: Frame, layer: Layer) -> dict[str, NDArray[Any]]:
    """name -> float64 or object array of ``str | None``, in order of appearance."""
    known = [field.name for field in layer.fields if field.name in frame.columns]
    extra = [n for n in frame.columns if n not in known and n not in MEASURES]
    shown = [n for n in _SHOWN[layer.geometry] if n in frame.columns]
    columns: dict[str, NDArray[Any]] = {"id": frame.ids}
    for name in (*known, *extra, *shown):
        columns[name] = _plain(frame.columns[name])
    return columns


def _plain(values: NDArray[Any]) -> NDArray[Any]:
    if values.dtype.kind == "f":
        return values
    listed = values.tolist()
    if _all_numbers(listed):
        return np.array([np.nan if v is None else v for v in listed], dtype=np.float64)
    result = np.empty(len(listed), dtype=object)
    result[:] = [_text(value) for value in listed]
    return result


def _all_numbers(values: list[Any]) -> bool:
    told = [value for value in values if value is not None]
    return bool(told) and all(type(value) in (int, float) for value in told)


def _text(value: Any) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict | list):
        return orjson.dumps(value).decode()
    return str(value)
