"""The one font of every map: Noto Sans SC, read from its package.

Metrics are ours, so that a label takes the same room in SVG, PDF and PNG and a
picture never depends on the fonts of the machine that draws it.
"""

from __future__ import annotations

import io
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from pylopdf_fonts_zh_cn import sans_path

FAMILY = "Noto Sans SC"
UNITS_PER_EM = 1000
#: Height of a Chinese character over the baseline and depth below it, in em.
ASCENT, DESCENT = 0.88, 0.12

_lock = Lock()  # fontTools reads tables lazily and is not thread-safe


def font_path() -> Path:
    """The font file."""
    return Path(sans_path())


def missing(text: str) -> set[str]:
    """Characters of the text that the font cannot draw."""
    known = _glyph_names()
    return {c for c in text if ord(c) not in known and not c.isspace()}


def text_width(text: str, size: float) -> float:
    """Width of one line, in the unit of ``size``."""
    return sum(map(advance, text)) * size / UNITS_PER_EM


@lru_cache(maxsize=20_000)
def outline(character: str) -> str:
    """SVG path of a character in font units, y up; empty for spaces."""
    from fontTools.pens.svgPathPen import SVGPathPen

    with _lock:
        pen = SVGPathPen(_glyph_set(), ntos=lambda v: str(round(v)))
        _glyph_set()[_glyph_name(character)].draw(pen)
        commands: str = pen.getCommands()
    return commands


def contours(character: str) -> list[list[list[tuple[float, float]]]]:
    """The closed outlines of a character in font units, y up: each is its first point,
    then pieces of one point (straight) or three (a curve)."""
    from fontTools.pens.recordingPen import RecordingPen

    with _lock:
        pen = RecordingPen()
        _glyph_set()[_glyph_name(character)].draw(pen)
    rings: list[list[list[tuple[float, float]]]] = []
    for verb, points in pen.value:
        if verb == "moveTo":
            rings.append([])
        if points:
            rings[-1].append(list(points))
    return rings


@lru_cache(maxsize=64)
def subset_font(characters: frozenset[str]) -> bytes:
    """An OpenType font with these characters only, the same bytes every time."""
    from fontTools import subset  # slow to load, and few requests need it
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.desubroutinize = True
    options.name_IDs = [0, 1, 2, 13, 14]  # copyright and licence stay with it
    options.recalc_timestamp = False
    font = TTFont(io.BytesIO(_font_bytes()), lazy=True, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=sorted(map(ord, characters)))
    subsetter.subset(font)
    out = io.BytesIO()
    font.save(out, reorderTables=True)
    return out.getvalue()


@cache
def _font_bytes() -> bytes:
    return font_path().read_bytes()


@cache
def _font() -> Any:
    from fontTools.ttLib import TTFont

    return TTFont(io.BytesIO(_font_bytes()), lazy=True)


@cache
def _glyph_set() -> Any:
    return _font().getGlyphSet()


@cache
def _glyph_names() -> dict[int, str]:
    names: dict[int, str] = _font().getBestCmap()
    return names


@cache
def _advances() -> dict[str, tuple[int, int]]:
    metrics: dict[str, tuple[int, int]] = _font()["hmtx"].metrics
    return metrics


def _glyph_name(character: str) -> str:
    return _glyph_names().get(ord(character), ".notdef")


@lru_cache(maxsize=20_000)
def advance(character: str) -> int:
    """How far a character moves the next one on, in font units."""
    with _lock:
        return _advances()[_glyph_name(character)][0]
