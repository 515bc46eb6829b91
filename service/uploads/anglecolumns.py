"""Angles spread over columns of degrees, minutes and seconds, put into one each."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from service.uploads.axisnames import axis_of
from service.uploads.table import Columns, object_array

_PART = re.compile(
    r"(?P<axis>.+?)[\s_\-.:/]*[(\[]?\s*(?:(?P<d>度|°|d|deg|degrees?)"
    r"|(?P<m>分|′|'|m|min|minutes?)|(?P<s>秒|\"|s|sec|seconds?))\s*[)\]]?"
)
_AXES = {"lon": "lon", "lat": "lat", "l": "lon", "b": "lat"}
_SECONDS = re.compile("[″”“]|''|′′|’’")


def joined(columns: Columns) -> Columns:
    """The columns, of which those that hold degrees, minutes and perhaps seconds of
    one axis have become one; as they are unless both axes are written so."""
    parts: dict[str, dict[str, str]] = {}
    for name in columns:
        found = _part_of(name)
        if found is not None:
            parts.setdefault(found[0], {}).setdefault(found[1], name)
    if not all({"d", "m"} <= set(parts.get(axis, {})) for axis in ("lon", "lat")):
        return columns
    spread = {name for axis in parts.values() for name in axis.values()}
    kept = {name: values for name, values in columns.items() if name not in spread}
    return kept | {axis: _angles(columns, parts[axis]) for axis in ("lon", "lat")}


def _part_of(name: str) -> tuple[str, str] | None:
    """Axis and part: ``东经(分)`` is the m of lon."""
    plain = unicodedata.normalize("NFKC", _SECONDS.sub('"', name)).casefold()
    found = _PART.fullmatch(plain.replace("’", "'").strip())
    axis = _AXES.get(axis_of(found["axis"]) or "") if found else None
    if found is None or axis is None:
        return None
    return axis, next(part for part in "dms" if found[part])


def _angles(columns: Columns, names: dict[str, str]) -> Any:
    sides = [columns[names[part]].tolist() for part in "dms" if part in names]
    return object_array([_angle(cells) for cells in zip(*sides, strict=True)])


def _angle(cells: tuple[Any, ...]) -> str | None:
    """As one would write it; what makes no angle is left for the reader to name."""
    degrees, minutes, *rest = map(_text, cells)
    seconds = rest[0] if rest else ""
    if not (degrees or minutes or seconds):
        return None
    if not (minutes or seconds):
        return degrees
    return f"{degrees}°{minutes or 0}′" + f"{seconds}″" * bool(seconds)


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell == cell:
        return f"{cell:.10f}".rstrip("0").rstrip(".")
    text = "" if cell is None or cell != cell else str(cell)
    plain = unicodedata.normalize("NFKC", text).strip()
    return re.sub(r"\.0*$", "", plain)
