"""Letters as outlines: lines of text to be filled, many at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

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
    shown = [(line, _phrase(line.text, _steps(line.size))) for line in lines]
    counts = [len(phrase.xy) for _, phrase in shown]
    xy = np.empty((sum(counts), 2))
    before = 0
    starts = [np.empty(0, dtype=np.intp)]
    for (line, phrase), count in zip(shown, counts, strict=True):
        k, part = line.size / UNITS_PER_EM, xy[before : before + count]
        np.multiply(phrase.xy, (k, -k), out=part)
        part += (line.x, line.y)
        starts.append(phrase.starts + before)
        before += count
    return Lines(xy, np.concatenate(starts), True)


def _steps(size: float) -> int:
    return next(n for most, n in _STEPS if size <= most)


@lru_cache(maxsize=1024)
def _phrase(text: str, steps: int) -> _Glyph:
    """The letters of a line side by side: most lines stand on every map of a layer."""
    glyphs = [_glyph(c, steps) for c in text]
    counts = [len(g.xy) for g in glyphs]
    if not sum(counts):
        return _Glyph(np.empty((0, 2)), np.empty(0, dtype=np.intp))
    xy = np.concatenate([g.xy for g in glyphs], dtype=float)
    left = list(accumulate(map(advance, text), initial=0))[:-1]
    xy[:, 0] += np.repeat(np.array(left, dtype=float), counts)
    before = accumulate(counts, initial=0)
    starts = [g.starts + n for g, n in zip(glyphs, before, strict=False)]
    return _Glyph(xy, np.concatenate(starts))


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
