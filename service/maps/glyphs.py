"""Letters as outlines: lines of text to be filled, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from geo.frame import FloatArray
from service.maps.canvas import Lines
from service.maps.font import UNITS_PER_EM, advance, contours
from service.maps.rings import Places

#: Steps that a curve is drawn in, for letters of up to so many pixels.
_STEPS = ((20.0, 2), (60.0, 4), (float("inf"), 8))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in pixels: the left end of its baseline, and its size."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class _Glyph:
    """Closed outlines in font units, y up."""

    xy: FloatArray
    starts: Places


def letters(lines: Sequence[Line]) -> Lines:
    """The outlines of all letters of these lines."""
    glyphs: list[_Glyph] = []
    at: list[tuple[float, float, float]] = []
    for line in lines:
        k, x = line.size / UNITS_PER_EM, 0.0
        steps = next(n for most, n in _STEPS if line.size <= most)
        for c in line.text:
            glyph = _glyph(c, steps)
            if len(glyph.xy):
                glyphs.append(glyph)
                at.append((line.x + x * k, line.y, k))
            x += advance(c)
    return _placed(glyphs, np.array(at).reshape(-1, 3))


def _placed(glyphs: list[_Glyph], at: FloatArray) -> Lines:
    if not glyphs:
        return Lines(np.empty((0, 2)), np.empty(0, dtype=np.intp), True)
    counts = np.array([len(g.xy) for g in glyphs])
    before = np.cumsum(counts) - counts
    placed = np.repeat(at, counts, axis=0)
    shape = np.concatenate([g.xy for g in glyphs])
    xy = np.empty_like(shape)
    xy[:, 0] = placed[:, 0] + shape[:, 0] * placed[:, 2]
    xy[:, 1] = placed[:, 1] - shape[:, 1] * placed[:, 2]
    starts = [g.starts + n for g, n in zip(glyphs, before, strict=True)]
    return Lines(xy, np.concatenate(starts), True)


@lru_cache(maxsize=8192)
def _glyph(character: str, steps: int) -> _Glyph:
    """A letter, its curves in straight steps."""
    rings = [_flattened(ring, steps) for ring in contours(character)]
    counts = [len(ring) for ring in rings]
    xy = np.concatenate(rings) if rings else np.empty((0, 2))
    return _Glyph(xy, np.cumsum([0, *counts])[:-1])


def _flattened(ring: Sequence[Sequence[tuple[float, float]]], steps: int) -> FloatArray:
    """Pieces of a ring, straight (one point) or curved (three), as one line."""
    t = (np.arange(1, steps + 1) / steps)[:, None]
    weights = np.hstack([(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3])
    points = [np.array(ring[0])]
    for piece in ring[1:]:
        corners = np.array([points[-1][-1], *piece])
        points.append(weights @ corners if len(piece) == 3 else corners[1:])
    return np.concatenate([*points, points[0][:1]])
