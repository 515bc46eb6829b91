"""Signs of a drawing that look like parcels: what a block draws inside one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray

_INSERTED = "AcDbBlockReference"


def symbols(geometry: ObjectArray, classes: Sequence[Any]) -> NDArray[np.bool_]:
    """(n,) areas that a block draws inside an area that no block draws: the circle
    around a parcel's number is no parcel, and the number is not its own."""
    result = np.zeros(len(geometry), dtype=bool)
    inserted = np.array([str(kind).endswith(_INSERTED) for kind in classes], dtype=bool)
    if not inserted.any():
        return result
    areas = (shapely.get_dimensions(geometry) == 2) & shapely.is_valid(geometry)
    own, signs = np.flatnonzero(areas & ~inserted), np.flatnonzero(areas & inserted)
    hit, _ = shapely.STRtree(geometry[own]).query(geometry[signs], predicate="within")
    result[signs[hit]] = True
    return result
