"""Amounts as answers write them: unrounded, in every unit a planner signs in.

1 亩 = 2000/3 m² and 1 公顷 = 15 亩 exactly. Rounding is for display only: 2 decimals
of a m², 4 of a hectare, 2 of a 亩.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from geo.area import to_ha, to_mu
from geo.surface import Basis

#: The stored measures of each basis.
AREA_COLUMN: dict[Basis, str] = {"ellipsoidal": "area_m2", "plane": "area_plane_m2"}
LENGTH_COLUMN: dict[Basis, str] = {"ellipsoidal": "length_m", "plane": "length_plane_m"}


def area_amounts(m2: float) -> dict[str, float]:
    """``area_m2``, ``area_ha``, ``area_mu``."""
    m2 = float(m2)
    return {"area_m2": m2, "area_ha": float(to_ha(m2)), "area_mu": float(to_mu(m2))}


def share(part: float, whole: float) -> float | None:
    """A part of a whole, 0 to 1; None where there is no whole."""
    return float(part) / float(whole) if whole > 0 else None


def exact_sum(values: Iterable[float]) -> float:
    """The correctly rounded sum, so that totals do not depend on the order."""
    # Python's own numbers are added several times quicker than NumPy's.
    return math.fsum(values.tolist() if isinstance(values, np.ndarray) else values)


def plain(value: Any) -> Any:
    """A NumPy scalar as Python's own, NaN as None."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value
