"""Land-use schemes as a file names them, and whether what a layer comes to hold can
still be added up in one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from geo.frame import Frame, ObjectArray
from layers.classification import SCHEMES, detect_scheme, scheme
from service.uploads.problems import Problem
from service.uploads.table import object_array

CODE, SCHEME = "landuse_code", "landuse_scheme"
_BY_NAME = {
    name.casefold(): id
    for id, titles in SCHEMES.items()
    for name in (id, titles["zh"], titles["en"])
}


def named_schemes(given: ObjectArray) -> tuple[ObjectArray, list[Problem]]:
    """The schemes by their ids: a file may write their titles. Names of none are left
    empty and told, since nothing could be added up under them."""
    told = [None if name is None else str(name) for name in given.tolist()]
    ids = {name: _BY_NAME.get(name.strip().casefold()) for name in set(told) if name}
    problems = [
        _unknown(row, name) for row, name in enumerate(told) if name and not ids[name]
    ]
    return object_array([ids[name] if name else None for name in told]), problems


def _unknown(row: int, name: str) -> Problem:
    values = {"value": name[:80], "schemes": "、".join(SCHEMES)}
    values["schemes_en"] = ", ".join(SCHEMES)
    return Problem("unknown_scheme", row, SCHEME, values=values)


def check_schemes(after: Frame) -> Iterator[Problem]:
    """``after``: the layer as it would be published. A balance table needs one scheme
    for all of it."""
    if SCHEME not in after.columns or CODE not in after.columns:
        return
    found = _schemes_of(_distinct(after, CODE), _distinct(after, SCHEME))
    if len(found) > 1:
        zh = "、".join(_title(id, "zh") for id in found)
        en = ", ".join(_title(id, "en") for id in found)
        values = {"schemes": zh, "schemes_en": en}
        yield Problem("no_single_scheme", None, CODE, values=values)


def _distinct(frame: Frame, name: str) -> set[str]:
    values: Iterable[Any] = np.unique(frame.columns[name].astype(str)).tolist()
    return {text.strip() for text in values} - {"", "None", "nan"}


def _schemes_of(codes: set[str], declared: set[str]) -> list[str]:
    """Those that statistics would meet: declared ones; of codes that the declared one
    lacks, the first that has them; without a declaration, those of a mixture."""
    if len(declared) > 1:
        return sorted(declared)
    if not declared:
        detection = detect_scheme(codes)
        return (
            list(dict.fromkeys(map(_first, sorted(codes)))) if detection.mixed else []
        )
    (own,) = declared
    strange = (
        codes if own not in SCHEMES else {c for c in codes if c not in scheme(own)}
    )
    return [own, *detect_scheme(strange).candidates[:1]]


def _first(code: str) -> str:
    return next((id for id in SCHEMES if code in scheme(id)), code)


def _title(id: str, lang: str) -> str:
    return SCHEMES[id][lang] if id in SCHEMES else id
