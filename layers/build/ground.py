"""Shapes for places whose position is known but whose boundary is not: discs and
squares of a stated area, kept apart from their neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely

from geo.frame import ObjectArray
from layers.build.plane import area_m2, snapped, to_degrees

#: Straight pieces per quarter of a disc.
QUARTER = 12
#: A square metre or two is what one grid step moves on a park's edge, so the size
#: is searched in steps far below that and the best kept.
TRIALS = 400


def cells(points: ObjectArray, ground: Any) -> list[Any]:
    """Each point's share of the ground: what lies nearer to it than to the others.
    All on the plane."""
    frame = shapely.voronoi_polygons(
        shapely.multipoints(points), extend_to=ground, ordered=True
    )
    return list(shapely.intersection(shapely.get_parts(frame), ground))


def disc(point: Any, radius_m: float, within: Any) -> Any:
    """A disc of a stated radius, cut to the ground it may cover, in degrees."""
    return _cut(shapely.buffer(point, radius_m, quad_segs=QUARTER), within)


def disc_of_area(point: Any, area: float, within: Any) -> Any:
    """The disc, cut to its ground, that has this area on the ellipsoid."""
    low, high = 0.0, 5000.0
    for _ in range(60):
        middle = (low + high) / 2
        if area_m2(disc(point, middle, within)) < area:
            low = middle
        else:
            high = middle
    return disc(point, high, within)


def square_of_area(point: Any, area: float) -> Any:
    """The square round a point whose area on the ellipsoid is nearest to this."""
    side = area**0.5
    steps = np.linspace(0.999, 1.001, TRIALS)
    squares = [_square(point, side * step) for step in steps]
    return min(squares, key=lambda each: abs(area_m2(each) - area))


def shares_of_area(points: ObjectArray, area: float, ground: Any) -> list[Any]:
    """The ground shrunk evenly to an area and divided among the points, in degrees."""
    low, high = 0.0, 2000.0
    for _ in range(60):
        middle = (low + high) / 2
        if area_m2(to_degrees(ground.buffer(-middle))) > area:
            low = middle
        else:
            high = middle
    core = ground.buffer(-high, quad_segs=QUARTER)
    pieces = snapped(to_degrees(np.array(cells(points, core))))
    return [shapely.normalize(piece) for piece in pieces]


def _cut(shape: Any, within: Any) -> Any:
    kept = shapely.get_parts(shapely.intersection(shape, within))
    return shapely.normalize(snapped(to_degrees(kept[shapely.area(kept).argmax()])))


def _square(point: Any, side: float) -> Any:
    x, y, half = point.x, point.y, side / 2
    square = shapely.box(x - half, y - half, x + half, y + half)
    return shapely.normalize(snapped(to_degrees(square)))
