"""Repairs that a person asks for, type by type. What can be kept of a feature is kept,
and each repair is a finding of its own; nothing is mended unasked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from geo.frame import ObjectArray
from service.uploads.problems import Problem, severity_of

SHAPES = "invalid_geometry"
#: Type of problem that can be repaired. The shapes are rebuilt from their rings; the
#: second feature of an id is numbered; a value that cannot be read is left empty; what
#: is no shape of the layer's kind is kept without one.
REPAIRABLE = (
    SHAPES,
    "duplicate_id",
    "malformed_value",
    "unknown_scheme",
    "wrong_geometry_type",
    "unreadable_geometry",
    "invalid_coordinate",
)


def repairs_of(request: Mapping[str, Any]) -> frozenset[str]:
    """The types asked for; ``True``, as it was said before there were types, means
    shapes."""
    said = request.get("repair") or ()
    return frozenset((SHAPES,) if said is True else said)


def repaired(
    problems: list[Problem],
    geometry: ObjectArray,
    ids: ObjectArray,
    wanted: frozenset[str],
) -> tuple[list[Problem], ObjectArray]:
    """The findings, those of the wanted types repaired, and the geometry to keep."""
    kept = geometry.copy()
    told = []
    for problem in problems:
        rests = problem.repaired or problem.code == SHAPES or problem.row is None
        if problem.code not in wanted or rests or severity_of(problem) != "error":
            told.append(problem)
            continue
        assert problem.row is not None
        if problem.code == "wrong_geometry_type":
            kept[problem.row] = None
        values = {**problem.values, "id": str(ids[problem.row])}
        told.append(replace(problem, severity="warning", repaired=True, values=values))
    return told, kept
