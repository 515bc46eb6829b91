"""Pixels: outlines filled and drawn with exact coverage by matplotlib's Agg.

Only this module knows the rasteriser. Its class is taken from inside matplotlib: the
public way to it reads the fonts and settings of the machine, which may not matter here.
Everything arrives in steps of 1/256 pixel, the rasteriser's own, so that no processor
rounds differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from matplotlib.backends._backend_agg import (  # type: ignore[attr-defined]
    RendererAgg,
)
from numpy.typing import NDArray

from geo.frame import FloatArray
from service.maps.rings import Places

Pixels = NDArray[np.uint8]
Box = tuple[int, int, int, int]
_STEPS = 256.0
_MOVE, _LINE, _CLOSE = 1, 2, 79
#: Corners of lines thinner than this (pixels) need no arc.
_THIN = 1.0
#: Vertices drawn in one go: nothing else in the process runs meanwhile.
_AT_ONCE, _AT_ONCE_BARE = 16_000, 100_000


@dataclass(frozen=True, slots=True)
class Ink:
    """A colour ``#RRGGBB`` and how much it covers."""

    colour: str
    opacity: float = 1.0

    @property
    def rgba(self) -> tuple[float, float, float, float]:
        """As the rasteriser wants it."""
        return *_rgb(self.colour), self.opacity


@lru_cache(maxsize=1024)
def _rgb(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return red, green, blue


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line of so many pixels."""

    ink: Ink
    width: float
    dash: tuple[float, ...] = ()
    sharp: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines through ``xy`` (n, 2), in pixels from the upper left corner; a new one at
    each of ``starts``."""

    xy: FloatArray
    starts: Places
    closed: bool


class Canvas:
    """A transparent picture. ``clip`` is (left, top, right, bottom) in pixels."""

    def __init__(self, width: int, height: int) -> None:
        self.height = height
        self._renderer = RendererAgg(width, height, 72.0)
        self._flip = np.array([[1.0, 0, 0], [0, -1.0, height], [0, 0, 1.0]])
        self.clip: tuple[float, float, float, float] | None = None

    @property
    def pixels(self) -> Pixels:
        """Red, green, blue and coverage: (height, width, 4), as they stand."""
        return np.asarray(self._renderer)

    def draw(self, lines: Lines, fill: Ink | None, stroke: Stroke | None) -> None:
        """Fill the lines by the non-zero rule, then draw them."""
        context = _Context(stroke, self._box())
        for path in _paths(lines, _AT_ONCE if stroke else _AT_ONCE_BARE):
            face = fill.rgba if fill else None
            self._renderer.draw_path(context, path, self._flip, face)

    def tint(self, colours: Sequence[Ink], chosen: NDArray[np.uint8], box: Box) -> None:
        """Give pixels of a box the colour of their number, from 1; 0 leaves them."""
        left, top, right, bottom = box
        table = np.array([(0.0, 0.0, 0.0, 0.0), *(ink.rgba for ink in colours)])
        whole = np.rint(table * 255).astype(np.uint8).view(np.uint32)[:, 0]
        pixels = self.pixels.view(np.uint32)[top:bottom, left:right, 0]
        np.copyto(pixels, np.take(whole, chosen), where=chosen.astype(bool))

    def _box(self) -> FloatArray | None:
        if self.clip is None:
            return None
        left, top, right, bottom = self.clip
        return np.array([[left, self.height - bottom], [right, self.height - top]])


def _paths(lines: Lines, most: int) -> list[_Path]:
    """The lines in pieces of whole lines, about ``most`` vertices each."""
    if len(lines.xy) == 0:
        return []
    xy = lines.xy * _STEPS
    np.rint(xy, out=xy)
    xy *= 1 / _STEPS  # exact: a power of two
    codes = np.full(len(xy), _LINE, dtype=np.uint8)
    codes[lines.starts] = _MOVE
    if lines.closed:
        codes[lines.starts - 1] = _CLOSE  # before the first is the last of all
    if len(xy) <= most:
        return [_Path(xy, codes)]
    ends = np.append(lines.starts[1:], len(xy))
    cuts = [0]
    for end in ends[np.searchsorted(ends, np.arange(most, len(xy), most))].tolist():
        cuts += [end] if end > cuts[-1] else []
    cuts += [len(xy)] if cuts[-1] < len(xy) else []
    return [_Path(xy[a:b], codes[a:b]) for a, b in pairwise(cuts)]


@dataclass(frozen=True, slots=True)
class _Path:
    """What the rasteriser asks a path for. matplotlib's own takes longer to make than
    to draw."""

    vertices: FloatArray
    codes: NDArray[np.uint8]
    should_simplify: bool = False
    simplify_threshold: float = 0.0


class _Context:
    """What the rasteriser asks a pen for."""

    _alpha = 1.0
    _forced_alpha = False
    _antialiased = 1
    _capstyle = "butt"

    def __init__(self, stroke: Stroke | None, box: FloatArray | None) -> None:
        self._cliprect = box
        self._linewidth = stroke.width if stroke else 0.0
        self._rgb = stroke.ink.rgba if stroke else (0.0, 0.0, 0.0, 0.0)
        self._joinstyle = _join(stroke) if stroke else "miter"
        self._dashes = (0.0, list(stroke.dash) if stroke and stroke.dash else None)

    def get_dashes(self) -> tuple[float, list[float] | None]:
        return self._dashes

    def get_clip_path(self) -> tuple[None, None]:
        return None, None

    def get_snap(self) -> bool:
        return False

    def get_hatch_path(self) -> None:
        return None

    def get_hatch_color(self) -> tuple[float, float, float, float]:
        return 0.0, 0.0, 0.0, 0.0

    def get_hatch_linewidth(self) -> float:
        return 0.0

    def get_sketch_params(self) -> None:
        return None


def _join(stroke: Stroke) -> str:
    if stroke.sharp:
        return "miter"
    return "bevel" if stroke.width < _THIN else "round"
