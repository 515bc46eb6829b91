"""Polygons from loose rings, in whatever order and direction they were written."""

from __future__ import annotations

from collections.abc import Sequence

import shapely

from geo.frame import FloatArray


def assemble(rings: Sequence[FloatArray]) -> shapely.Geometry:
    """One polygon or multipolygon of closed rings, each (n, 2), n >= 4, any CRS.

    A ring inside another is a hole of it, a ring inside a hole is a part again (the
    even-odd rule). Faulty rings are kept as they are, to be reported by the checks.
    """
    polygons = [shapely.Polygon(ring) for ring in rings]
    depths = [_depth(index, polygons) for index in range(len(polygons))]
    parts = []
    for index, shell in enumerate(polygons):
        if depths[index] % 2:
            continue
        holes = [
            rings[other]
            for other, hole in enumerate(polygons)
            if depths[other] == depths[index] + 1 and _lies_in(hole, shell)
        ]
        parts.append(shapely.Polygon(rings[index], holes))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _depth(index: int, polygons: Sequence[shapely.Polygon]) -> int:
    """In how many other rings this one lies."""
    own = polygons[index]
    others = (other for i, other in enumerate(polygons) if i != index)
    return sum(_lies_in(own, other) for other in others)


def _lies_in(inner: shapely.Polygon, outer: shapely.Polygon) -> bool:
    """Decided by area and one edge's middle, which also serves faulty rings."""
    if abs(inner.area) >= abs(outer.area):
        return False
    (x0, y0), (x1, y1) = inner.exterior.coords[:2]
    middle = shapely.Point((x0 + x1) / 2, (y0 + y1) / 2)
    sound = outer if outer.is_valid else shapely.make_valid(outer)
    return bool(shapely.intersects(sound, middle))
