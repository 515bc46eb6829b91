"""The rings of a layer's polygons as flat arrays, made once per version.

Picking the rings of some thousand features out of arrays takes a tenth of what asking
the geometries for them takes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray

_POLYGONS = (3, 6)
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Rings:
    """Ring ``r`` goes through ``xy[starts[r]:starts[r + 1]]``; feature ``n`` has the
    rings ``first[n]`` to ``first[n + 1]``. Shells and holes turn opposite ways."""

    xy: FloatArray
    starts: Places
    first: Places

    def of(self, rows: Places) -> tuple[FloatArray, Places]:
        """Coordinates of all rings of these features, and where each ring starts."""
        rings = _ranges(self.first[rows], self.first[rows + 1])
        lengths = self.starts[rings + 1] - self.starts[rings]
        places = _ranges(self.starts[rings], self.starts[rings + 1])
        # A pair is taken as one complex number, in a tenth of the time.
        taken = self.xy.view(np.complex128)[:, 0][places]
        return taken.view(np.float64).reshape(-1, 2), np.cumsum(lengths) - lengths


def rings_of(geoms: ObjectArray) -> Rings:
    """All rings of the polygons among these, also out of collections."""
    parts, rows = shapely.get_parts(geoms, return_index=True)
    singles, inner = shapely.get_parts(parts, return_index=True)
    rows = rows[inner]
    kinds = shapely.get_type_id(singles)
    areas = np.isin(kinds, _POLYGONS) & ~shapely.is_empty(singles)
    turned = shapely.orient_polygons(singles[areas])
    rings, part = shapely.get_rings(turned, return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    return Rings(
        xy,
        _offsets(ring, len(rings)),
        _offsets(rows[areas][part], len(geoms)),
    )


def _offsets(owner: Places, count: int) -> Places:
    sizes = np.bincount(owner, minlength=count)
    offsets: Places = np.concatenate([[0], np.cumsum(sizes)]).astype(np.intp)
    return offsets


def _ranges(starts: Places, ends: Places) -> Places:
    """Every number from each start up to its end."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    made: Places = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    return made
