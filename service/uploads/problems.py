"""Findings about an uploaded file, and the catalogue of what they can be."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from geo.frame import ObjectArray

_CATALOGUE = Path(__file__).with_name("problems.toml")
#: A blank id, made unique.
_NAMELESS = re.compile(r"(?:-\d+)?")
_SEVERITY_ORDER = {"error": 0, "warning": 1}
_LISTED = (
    "code", "severity", "feature", "field", "message_zh", "remedy_zh", "message",
    "remedy", "repaired",
)  # fmt: skip
_TEMPLATES = {
    "message": "en",
    "message_zh": "zh",
    "remedy": "remedy_en",
    "remedy_zh": "remedy_zh",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. ``row`` None: the file as a whole. ``severity`` None: as the
    catalogue has it. ``place`` is lon, lat."""

    code: str
    row: int | None = None
    field: str | None = None
    place: tuple[float, float] | None = None
    values: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    severity: str | None = None
    repaired: bool = False
    #: The other feature of the file that it is about.
    other: int | None = None

    def as_warning(self) -> Problem:
        """The same finding, confirmed by a person, so no longer in the way."""
        return replace(self, severity="warning")


@cache
def problem_catalogue() -> dict[str, dict[str, str]]:
    """code -> severity, zh, en, remedy_zh, remedy_en, and the option of an upload that
    settles it, for programs: the page shows a control instead."""
    return tomllib.loads(_CATALOGUE.read_text("utf-8"))


def severity_of(problem: Problem) -> str:
    """``error`` or ``warning``."""
    return problem.severity or problem_catalogue()[problem.code]["severity"]


def problem_bodies(
    problems: Sequence[Problem], ids: ObjectArray
) -> list[dict[str, Any]]:
    """Findings as the API tells them: errors first, then repairs, then file order."""
    ordered = sorted(problems, key=_order)
    return [_body(problem, ids) for problem in ordered]


def counts_by_code(problems: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many findings of each code."""
    return dict(Counter(problem["code"] for problem in problems))


def features_by_code(problems: Sequence[Mapping[str, Any]]) -> dict[str, int]:
    """How many features have findings of each code; one may have several."""
    named = {(p["code"], p["index"]) for p in problems if p["index"] is not None}
    return dict(Counter(code for code, _ in named))


def problems_csv(found: Sequence[Mapping[str, Any]]) -> bytes:
    """A list to hand to the surveyor; Excel opens it in Chinese."""
    sink = io.StringIO(newline="")
    writer = csv.writer(sink, lineterminator="\r\n")
    writer.writerow(["number", *_LISTED, "lon", "lat"])
    for problem in found:
        place = problem["place"] or ("", "")
        told = (_guarded(problem[name]) for name in _LISTED)
        writer.writerow([_place_in_file(problem), *told, *place])
    return sink.getvalue().encode("utf-8-sig")


def problems_geojson(found: Sequence[Mapping[str, Any]]) -> bytes:
    """The findings that have a place, as points."""
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": problem["place"]},
            "properties": {
                "number": _place_in_file(problem),
                **{name: problem[name] for name in _LISTED},
            },
        }
        for problem in found
        if problem["place"]
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _place_in_file(problem: Mapping[str, Any]) -> int | None:
    """Which feature of the file it is, counted from 1, whatever its id."""
    return None if problem["index"] is None else problem["index"] + 1


def _guarded(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula stays text."""
    runs = isinstance(value, str) and value.startswith(("=", "+", "-", "@"))
    return f"'{value}" if runs else value


def _order(problem: Problem) -> tuple[int, bool, bool, str, int]:
    whole_file = problem.row is None
    return (
        _SEVERITY_ORDER[severity_of(problem)],
        not problem.repaired,
        not whole_file,
        problem.code,
        -1 if problem.row is None else problem.row,
    )


def _body(problem: Problem, ids: ObjectArray) -> dict[str, Any]:
    fixed, filled = _texts(f"{problem.code}{'_repaired' * problem.repaired}")
    values = problem.values
    option = problem_catalogue()[problem.code].get("option")
    texts = {name: text.format_map(values) for name, text in filled.items()}
    return {
        "code": problem.code,
        "severity": severity_of(problem),
        "feature": None if problem.row is None else _label(problem.row, ids),
        "index": problem.row,
        "other_index": problem.other,
        "field": problem.field,
        "place": list(problem.place) if problem.place else None,
        **fixed,
        **texts,
        "option": option and option.format_map(values),
        "repaired": problem.repaired,
    }


@cache
def _texts(entry: str) -> tuple[dict[str, str], dict[str, str]]:
    """The texts of a type that are the same for each of its findings, of which there
    may be hundreds of thousands, and those to fill in."""
    told = {name: problem_catalogue()[entry][key] for name, key in _TEMPLATES.items()}
    filled = {name: text for name, text in told.items() if "{" in text}
    return {name: told[name] for name in told.keys() - filled.keys()}, filled


def short(value: float) -> str:
    """A size within a message."""
    return f"{value:,.2f}" if value < 100 else f"{value:,.0f}"


def _label(row: int, ids: ObjectArray) -> str:
    """The id; features whose own was blank are called by their place in the file."""
    id = str(ids[row]) if row < len(ids) else ""
    return f"#{row + 1}" if _NAMELESS.fullmatch(id) else id
