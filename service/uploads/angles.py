"""Coordinates as people write them: decimal numbers, wide digits, degrees with minutes
and seconds."""

from __future__ import annotations

import math
import re
import unicodedata

_DECIMAL = re.compile(r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d{1,3})?")
#: 113°14′39.12″E, 113 度 14 分 39.12 秒, 113d14m39.12s, with or without a hemisphere.
_SEXAGESIMAL = re.compile(
    r"(?P<before>[NSEW东西南北]?[纬经]?)\s*(?P<sign>[-+]?)"
    r"(?P<degrees>\d{1,3})\s*[°º˚度dD]\s*"
    r"(?:(?P<minutes>\d{1,2}(?:\.\d*)?)\s*['′‘’´＇分mM]\s*"
    r"(?:(?P<seconds>\d{1,2}(?:\.\d*)?)\s*"
    r"(?:\"|″|“|”|＂|''|′′|’’|‘‘|´´|秒|[sS])?)?)?"
    r"\s*(?P<after>[NSEW东西南北]?)"
)
_NEGATIVE = set("SW南西")
_SIXTY = 60.0


def number(text: str) -> float | None:
    """The value, angles in degrees; None if the text is no coordinate.

    >>> number("２５５８６８０．９１")
    2558680.91
    >>> number("113°14′24″")
    113.24
    """
    plain = unicodedata.normalize("NFKC", text.strip()) if not text.isascii() else text
    plain = plain.strip()
    if _DECIMAL.fullmatch(plain):
        value = float(plain)
        return value if math.isfinite(value) else None
    return _angle(text.strip()) if re.search(r"[°º˚度dD]", text) else None


def _angle(text: str) -> float | None:
    found = _SEXAGESIMAL.fullmatch(text)
    if not found:
        return None
    minutes, seconds = float(found["minutes"] or 0), float(found["seconds"] or 0)
    if minutes >= _SIXTY or seconds >= _SIXTY:
        return None
    value = int(found["degrees"]) + minutes / _SIXTY + seconds / _SIXTY**2
    signs = {*found["before"], *found["after"]}
    return -value if signs & _NEGATIVE or found["sign"] == "-" else value
