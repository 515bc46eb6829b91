"""Checks of values: declared areas against the drawing, codes against their lists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import numpy as np

from geo.frame import Frame
from geo.measures import measures
from layers.catalogue import Field, Layer
from layers.classification import SCHEMES, Detection, detect_scheme, scheme
from service.uploads.classnames import contradictions
from service.uploads.mapping import is_null
from service.uploads.problems import Problem
from service.uploads.schemes import CODE, SCHEME, named_schemes
from service.uploads.table import Columns, object_array

_DECLARED = "area_declared_m2"
#: Declared areas are rounded; a square metre or a thousandth is no difference.
_AREA_TOLERANCE = 1e-3
#: Declared ÷ computed -> the unit that was most likely written instead.
_SLIPS = {
    10_000.0: ("平方米", "square metres"),
    15.0: ("亩", "mu"),
    1e-4: ("公顷", "hectares"),
    3 / 2000: ("亩", "mu"),
}
_SLIP_TOLERANCE = 0.005


def check_attributes(frame: Frame, layer: Layer) -> tuple[Frame, list[Problem]]:
    """Findings about values; the frame gets the land-use scheme that was detected."""
    problems = [p for field in layer.fields for p in _listed_codes(frame, field)]
    if _DECLARED in frame.columns:
        problems += _declared_areas(frame)
    if layer.field(SCHEME) is None or CODE not in frame.columns:
        return frame, problems
    columns, found = _land_use(frame)
    problems += [*found, *contradictions(columns)]
    return Frame(frame.ids, frame.geometry, columns), problems


def _listed_codes(frame: Frame, field: Field) -> Iterator[Problem]:
    if not field.codes or field.name == CODE:
        return
    for row, value in enumerate(frame.columns[field.name].tolist()):
        if value is None or value in field.codes:
            continue
        yield _unknown(row, field.name, value, field.title_zh, field.title_en)


def _declared_areas(frame: Frame) -> Iterator[Problem]:
    rows = np.flatnonzero(~np.isnan(frame.columns[_DECLARED]))
    declared = frame.columns[_DECLARED][rows]
    computed = measures(frame.geometry[rows])
    areas, planes = computed["area_m2"], computed["area_plane_m2"]
    nearest = np.fmin(np.abs(declared - areas), np.abs(declared - planes))
    tolerance = np.maximum(1.0, _AREA_TOLERANCE * areas)
    for index in np.flatnonzero((nearest > tolerance) & (areas > 0)):
        values = {
            "declared_m2": f"{declared[index]:,.2f}",
            "area_m2": f"{areas[index]:,.2f}",
            "area_plane_m2": f"{planes[index]:,.2f}",
            **_slip(declared[index] / planes[index]),
        }
        row = int(rows[index])
        yield Problem("declared_area_differs", row, _DECLARED, values=values)


def _slip(ratio: float) -> dict[str, str]:
    """The hint that another unit makes both agree."""
    for factor, (zh, en) in _SLIPS.items():
        if abs(ratio / factor - 1) <= _SLIP_TOLERANCE:
            hint = f" In {en} the declared figure would agree."
            return {"hint": hint, "hint_zh": f"若单位是{zh}，则与申报相符。"}
    return {"hint": "", "hint_zh": ""}


def _land_use(frame: Frame) -> tuple[Columns, list[Problem]]:
    columns = dict(frame.columns)
    codes = columns[CODE].tolist()
    given, problems = named_schemes(columns[SCHEME])
    columns[SCHEME] = given
    blank = is_null(given) & ~is_null(columns[CODE])
    problems += _against_given(codes, given.tolist())
    if not blank.any():
        return columns, problems
    undeclared = [code if blank[row] else None for row, code in enumerate(codes)]
    detection = detect_scheme(undeclared)
    problems += _detected(detection, undeclared)
    best = detection.scheme or (detection.candidates or (None,))[0]
    if best is not None and not detection.mixed:
        filled = [
            best if blank[row] and codes[row] in scheme(best) else value
            for row, value in enumerate(given.tolist())
        ]
        columns[SCHEME] = object_array(filled)
    return columns, problems


def _against_given(codes: list[Any], schemes: list[Any]) -> Iterator[Problem]:
    for row, (code, name) in enumerate(zip(codes, schemes, strict=True)):
        if name is None or code is None:
            continue
        if code not in scheme(name):
            titles = SCHEMES[name]
            yield _unknown(row, CODE, code, titles["zh"], titles["en"])


def _detected(detection: Detection, codes: list[Any]) -> Iterator[Problem]:
    known = [code for code in codes if code and code.strip() not in detection.unknown]
    for row, code in enumerate(codes):
        if code and code.strip() in detection.unknown:
            padded = detection.padded.get(code.strip())
            yield _unknown(row, CODE, code, "已知分类体系", "any known scheme", padded)
    if detection.mixed:
        fits = Counter(_first_scheme(code) for code in known)
        names = "、".join(SCHEMES[id]["zh"] for id in fits if id)
        yield Problem("mixed_schemes", None, CODE, values={"schemes": names})
    elif detection.candidates:
        best = SCHEMES[detection.candidates[0]]
        hits = sum(code in scheme(detection.candidates[0]) for code in known)
        total = sum(code is not None for code in codes)
        values = {
            "scheme_zh": best["zh"],
            "scheme_en": best["en"],
            "share": f"{hits / total * 100:.0f} %",
        }
        yield Problem("detected_scheme", None, CODE, values=values)


def _first_scheme(code: str) -> str | None:
    return next((id for id in SCHEMES if code.strip() in scheme(id)), None)


def _unknown(
    row: int, field: str, value: Any, zh: str, en: str, proposal: str | None = None
) -> Problem:
    values = {
        "value": str(value)[:80],
        "scheme_zh": zh,
        "scheme_en": en,
        "proposal_zh": f"应为“{proposal}”？" if proposal else "",
        "proposal_en": f"Should it be “{proposal}”?" if proposal else "",
    }
    return Problem("unknown_code", row, field, values=values)
