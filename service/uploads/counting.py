"""How many vertices a text file must hold, counted before anybody parses it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from service.uploads.limits import Limits

Bytes = NDArray[np.uint8]
_CHUNK = 1 << 24
_OPEN, _MINUS, _ZERO, _NINE, _COMMA = (ord(sign) for sign in "[-09,")
_BLANK = ord(" ")


def check_text(path: Path, limits: Limits) -> None:
    """Refuse what has more vertices than are allowed, however they are counted."""
    count = _COUNTS.get(path.suffix)
    if count is None or path.stat().st_size < limits.vertices:
        return
    vertices = sum(count(chunk) for chunk in _chunks(path))
    limits.check(0, vertices)


def _chunks(path: Path) -> Iterator[Bytes]:
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield np.frombuffer(chunk, np.uint8)


def _brackets(text: Bytes) -> int:
    """Positions of GeoJSON: brackets that open before a number."""
    after = text[1:]
    number = ((after >= _ZERO) & (after <= _NINE)) | (after == _MINUS)
    opened = text[:-1] == _OPEN
    # Spread over lines, rings and lists open before a blank as well.
    return int((opened & number).sum()) + int((opened & (after <= _BLANK)).sum()) // 2


def _commas(text: Bytes) -> int:
    """Positions of KML, of two or three numbers each: at least half of the commas
    between digits."""
    digit = (text >= _ZERO) & (text <= _NINE)
    between = (text[1:-1] == _COMMA) & digit[:-2]
    between &= digit[2:] | (text[2:] == _MINUS)
    return int(between.sum()) // 2


def _pairs(text: Bytes) -> int:
    """Positions of GML, of up to three numbers each: at least a third of the blanks
    and commas between digits."""
    digit = (text >= _ZERO) & (text <= _NINE)
    mark = (text[1:-1] <= _BLANK) | (text[1:-1] == _COMMA)
    between = mark & digit[:-2] & (digit[2:] | (text[2:] == _MINUS))
    return int(between.sum()) // 3


def _tens(text: Bytes) -> int:
    """Vertices of DXF: lines that say 10 and nothing else."""
    raw = text.tobytes()
    return raw.count(b" 10\n") + raw.count(b" 10\r\n") + raw.count(b"\n10\n")


def _lines(text: Bytes) -> int:
    return int((text == ord("\n")).sum())


_COUNTS: dict[str, Callable[[Bytes], int]] = {
    ".geojson": _brackets,
    ".json": _brackets,
    ".topojson": _brackets,
    ".kml": _commas,
    ".ovkml": _commas,
    ".gml": _pairs,
    ".dxf": _tens,
    ".txt": _lines,
    ".csv": _lines,
}
