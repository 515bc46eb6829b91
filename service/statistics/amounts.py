"""Amounts as answers write them: unrounded, in every unit a planner signs in.

1 亩 = 2000/3 m² and 1 公顷 = 15 亩 exactly. Rounding is for display only: 2 decimals
of a m², 4 of a hectare, 2 of a 亩.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from types import NoneType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.area import to_ha, to_mu
from geo.frame import FloatArray
from geo.overlap import AREA, COUNT, LENGTH, Dimensions
from geo.surface import Basis

#: The stored measures of each basis.
AREA_COLUMN: dict[Basis, str] = {"ellipsoidal": "area_m2", "plane": "area_plane_m2"}
LENGTH_COLUMN: dict[Basis, str] = {"ellipsoidal": "length_m", "plane": "length_plane_m"}


def area_amounts(m2: float) -> dict[str, float]:
    """``area_m2``, ``area_ha``, ``area_mu``."""
    m2 = float(m2)
    return {"area_m2": m2, "area_ha": float(to_ha(m2)), "area_mu": float(to_mu(m2))}


def amount_columns(
    amount: FloatArray, dimension: Dimensions, whole: FloatArray
) -> list[dict[str, Any]]:
    """Of many features what each shares, in every unit, and as a share of itself."""
    area = np.where(dimension == AREA, amount, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = (amount / whole).astype(object)
    part[~(whole > 0)] = None
    rows = zip(
        area.tolist(),
        np.asarray(to_ha(area)).tolist(),
        np.asarray(to_mu(area)).tolist(),
        np.where(dimension == LENGTH, amount, 0.0).tolist(),
        np.where(dimension == COUNT, amount, 0).astype(int).tolist(),
        part.tolist(),
        strict=True,
    )
    return [
        {
            "area_m2": m2,
            "area_ha": ha,
            "area_mu": mu,
            "length_m": length,
            "count": count,
            "share": share,
        }
        for m2, ha, mu, length, count, share in rows
    ]


def share(part: float, whole: float) -> float | None:
    """A part of a whole, 0 to 1; None where there is no whole."""
    return float(part) / float(whole) if whole > 0 else None


#: Up to here numbers are added one by one. More are added in whole numbers of steps,
#: which 64 bits hold while the sum stays within its room.
_FEW, _STEPS = 500, (2.0**-16, 2.0**-48)
_ROOM = 2.0**45


def exact_sum(values: Iterable[float]) -> float:
    """The sum, correctly rounded, so that totals do not depend on the order; of many
    numbers the last 1e-14 of each is left away."""
    if not isinstance(values, np.ndarray):
        return math.fsum(values)
    if len(values) > _FEW and float(np.abs(values).max()) * len(values) < _ROOM:
        return _sum_of_many(values)
    # Python's own numbers are added several times quicker than NumPy's.
    return math.fsum(values.tolist())


def _sum_of_many(values: FloatArray) -> float:
    """In whole steps, which are added without any rounding: first coarse, then what is
    left in fine ones."""
    total, rest = 0, values
    for step in _STEPS:
        steps = np.rint(rest / step)
        rest = rest - steps * step
        total += int(steps.astype(np.int64).sum()) * round(step / _STEPS[-1])
    return total * _STEPS[-1]


def plain_list(values: NDArray[Any]) -> list[Any]:
    """As ``plain`` each of many."""
    listed: list[Any] = values.tolist()
    if set(map(type, listed)) <= {str, NoneType}:
        return listed
    return [plain(value) for value in listed]


def plain(value: Any) -> Any:
    """A NumPy scalar as Python's own, NaN as None."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and math.isnan(value) else value
