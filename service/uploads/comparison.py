"""Two states of a layer compared: what was added, changed, removed, left as it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, Frame, ObjectArray
from service.uploads.identity import rounded
from service.uploads.mapping import MEASURES

#: Served coordinates are rounded to 1e-7°, so states closer than that are one.
TOLERANCE_DEG = 1.5e-7


@dataclass(frozen=True, slots=True)
class Comparison:
    """Row numbers. ``pairs`` are (row in after, row in before) of common ids."""

    added: NDArray[np.intp]
    pairs: NDArray[np.intp]
    moved: NDArray[np.bool_]  # per pair: the geometry differs
    edited: NDArray[np.bool_]  # per pair: a property differs
    removed: NDArray[np.intp]

    @property
    def changed(self) -> NDArray[np.bool_]:
        return self.moved | self.edited

    def summary(self) -> dict[str, int]:
        """Counts under the names of the API."""
        return {
            "adds": len(self.added),
            "changes": int(self.changed.sum()),
            "changes_geometry": int(self.moved.sum()),
            "changes_attributes": int(self.edited.sum()),
            "removes": len(self.removed),
            "unchanged": int((~self.changed).sum()),
        }


def compare(after: Frame, before: Frame) -> Comparison:
    """``after`` against ``before``; rows of ``before`` without a match are removed."""
    row_before = {id: row for row, id in enumerate(before.ids.tolist())}
    matches = [row_before.get(id, -1) for id in after.ids.tolist()]
    match = np.array(matches, dtype=np.intp)
    kept = np.flatnonzero(match >= 0)
    pairs = np.column_stack([kept, match[kept]])
    gone = np.ones(len(before), dtype=bool)
    gone[match[kept]] = False
    return Comparison(
        np.flatnonzero(match < 0),
        pairs,
        ~_same_shapes(after.geometry[pairs[:, 0]], before.geometry[pairs[:, 1]]),
        edited(after.take(pairs[:, 0]), before.take(pairs[:, 1])),
        np.flatnonzero(gone),
    )


def _same_shapes(a: ObjectArray, b: ObjectArray) -> NDArray[np.bool_]:
    missing_a, missing_b = shapely.is_missing(a), shapely.is_missing(b)
    equal: NDArray[np.bool_] = shapely.equals_exact(a, b, TOLERANCE_DEG)
    equal |= missing_a & missing_b
    rest = np.flatnonzero(~equal & ~missing_a & ~missing_b & _same_box(a, b))
    for alike in (shapely.normalize, _rounded):  # the first does for nearly all
        left, right = alike(a[rest]), alike(b[rest])
        equal[rest] = shapely.equals_exact(left, right, TOLERANCE_DEG)
        rest = rest[~equal[rest]]
    # Rounding can turn a ring's first point; the outline itself tells in the end.
    same_size = shapely.get_num_coordinates(a[rest]) == (
        shapely.get_num_coordinates(b[rest])
    )
    rest = rest[same_size]
    equal[rest] = shapely.hausdorff_distance(a[rest], b[rest]) <= TOLERANCE_DEG
    return equal


def _rounded(geometry: ObjectArray) -> ObjectArray:
    shapes: ObjectArray = shapely.normalize(rounded(geometry))
    return shapes


def _same_box(a: ObjectArray, b: ObjectArray) -> NDArray[np.bool_]:
    apart = np.abs(shapely.bounds(a) - shapely.bounds(b))
    near: NDArray[np.bool_] = (apart <= TOLERANCE_DEG).all(axis=1)
    return near


def edited(after: Frame, before: Frame) -> NDArray[np.bool_]:
    """Whether a property differs, row by row of equally long frames."""
    differs = np.zeros(len(after), dtype=bool)
    for name in property_names(after, before):
        differs |= ~_same_values(after.columns.get(name), before.columns.get(name))
    return differs


def property_names(*frames: Frame) -> list[str]:
    """Names of all properties, in order of appearance, without the measures."""
    names = dict.fromkeys(name for frame in frames for name in frame.columns)
    return [name for name in names if name not in MEASURES]


def _same_values(
    a: NDArray[Any] | None, b: NDArray[Any] | None
) -> NDArray[np.bool_] | bool:
    if a is None or b is None:
        present = b if a is None else a
        return present is None or _absent(present)
    if a.dtype.kind == "f" and b.dtype.kind == "f":
        return _same_numbers(a, b)
    same: NDArray[np.bool_] = np.asarray(a.astype(object) == b.astype(object), bool)
    rest = np.flatnonzero(~same)
    pairs = zip(a[rest].tolist(), b[rest].tolist(), strict=True)
    same[rest] = [is_same(x, y) for x, y in pairs]
    return same


def _same_numbers(a: FloatArray, b: FloatArray) -> NDArray[np.bool_]:
    """Equal within what text formats keep; whole numbers, which may be somebody's
    identifiers, to the last digit."""
    alike: NDArray[np.bool_] = np.isclose(a, b, 1e-9, 1e-12, equal_nan=True)
    whole = (np.floor(a) == a) & (np.floor(b) == b)
    alike &= ~(whole & (a != b))
    return alike


def is_same(a: Any, b: Any) -> bool:
    """Whether two property values say the same; blank text and NaN say nothing."""
    a, b = _told(a), _told(b)
    if isinstance(a, str) != isinstance(b, str) and a is not None and b is not None:
        return _same_json(a, b) or _same_number(a, b)
    if isinstance(a, float) and isinstance(b, float | int):
        return bool(_same_numbers(np.array([a]), np.array([float(b)]))[0])
    return bool(a == b)


def _same_json(a: Any, b: Any) -> bool:
    """Lists and objects are written as JSON where a format has only text."""
    text, value = (a, b) if isinstance(a, str) else (b, a)
    if not isinstance(value, list | dict):
        return False
    try:
        return bool(orjson.loads(text) == value)
    except orjson.JSONDecodeError:
        return False


def _same_number(a: Any, b: Any) -> bool:
    """Text formats carry no types: “62.81” read from one is the number 62.81."""
    if isinstance(a, bool) or isinstance(b, bool):
        return str(a).casefold() == str(b).casefold()
    try:
        if isinstance(a, float) or isinstance(b, float):
            return float(a) == float(b)
        return int(a) == int(b)  # to the last digit
    except (TypeError, ValueError):
        return str(a).casefold() == str(b).casefold()


def _told(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\r\n", "\n") if value.strip() else None
    return None if value is None or value != value else value


def _absent(values: NDArray[Any]) -> NDArray[np.bool_]:
    return np.array([_told(value) is None for value in values.tolist()], dtype=bool)
