"""GCJ-02 to WGS 84, by iterating the widely used public formula.

The formula is unofficial. It is used here to undo a known shift in one public file,
to about a metre; the boundary itself is only good to some 30 m.
"""

from __future__ import annotations

import numpy as np

from geo.frame import FloatArray

_A = 6378245.0  # Krasovsky semi-major axis, as the formula has it
_EE = 0.00669342162296594323


def _wave(t: FloatArray, *terms: tuple[float, float]) -> FloatArray:
    total = np.zeros_like(t)
    for size, period in terms:
        total += size * np.sin(t * np.pi / period)
    return total * 2.0 / 3.0


def _shift(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    x, y = lon - 105.0, lat - 35.0
    root = np.sqrt(np.abs(x))
    ripple = _wave(x, (20.0, 1 / 6), (20.0, 0.5))
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + ripple
    north += _wave(y, (20.0, 1.0), (40.0, 3.0), (160.0, 12.0), (320.0, 30.0))
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + ripple
    east += _wave(x, (20.0, 1.0), (40.0, 3.0), (150.0, 12.0), (300.0, 30.0))
    phi = np.radians(lat)
    magic = 1 - _EE * np.sin(phi) ** 2
    north = np.degrees(north * magic**1.5 / (_A * (1 - _EE)))
    east = np.degrees(east * np.sqrt(magic) / (_A * np.cos(phi)))
    return east, north


def gcj02_to_wgs84(points: FloatArray) -> FloatArray:
    """(n, 2) degrees GCJ-02 to (n, 2) degrees WGS 84. Three rounds converge far
    below the last digit kept."""
    guess = points.copy()
    for _ in range(4):
        shift = np.column_stack(_shift(guess[:, 0], guess[:, 1]))
        guess = points - shift
    return guess
