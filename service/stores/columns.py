"""How a catalogue field stands in a table, in a frame and in GeoJSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from geo.frame import Frame, ObjectArray
from layers.catalogue import Field
from service.errors import Unprocessable

MEASURES = ("area_m2", "area_plane_m2", "length_m", "length_plane_m")
NUMBERS = ("number", "integer")


def stored(frame: Frame, field: Field) -> list[Any]:
    """A field's values as SQL takes them; all ``None`` when the frame lacks it.
    A missing number is NaN, which SQLite stores as NULL and JSON writes as null."""
    values = frame.columns.get(field.name)
    if values is None:
        return [None] * len(frame)
    if field.type in NUMBERS:
        return _numbers(frame, field, values)
    if field.type == "boolean":
        return [None if v is None else bool(v) for v in _plain(values)]
    if field.type == "json":
        return [_json(v) for v in _plain(values)]
    return _texts(values)


def served(values: list[Any], field: Field) -> list[Any]:
    """Stored values as GeoJSON shows them."""
    if field.type == "json":
        return [v if v is None else orjson.loads(v) for v in values]
    if field.type == "boolean":
        return [v if v is None else bool(v) for v in values]
    return values


def framed(values: list[Any], field: Field) -> NDArray[Any]:
    """Stored values as a frame's column."""
    if field.type in NUMBERS:
        return np.array(values, dtype=np.float64)
    return objects(served(values, field))


def extras(frame: Frame, fields: tuple[Field, ...]) -> dict[str, list[Any]]:
    """The columns the catalogue does not know; measures are computed, not kept."""
    known = {"id", *MEASURES, *(field.name for field in fields)}
    return {n: _plain(values) for n, values in frame.columns.items() if n not in known}


def spread(rows: list[str | None]) -> dict[str, ObjectArray]:
    """The columns of ``extra`` texts; a row without a member has ``None``."""
    if not any(rows):
        return {}
    parsed = [orjson.loads(row) if row else {} for row in rows]
    names = dict.fromkeys(name for row in parsed for name in row)
    return {name: objects([row.get(name) for row in parsed]) for name in names}


def objects(values: list[Any]) -> ObjectArray:
    """A list as a one-dimensional object array, whatever its members are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _texts(values: NDArray[Any]) -> list[Any]:
    listed: list[Any] = values.tolist()
    if set(map(type, listed)) <= {str, type(None)}:
        return listed
    return [None if v is None else str(v) for v in _plain(values)]


def _numbers(frame: Frame, field: Field, values: NDArray[Any]) -> list[Any]:
    try:
        numbers = values.astype(np.float64)
    except (TypeError, ValueError):
        raise _not_numbers(frame, field, values) from None
    numbers[np.isinf(numbers)] = np.nan
    listed: list[Any] = numbers.tolist()
    if field.type == "integer":
        return [int(v) if v.is_integer() else v for v in listed]
    return listed


def _plain(values: NDArray[Any]) -> list[Any]:
    """Python values, NaN as ``None``."""
    plain: list[Any] = values.tolist()
    if values.dtype.kind in "fO":
        return [None if v != v else v for v in plain]
    return plain


def _is_number(value: Any) -> bool:
    try:
        float("nan" if value is None else value)
    except (TypeError, ValueError):
        return False
    return True


def _json(value: Any) -> str | None:
    return None if value is None else orjson.dumps(value).decode()


def _not_numbers(frame: Frame, field: Field, values: NDArray[Any]) -> Unprocessable:
    row = next(row for row, value in enumerate(values) if not _is_number(value))
    id, value = frame.ids[row], values[row]
    return Unprocessable(
        f"The feature {id!r} has {value!r} in {field.name!r}, which holds numbers."
        " Correct the value or leave it empty.",
        f"要素“{id}”的“{field.title_zh}”（{field.name}）为“{value}”，该字段只能填数字。",
        feature=str(id),
        field=field.name,
    )
