"""The authalic sphere of GRS80: the sphere on which areas equal the ellipsoid's.

Great circles there stand for geodesics; ``geo.geodesic`` says how far they stray.
Formulas: Snyder, Map Projections - A Working Manual (1987), (3-11) to (3-13).
"""

from __future__ import annotations

import numpy as np

from geo.frame import FloatArray

#: GRS80 (CGCS2000 has the same figure to 0.1 mm).
SEMI_MAJOR_M = 6378137.0
FLATTENING = 1 / 298.257222101

_E2 = FLATTENING * (2 - FLATTENING)
_E = _E2**0.5
#: Newton's steps from the authalic to the geodetic latitude; each doubles the digits.
_STEPS = 3


def _q(sin_lat: FloatArray | float) -> FloatArray:
    """(3-12), with atanh for its logarithm."""
    e_sin = _E * np.asarray(sin_lat)
    q: FloatArray = (1 - _E2) * (sin_lat / (1 - e_sin * e_sin) + np.arctanh(e_sin) / _E)
    return q


_Q_POLE = float(_q(1.0))
RADIUS_M = SEMI_MAJOR_M * (_Q_POLE / 2) ** 0.5


def authalic_sine(lat: FloatArray) -> FloatArray:
    """Sines of the authalic latitudes of geodetic latitudes in radians."""
    sine: FloatArray = np.clip(_q(np.sin(lat)) / _Q_POLE, -1, 1)
    return sine


def geodetic_latitude(sine: FloatArray) -> FloatArray:
    """Geodetic latitudes in radians from sines of authalic ones (not at the poles)."""
    q = sine * _Q_POLE
    lat: FloatArray = np.arcsin(sine)
    for _ in range(_STEPS):
        sin_lat = np.sin(lat)
        slope = 2 * (1 - _E2) * np.cos(lat) / (1 - _E2 * sin_lat**2) ** 2
        lat = lat + (q - _q(sin_lat)) / slope
    return lat
