"""Coordinates in another unit than a coordinate system's own, converted because a
person has said so: kilometres, millimetres, feet, degrees with minutes and seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import shapely

from geo import detective
from geo.frame import FloatArray
from geo.validity import finite_rows
from service.errors import Unprocessable
from service.uploads.crs_evidence import example
from service.uploads.problems import Problem
from service.uploads.table import SourceTable
from service.uploads.units import UNITS, Unit


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
