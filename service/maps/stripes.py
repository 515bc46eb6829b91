"""A pattern over a piece of the page, as lines to paint."""

from __future__ import annotations

import numpy as np

from geo.frame import FloatArray
from service.maps.canvas import Lines
from service.maps.patterns import Pattern

Tile = tuple[int, int, int, int]
_HALF = 0.5**0.5
#: Exact, so that the same map has the same bytes everywhere.
_TURNS = {0: (1.0, 0.0), 45: (_HALF, _HALF), 90: (0.0, 1.0), 135: (-_HALF, _HALF)}
_ROUND = 12  # corners of a dot


def striped(tile: Tile, pattern: Pattern, px: float) -> Lines:
    """Its lines or dots (``px`` pixels are a CSS pixel), in step with the page's
    corner."""
    pitch, size = pattern.pitch * px, pattern.size * px
    if pattern.kind == "dots":
        parts = [_dots(tile, pitch, size, pattern.angle)]
    else:
        angles = [pattern.angle]
        angles += [pattern.angle + 90] if pattern.kind == "cross" else []
        parts = [_stripes(tile, pitch, size, angle) for angle in angles]
    rings = np.concatenate(parts)  # (n, corners, 2), all wound alike
    xy = rings.reshape(-1, 2) - np.array(tile[:2], dtype=float)
    return Lines(xy, np.arange(len(rings)) * rings.shape[1], True)


def _range(tile: Tile, angle: int) -> tuple[FloatArray, FloatArray]:
    """The least and the greatest of a piece's corners, in the turned frame."""
    left, top, right, bottom = tile
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    cos, sin = _TURNS[angle]
    turned = np.array(corners, dtype=float) @ np.array([[cos, -sin], [sin, cos]])
    return turned.min(axis=0), turned.max(axis=0)


def _back(xy: FloatArray, angle: int) -> FloatArray:
    cos, sin = _TURNS[angle]
    turned: FloatArray = xy @ np.array([[cos, sin], [-sin, cos]])
    return turned


def _steps(low: float, high: float, pitch: float) -> FloatArray:
    steps: FloatArray = np.arange(np.floor(low / pitch), np.ceil(high / pitch) + 1)
    return steps * pitch


def _stripes(tile: Tile, pitch: float, width: float, angle: int) -> FloatArray:
    low, high = _range(tile, angle)
    near = _steps(low[0], high[0], pitch)
    far, first, last = near + width, np.full_like(near, low[1]), high[1]
    end = np.full_like(near, last)
    ring = [(near, first), (far, first), (far, end), (near, end), (near, first)]
    xy = np.stack([np.column_stack(corner) for corner in ring], axis=1)
    return _back(xy, angle)


def _dots(tile: Tile, pitch: float, radius: float, angle: int) -> FloatArray:
    low, high = _range(tile, angle)
    across, down = (_steps(low[n], high[n], pitch) + pitch / 2 for n in (0, 1))
    centres = np.stack(np.meshgrid(across, down), axis=-1).reshape(-1, 1, 2)
    turn = np.arange(_ROUND + 1) % _ROUND * (2 * np.pi / _ROUND)
    circle = np.column_stack([np.cos(turn), np.sin(turn)]) * radius
    return _back(centres + circle, angle)
