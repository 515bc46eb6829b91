"""Where on the ground the map's frame lies, and at which scale."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.crs import Crs
from service.maps.page import Rect

#: First digits of a scale that a planner would choose.
_ROUND = (1.0, 1.25, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
Bounds = tuple[float, float, float, float]  # x min, y min, x max, y max in metres


@dataclass(frozen=True, slots=True)
class View:
    """A page rectangle showing the ground around a centre (metres of ``crs``)."""

    crs: Crs
    frame: Rect
    center: tuple[float, float]
    scale: float  # 1:scale on paper
    #: Metres of the CRS for one metre on the ground: 1 but for Web Mercator.
    stretch: float = 1.0

    @property
    def metres_per_mm(self) -> float:
        """CRS metres along one millimetre of paper."""
        return self.scale / 1000.0

    @property
    def bounds(self) -> Bounds:
        """The ground inside the frame."""
        return self.grown(0.0)

    def grown(self, mm: float) -> Bounds:
        """The ground inside the frame and this many paper millimetres around it."""
        half_x = (self.frame.width / 2 + mm) * self.metres_per_mm
        half_y = (self.frame.height / 2 + mm) * self.metres_per_mm
        x, y = self.center
        return x - half_x, y - half_y, x + half_x, y + half_y

    def to_page(self, xy: NDArray[np.float64]) -> NDArray[np.float64]:
        """Ground metres to page millimetres, y down."""
        k = 1.0 / self.metres_per_mm
        page = np.empty(xy.shape)
        # Column by column: pairs cost NumPy ten times as much.
        page[:, 0] = (xy[:, 0] - self.center[0]) * k + self.frame.center[0]
        page[:, 1] = (xy[:, 1] - self.center[1]) * -k + self.frame.center[1]
        return page

    def ground_length(self, mm: float) -> float:
        """Metres on the ground of a length on paper, at the centre."""
        return mm * self.metres_per_mm / self.stretch


def view_of(bounds: Bounds, frame: Rect, crs: Crs, *, round_scale: bool) -> View:
    """The view that shows all of ``bounds``; ``round_scale`` picks a round 1:n."""
    across = max(bounds[2] - bounds[0], 1e-3) / frame.width
    down = max(bounds[3] - bounds[1], 1e-3) / frame.height
    scale = max(across, down) * 1000.0
    center = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    if round_scale:
        scale = rounded_scale(scale)
    return View(crs, frame, center, scale, stretch_of(crs, center))


def rounded_scale(scale: float) -> float:
    """The next round scale that shows at least as much."""
    power = 10.0 ** math.floor(math.log10(scale))
    return next((r * power for r in _ROUND if r * power >= scale - 1e-6), 10 * power)


def stretch_of(crs: Crs, center: tuple[float, float]) -> float:
    """Web Mercator's scale factor at a place; 1 for the planes used on paper."""
    if crs.epsg != 3857:
        return 1.0
    return math.cosh(center[1] / 6378137.0)
