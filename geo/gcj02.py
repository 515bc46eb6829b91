"""The offsets of Chinese web maps: GCJ-02 and BD-09 on lon, lat in degrees.

No official formula is public; this is the one in common use (as in the open
``eviltransform`` libraries). Good for detection and warning, not for conversion of
data of record: every shift shown from here is approximate.
"""

from __future__ import annotations

import numpy as np

from geo.frame import FloatArray

_A = 6378245.0  # Krassovsky, which the published formula assumes
_EE = 0.00669342162296594323
_X_PI = np.pi * 3000.0 / 180.0


def to_gcj02(lonlat: FloatArray) -> FloatArray:
    """WGS 84 / CGCS2000 (n, 2) to GCJ-02 (n, 2), degrees."""
    return lonlat + _shift(lonlat)


def from_gcj02(lonlat: FloatArray) -> FloatArray:
    """GCJ-02 (n, 2) to WGS 84 (n, 2), by fixed point; five rounds reach 1e-8 m."""
    guess = lonlat.copy()
    for _ in range(5):
        guess = lonlat - _shift(guess)
    return guess


def from_bd09(lonlat: FloatArray) -> FloatArray:
    """BD-09 (n, 2) to WGS 84 (n, 2), degrees."""
    x, y = lonlat[:, 0] - 0.0065, lonlat[:, 1] - 0.006
    z = np.hypot(x, y) - 0.00002 * np.sin(y * _X_PI)
    theta = np.arctan2(y, x) - 0.000003 * np.cos(x * _X_PI)
    return from_gcj02(np.column_stack([z * np.cos(theta), z * np.sin(theta)]))


def _shift(lonlat: FloatArray) -> FloatArray:
    x, y = lonlat[:, 0] - 105.0, lonlat[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    common = (20 * np.sin(6 * x * np.pi) + 20 * np.sin(2 * x * np.pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20 * np.sin(y * np.pi) + 40 * np.sin(y / 3 * np.pi)) * 2 / 3
    north += (160 * np.sin(y / 12 * np.pi) + 320 * np.sin(y * np.pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20 * np.sin(x * np.pi) + 40 * np.sin(x / 3 * np.pi)) * 2 / 3
    east += (150 * np.sin(x / 12 * np.pi) + 300 * np.sin(x / 30 * np.pi)) * 2 / 3
    return _degrees(east, north, np.radians(lonlat[:, 1]))


def _degrees(east: FloatArray, north: FloatArray, lat: FloatArray) -> FloatArray:
    """Metres on the Krassovsky ellipsoid to degrees, at latitude ``lat`` (rad)."""
    magic = 1 - _EE * np.sin(lat) ** 2
    root = np.sqrt(magic)
    d_lat = north * 180 / ((_A * (1 - _EE)) / (magic * root) * np.pi)
    d_lon = east * 180 / (_A / root * np.cos(lat) * np.pi)
    return np.column_stack([d_lon, d_lat])
