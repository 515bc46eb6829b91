"""Coordinates in two columns of a table: which columns, and what their values say."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from geo.frame import FloatArray, ObjectArray
from service.uploads.angles import number
from service.uploads.axisnames import GEODETIC, IN_DEGREES, PAIRS, axis_of
from service.uploads.problems import Problem
from service.uploads.table import Columns

OFFSET = re.compile(r"gcj(?:02)?|火星|高德|bd(?:09)?|百度", re.IGNORECASE)
#: Longitudes and latitudes of China.
CHINA = ((73.0, 136.0), (3.0, 54.0))
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+\.\d*|[-+]?\d{1,3}(?:,\d{3}){2,}")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,(?:\d{1,2}|\d{4,})")
#: Degrees, minutes and seconds between plain signs: an angle only where angles stand.
_PARTED = re.compile(
    r"([NSEW东西南北]?[经纬]?)\s*(\d{1,3})([-:. ])(\d{1,2})\3(\d{1,2}(?:\.\d*)?)"
    r"\s*([NSEW东西南北]?)"
)
_DASH = re.compile("[‐-―−]")
_LARGEST_ANGLE = 180.0


@dataclass(frozen=True, slots=True)
class Axes:
    """The columns used, points (None where there is none), the CRS that the columns'
    names state, and what is to be said."""

    names: tuple[str, str]
    geometry: ObjectArray
    crs: str | None
    problems: list[Problem]


def from_columns(columns: Columns) -> Axes | None:
    """Points from the first pair of columns that are called like coordinates."""
    by_axis: dict[str, str] = {}
    for name in columns:
        by_axis.setdefault(axis_of(OFFSET.sub("", name)) or "", name)
    for x, y in PAIRS:
        if x not in by_axis or y not in by_axis:
            continue
        pair = by_axis[x], by_axis[y]
        if (x, y) != GEODETIC or _are_degrees(columns, pair):
            return _points(columns, pair, in_degrees=x in IN_DEGREES)
    return None


def _are_degrees(columns: Columns, pair: tuple[str, str]) -> bool:
    """L and B are letters of much else: they count where their values are degrees of
    this country, packed ones among them."""
    for name, (low, high) in zip(pair, CHINA, strict=True):
        values = [value_of(_with_signs(v)) for v in columns[name].tolist()]
        known = np.array([v for v in values if np.isfinite(v)])
        middle = float(np.median(known)) if len(known) else math.nan
        packed = middle / 10_000 if middle > _LARGEST_ANGLE else middle
        if not low <= packed <= high:
            return False
    return True


def _points(columns: Columns, pair: tuple[str, str], *, in_degrees: bool) -> Axes:
    raw = [columns[name].tolist() for name in pair]
    if in_degrees:
        raw = [[_with_signs(value) for value in side] for side in raw]
    xy = np.array([[value_of(v) for v in side] for side in raw]).T.reshape(-1, 2)
    known = np.isfinite(xy).all(axis=1)
    geometry = np.full(len(xy), None, dtype=object)
    geometry[known] = shapely.points(xy[known])
    problems = list(_unread(zip(*raw, strict=True), xy, pair))
    problems += [p for name in pair if (p := _named_offset(name))]
    fits = bool(known.any()) and float(np.abs(xy[known]).max()) <= _LARGEST_ANGLE
    return Axes(pair, geometry, "OGC:CRS84" if in_degrees and fits else None, problems)


def _with_signs(value: Any) -> Any:
    """``E113-14-39.12`` with the signs of degrees."""
    if not isinstance(value, str):
        return value
    plain = unicodedata.normalize("NFKC", value).strip()
    found = _PARTED.fullmatch(_DASH.sub("-", plain))
    if not found:
        return value
    before, degrees, _, minutes, seconds, after = found.groups()
    return f"{before}{degrees}°{minutes}′{seconds}″{after}"


def _unread(
    rows: Iterable[tuple[Any, Any]], xy: FloatArray, pair: tuple[str, str]
) -> Iterable[Problem]:
    """Cells that hold something, but no coordinate."""
    for row, values in enumerate(rows):
        for value, coordinate, name in zip(values, xy[row], pair, strict=True):
            if value is not None and str(value).strip() and np.isnan(coordinate):
                told = {"name": name, "value": str(value)[:80]}
                yield Problem("unread_coordinate", row, name, values=told)


def _named_offset(name: str) -> Problem | None:
    found = OFFSET.search(unicodedata.normalize("NFKC", name))
    if not found:
        return None
    return Problem("named_offset", None, name, values={"name": name})


def value_of(value: Any) -> float:
    """A cell as a coordinate, nan if it is none. A comma is read where it can mean one
    thing only.

    >>> value_of("113,24"), value_of("2,558,680.9"), value_of("422,583")
    (113.24, 2558680.9, nan)
    """
    if isinstance(value, bool) or value is None:
        return float("nan")
    if isinstance(value, int | float):
        return float(value) if np.isfinite(value) else float("nan")
    text = str(value).strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    elif _DECIMAL_COMMA.fullmatch(text):
        text = text.replace(",", ".")
    found = number(text)
    return float("nan") if found is None else found
