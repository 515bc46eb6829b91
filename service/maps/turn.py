"""How the ground is turned on the page: clockwise, about the middle of the frame.

Turned metres run along the sides of the page, so that frames and sheets are boxes in
them. Without a turn they are the metres of the plane, to the last bit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray

Bounds = tuple[float, float, float, float]  # x min, y min, x max, y max in metres
Places = NDArray[np.float64]


@dataclass(frozen=True)
class Turn:
    """A rotation of the map's content by so many degrees clockwise."""

    degrees: float = 0.0

    @cached_property
    def _sides(self) -> tuple[float, float]:
        angle = math.radians(self.degrees)
        return math.cos(angle), math.sin(angle)

    def there(self, xy: Places) -> Places:
        """Metres of the plane to turned metres."""
        return self._turned(xy, 1.0) if self.degrees else xy

    def back(self, xy: Places) -> Places:
        """Turned metres to metres of the plane."""
        return self._turned(xy, -1.0) if self.degrees else xy

    def ground(self, at: tuple[float, float]) -> tuple[float, float]:
        """One turned place on the plane."""
        if not self.degrees:
            return at
        x, y = self.back(np.array([at]))[0].tolist()
        return x, y

    def shapes(self, geoms: ObjectArray) -> ObjectArray:
        """Geometries in turned metres."""
        if not self.degrees:
            return geoms
        turned: ObjectArray = shapely.transform(geoms, self.there)
        return turned

    def cut(self, geoms: ObjectArray, bounds: Bounds) -> ObjectArray:
        """What of geometries of the plane lies in turned bounds; the whole of those
        that only touch them."""
        if not self.degrees:
            return geoms
        inside = shapely.clip_by_rect(self.shapes(geoms), *bounds)
        cut: ObjectArray = shapely.transform(inside, self.back)
        return np.where(shapely.is_empty(cut), geoms, cut)

    def corners(self, bounds: Bounds) -> Places:
        """The corners of turned bounds on the plane, closed."""
        west, south, east, north = bounds
        ring = [(west, south), (east, south), (east, north), (west, north)]
        return self.back(np.array([*ring, ring[0]], dtype=float))

    def bounds_of(self, xy: Places) -> Bounds:
        """The turned box around places of the plane."""
        turned = self.there(xy)
        low, high = turned.min(axis=0), turned.max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])

    def _turned(self, xy: Places, way: float) -> Places:
        cos, sin = self._sides
        turned = np.empty(xy.shape)
        turned[:, 0] = xy[:, 0] * cos + xy[:, 1] * (sin * way)
        turned[:, 1] = xy[:, 1] * cos - xy[:, 0] * (sin * way)
        return turned


UPRIGHT = Turn()
