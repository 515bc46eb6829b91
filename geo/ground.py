"""The ground that polygons cover together, and the ground between them, in pieces.

Pieces of either are disjoint, so what a shape covers of them adds up, and both together
are the shape: one proves the other.
"""

from __future__ import annotations

import numpy as np
import shapely

from geo.frame import ObjectArray
from geo.overlap import AREA, Laid, areas
from geo.patches import Patches, along_curve
from geo.subdivision import subdivided
from geo.surface import Surface
from geo.union import dissolved

#: Pieces are cut by others all the time: small ones are cut quicker.
_VERTICES = 64


def ground(laid: Laid, *, threads: int = 1) -> tuple[Patches, Patches]:
    """What the polygons cover, each spot once, and what they leave of their box."""
    flat = laid.geoms[laid.dimension == AREA]
    whole = dissolved(laid.surface, flat, threads=threads)
    if whole.is_empty:
        return _pieces(laid.surface, whole), _pieces(laid.surface, whole)
    left = shapely.difference(shapely.box(*whole.bounds), whole)
    return _pieces(laid.surface, whole), _pieces(laid.surface, left)


def _pieces(surface: Surface, region: shapely.Geometry) -> Patches:
    one: ObjectArray = np.array([region], dtype=object)
    pieces, _ = subdivided(one, max_vertices=_VERTICES)
    order = along_curve(shapely.bounds(pieces).reshape(-1, 4).T)
    return Patches.of(areas(surface, pieces[order]))
