"""Known features that all moved by a web map's offset: the surest sign of one."""

from __future__ import annotations

import numpy as np
import shapely
from pyproj import Geod

from geo.detective import undo
from geo.frame import FloatArray, Frame, ObjectArray
from service.uploads.problems import Problem

_GEOD = Geod(ellps="GRS80")
_CODES = {"GCJ-02": "suspected_gcj02", "BD-09": "suspected_bd09"}
_FEWEST = 3
#: Closer than this to where the current version has them, once the offset is undone.
_NEAR_M, _FAR_M = 30.0, 200.0


def check_shift(staged: Frame, current: Frame) -> list[Problem]:
    """Compare features of the same ids with the current version. One finding if most
    of them lie far from where they were, and undoing an offset brings them back."""
    row_of = {id: row for row, id in enumerate(current.ids.tolist())}
    rows = [(i, row_of[id]) for i, id in enumerate(staged.ids.tolist()) if id in row_of]
    if len(rows) < _FEWEST:
        return []
    new, old = np.array(rows).T
    here = _middles(staged.geometry[new])
    there = _middles(current.geometry[old])
    known = np.isfinite(here).all(axis=1) & np.isfinite(there).all(axis=1)
    here, there = here[known], there[known]
    if len(here) < _FEWEST or _median_m(here, there) < _FAR_M:
        return []
    for offset, code in _CODES.items():
        if _median_m(undo(offset, here), there) < _NEAR_M:
            shift = int(round(_median_m(here, there), -1))
            return [Problem(code, values={"shift_m": shift})]
    return []


def _middles(geometry: ObjectArray) -> FloatArray:
    bounds: FloatArray = shapely.bounds(geometry)
    return (bounds[:, :2] + bounds[:, 2:]) / 2


def _median_m(a: FloatArray, b: FloatArray) -> float:
    return float(np.median(_GEOD.inv(*a.T, *b.T)[2]))
