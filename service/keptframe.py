"""A frame laid out in mapped arrays, of which only what is asked for is made.

Most figures need a few columns of a version and none of its geometries: those are made
from their bytes when somebody wants them, all or a few.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from math import isfinite
from types import NoneType
from typing import Any

import numpy as np
import orjson
import shapely
from isal import isal_zlib
from numpy.typing import NDArray

from geo.frame import FloatArray, Frame, ObjectArray
from service.mapped import Arrays

#: What JSON gives back as it was.
_PLAIN = {str, NoneType, bool, int, float, list, dict}
#: Texts of fewer different ones than every so many features are written once each.
_REPEATED = 4


class KeptFrame(Frame):
    """What ``laid_down`` wrote."""

    def __init__(self, arrays: Arrays, facts: Mapping[str, Any]) -> None:
        """Raises ``ValueError`` unless the arrays are what was written."""
        if facts["check"] != _check(arrays, facts["columns"]):
            raise ValueError("the arrays have changed since they were written")
        object.__setattr__(self, "_arrays", arrays)
        object.__setattr__(self, "columns", _Columns(facts["columns"], self._column))

    _arrays: Arrays
    columns: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self._arrays["bounds"])

    @cached_property
    def ids(self) -> ObjectArray:
        return self._column("id")

    @cached_property
    def geometry(self) -> ObjectArray:
        return self._made(np.arange(len(self)))

    @property
    def missing(self) -> NDArray[np.bool_]:
        empty: NDArray[np.bool_] = np.diff(self._arrays["ends"]) == 0
        return empty

    @property
    def bounds(self) -> FloatArray:
        return self._arrays["bounds"]

    def shapes(self, rows: NDArray[np.intp]) -> ObjectArray:
        # The first to want a good part of them makes them for everyone.
        if "geometry" in vars(self) or 2 * len(rows) > len(self):
            return super().shapes(rows)
        return self._made(rows)

    def _made(self, rows: NDArray[np.intp]) -> ObjectArray:
        ends, whole = self._arrays["ends"], self._arrays["wkb"].data
        spans = zip(ends[rows].tolist(), ends[rows + 1].tolist(), strict=True)
        wkb = [bytes(whole[start:end]) or None for start, end in spans]
        made: ObjectArray = shapely.from_wkb(np.array(wkb, dtype=object))
        return made

    def _column(self, name: str) -> NDArray[Any]:
        if (numbers := self._arrays.get(f"{name}.number")) is not None:
            return numbers
        values = _objects(orjson.loads(self._arrays[f"{name}.json"].data))
        code = self._arrays.get(f"{name}.code")
        return values if code is None else values[code]


class _Columns(Mapping[str, NDArray[Any]]):
    """Each made when it is first asked for."""

    def __init__(self, names: list[str], make: Callable[[str], NDArray[Any]]) -> None:
        self._names, self._make = dict.fromkeys(names), make
        self._made: dict[str, NDArray[Any]] = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._made and name in self._names:
            self._made[name] = self._make(f"column {name}")
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def laid_down(frame: Frame) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays and facts of a frame; read again they are the same to the bit. Raises
    ``ValueError`` where they would not be."""
    wkb = shapely.to_wkb(frame.geometry, byte_order=1, flavor="iso").tolist()
    parts = [each or b"" for each in wkb]
    arrays: dict[str, NDArray[Any]] = {
        "bounds": np.ascontiguousarray(frame.bounds),
        "ends": np.cumsum([0, *map(len, parts)], dtype=np.int64),
        "wkb": np.frombuffer(b"".join(parts), dtype=np.uint8),
        "id.json": _json(frame.ids.tolist()),
    }
    for name, values in frame.columns.items():
        made = _written(values)
        arrays |= {f"column {name}.{part}": array for part, array in made.items()}
    names = list(frame.columns)
    return arrays, {"columns": names, "check": _check(arrays, names)}


def _written(values: NDArray[Any]) -> dict[str, NDArray[Any]]:
    if values.dtype == np.float64:
        return {"number": values}
    listed = values.tolist()
    if values.dtype != object or not _is_plain(listed):
        raise ValueError(f"JSON would not give back a column of {values.dtype}")
    if set(map(type, listed)) <= {str, NoneType}:
        place: dict[str | None, int] = {}
        code = [place.setdefault(value, len(place)) for value in listed]
        if len(place) * _REPEATED <= len(listed):
            small = np.min_scalar_type(len(place))
            return {"json": _json(list(place)), "code": np.array(code, dtype=small)}
    return {"json": _json(listed)}


def _is_plain(values: list[Any]) -> bool:
    kinds = set(map(type, values))
    finite = float not in kinds or all(isfinite(v) for v in values if type(v) is float)
    return kinds <= _PLAIN and finite


def _json(values: list[Any]) -> NDArray[np.uint8]:
    try:
        return np.frombuffer(orjson.dumps(values), dtype=np.uint8)
    except TypeError as error:  # a number too large, half a character
        raise ValueError(str(error)) from error


def _objects(values: list[Any]) -> ObjectArray:
    """One-dimensional, whatever its members are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _check(arrays: Arrays, names: list[str]) -> int:
    """A disk may lose a bit, and land is decided by these numbers."""
    forms = [(name, a.dtype.str, a.shape) for name, a in arrays.items()]
    found = isal_zlib.crc32(repr((names, forms)).encode())
    for array in arrays.values():
        found = isal_zlib.crc32(array, found)
    return found
