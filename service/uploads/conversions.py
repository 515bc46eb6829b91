"""Coordinates in another unit than a coordinate system's own, converted because a
person has said so: kilometres, millimetres, feet, degrees with minutes and seconds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import shapely

from geo import detective
from geo.frame import FloatArray
from geo.validity import finite_rows
from service.errors import Unprocessable
from service.uploads.crs_evidence import example
from service.uploads.problems import Problem
from service.uploads.table import SourceTable


@dataclass(frozen=True, slots=True)
class Unit:
    """``metres`` is None for packed degrees, which are no multiple of anything."""

    id: str
    en: str
    zh: str
    metres: float | None
    #: What the conversion does, in a few signs.
    rule: str


UNITS: Mapping[str, Unit] = {
    unit.id: unit
    for unit in (
        Unit("mm", "millimetres", "毫米", 0.001, "÷ 1000"),
        Unit("km", "kilometres", "千米", 1000.0, "× 1000"),
        Unit("ft", "feet", "英尺", 0.3048, "× 0.3048"),
        Unit(
            "dms", "degrees.minutes-seconds", "度.分秒", None, "113.1405 → 113°14′05″"
        ),
    )
}


def converted(table: SourceTable, id: str) -> tuple[SourceTable, dict[str, Any]]:
    """The table with its coordinates in metres or decimal degrees, and what was done,
    which is also one of its findings."""
    unit = UNITS[id]
    finite = finite_rows(table.geometry)
    before = shapely.get_coordinates(table.geometry[finite][:1])
    geometry = table.geometry.copy()
    geometry[finite] = shapely.transform(
        table.geometry[finite], lambda xy: _in_unit(xy, unit)
    )
    after = shapely.get_coordinates(geometry[finite][:1])
    told = {"unit": unit.en, "unit_zh": unit.zh, "rule": unit.rule}
    told |= {"before": example(before), "after": example(after)}
    said = Problem("coordinates_converted", values=told)
    result = replace(table, geometry=geometry, problems=(*table.problems, said))
    return result, {"convert": id, **told}


def offered_of(problems: Sequence[Problem]) -> dict[str, Any]:
    """The conversion that would answer a doubt, for a person to confirm."""
    for problem in problems:
        if "convert" in problem.values:
            unit = UNITS[problem.values["convert"]]
            told = {"convert": unit.id, "unit": unit.en, "unit_zh": unit.zh}
            return {"conversion_offered": {**told, "rule": unit.rule}}
    return {}


def note_of(id: str) -> str:
    """For the history: what was done to the coordinates."""
    unit = UNITS[id]
    return f"坐标由{unit.zh}换算（{unit.rule}） · coordinates were in {unit.en}"


def _in_unit(xy: FloatArray, unit: Unit) -> FloatArray:
    if unit.metres is not None:
        return xy * unit.metres
    degrees = detective.unpacked(xy)
    if len(degrees) == len(xy):
        return degrees
    raise Unprocessable(
        "The coordinates cannot be degrees.minutes-seconds: some would have 60 or more"
        " minutes or seconds. Take the conversion back (convert).",
        "坐标不可能都是“度.分秒”：有的分或秒达到 60。取消换算（convert）。",
        parameter="convert",
    )
