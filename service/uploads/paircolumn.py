"""Both coordinates in one cell, as map services write them: ``113.24,23.12``."""

from __future__ import annotations

import re
import unicodedata

from service.uploads.axes import CHINA, OFFSET
from service.uploads.problems import Problem
from service.uploads.table import Columns, object_array

_DEGREES = r"([-+]?\d{1,3}(?:\.\d+)?)\s*[°度]?"
_PAIR = re.compile(rf"[(\[]?\s*{_DEGREES}\s*[,;、/ ]\s*{_DEGREES}\s*[)\]]?")
#: An integer on both sides is a list or a date as well.
_FRACTION = "."


def parted(columns: Columns) -> tuple[Columns, list[Problem]] | None:
    """The first column whose every value is a pair of degrees within China as two,
    and what is to be said; None where there is no such column."""
    for name, values in columns.items():
        written = [None if v is None else str(v) for v in values.tolist()]
        pairs = [None if v is None or not v.strip() else _pair(v) for v in written]
        given = [v is not None and v.strip() != "" for v in written]
        if not any(given) or any(
            g and p is None for g, p in zip(given, pairs, strict=True)
        ):
            continue
        found = [pair for pair in pairs if pair is not None]
        if (turned := _order(found)) is None:
            continue
        lon, lat = _names(name)
        sides = [
            (None, None) if p is None else p[:: -1 if turned else 1] for p in pairs
        ]
        halves = {
            lon: object_array([side[0] for side in sides]),
            lat: object_array([side[1] for side in sides]),
        }
        rest = {other: v for other, v in columns.items() if other != name}
        return rest | halves, [_told(name, turned=turned, example=found[0])]
    return None


def _pair(text: str) -> tuple[str, str] | None:
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _PAIR.fullmatch(plain)
    if found is None or not all(_FRACTION in side for side in found.groups()):
        return None
    return found[1], found[2]


def _order(pairs: list[tuple[str, str]]) -> bool | None:
    """Whether the latitude stands first; None where that is not the same for all."""
    turned = {_is_turned(pair) for pair in pairs}
    return turned.pop() if len(turned) == 1 else None


def _is_turned(pair: tuple[str, str]) -> bool | None:
    (west, east), (south, north) = CHINA
    first, second = map(float, pair)
    if west <= first <= east and south <= second <= north:
        return False
    is_turned = west <= second <= east and south <= first <= north
    return True if is_turned else None


def _names(name: str) -> tuple[str, str]:
    """What the name says of a shifted system (``高德坐标``) stays with both."""
    found = OFFSET.search(name)
    said = found[0] if found else ""
    return f"{said}经度", f"{said}纬度"


def _told(name: str, *, turned: bool, example: tuple[str, str]) -> Problem:
    order = (
        ("纬度在前", "latitude first") if turned else ("经度在前", "longitude first")
    )
    told = {"order_zh": order[0], "order": order[1], "example": ",".join(example)}
    return Problem("pair_parted", field=name, values={"name": name, **told})
