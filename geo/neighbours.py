"""Geometries in groups that lie together."""

from __future__ import annotations

import numpy as np
import shapely

from geo.frame import ObjectArray
from geo.parts import Rows


def groups(flat: ObjectArray, size: int) -> list[Rows]:
    """Rows of located geometries in groups of about ``size``: in columns of equal
    number, each from south to north."""
    rows: Rows = np.flatnonzero(~np.isnan(shapely.bounds(flat)[:, 0]))
    if len(rows) <= size:
        return [rows]
    west, south, east, north = shapely.bounds(flat[rows]).T
    columns = max(int((len(rows) / size) ** 0.5), 1)
    rank = np.argsort(np.argsort(west + east))
    order = np.lexsort((south + north, rank * columns // len(rows)))
    return np.array_split(rows[order], -(-len(rows) // size))
