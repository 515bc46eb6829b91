"""Where on the ground the map's frame lies, and at which scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Crs
from service.maps.page import Rect
from service.maps.turn import UPRIGHT, Bounds, Turn

#: First digits of a scale that a planner would choose.
_ROUND = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)


@dataclass(frozen=True, slots=True)
class View:
    """A page rectangle showing the ground around a centre (metres of ``crs``)."""

    crs: Crs
    frame: Rect
    center: tuple[float, float]
    scale: float  # 1:scale on paper
    #: Metres of the CRS for one metre on the ground: 1 but for Web Mercator.
    stretch: float = 1.0
    turn: Turn = UPRIGHT

    @property
    def metres_per_mm(self) -> float:
        """CRS metres along one millimetre of paper."""
        return self.scale / 1000.0

    @property
    def bounds(self) -> Bounds:
        """The box around the ground inside the frame."""
        return self.grown(0.0)

    def grown(self, mm: float) -> Bounds:
        """The box around the ground inside the frame and this many paper millimetres
        around it."""
        inside = self.turned(mm)
        if not self.turn.degrees:
            return inside
        corners = self.turn.corners(inside)
        return UPRIGHT.bounds_of(corners)

    def turned(self, mm: float) -> Bounds:
        """The same ground itself, in turned metres."""
        half_x = (self.frame.width / 2 + mm) * self.metres_per_mm
        half_y = (self.frame.height / 2 + mm) * self.metres_per_mm
        x, y = self.turn.there(np.array([self.center]))[0].tolist()
        return x - half_x, y - half_y, x + half_x, y + half_y

    @property
    def window(self) -> shapely.Polygon:
        """The ground inside the frame."""
        if not self.turn.degrees:
            return shapely.box(*self.bounds)
        return shapely.Polygon(self.turn.corners(self.turned(0.0)))

    def to_page(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Ground metres to page millimetres, y down."""
        k = 1.0 / self.metres_per_mm
        if self.turn.degrees:
            away = self.turn.there(xy - self.center)
            return away * (k, -k) + self.frame.center
        page = np.empty(xy.shape)
        # Column by column: pairs cost NumPy ten times as much.
        page[:, 0] = (xy[:, 0] - self.center[0]) * k + self.frame.center[0]
        page[:, 1] = (xy[:, 1] - self.center[1]) * -k + self.frame.center[1]
        return page

    def to_ground(self, page: NDArray[np.float64]) -> NDArray[np.float64]:
        """Page millimetres to ground metres."""
        m = self.metres_per_mm
        away = (page - self.frame.center) * (m, -m)
        return self.turn.back(away) + self.center

    def ground_length(self, mm: float) -> float:
        """Metres on the ground of a length on paper, at the centre."""
        return mm * self.metres_per_mm / self.stretch


def view_of(
    bounds: Bounds, frame: Rect, crs: Crs, *, round_scale: bool, turn: Turn = UPRIGHT
) -> View:
    """The view that shows all of ``bounds``, in turned metres; ``round_scale`` picks a
    round 1:n."""
    across = max(bounds[2] - bounds[0], 1e-3) / frame.width
    down = max(bounds[3] - bounds[1], 1e-3) / frame.height
    scale = max(across, down) * 1000.0
    center = turn.ground(middle_of(bounds))
    if round_scale:
        scale = rounded_scale(scale)
    return View(crs, frame, center, scale, stretch_of(crs, center), turn)


def middle_of(bounds: Bounds) -> tuple[float, float]:
    """The middle of a box."""
    return (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2


def rounded_scale(scale: float) -> float:
    """The next round scale that shows at least as much."""
    power = 10.0 ** math.floor(math.log10(scale))
    return next((r * power for r in _ROUND if r * power >= scale - 1e-6), 10 * power)


def stretch_of(crs: Crs, center: tuple[float, float]) -> float:
    """Web Mercator's scale factor at a place; 1 for the planes used on paper."""
    if crs.epsg != 3857:
        return 1.0
    return math.cosh(center[1] / 6378137.0)
