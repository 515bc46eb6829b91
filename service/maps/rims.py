"""Rings moved sideways: the outer and the inner side of an outline."""

from __future__ import annotations

import numpy as np

from geo.frame import FloatArray
from service.maps.canvas import Lines
from service.maps.rings import Places

#: Sharper corners than this would reach out further than the line is wide.
_BLUNT = 0.5


def moved(lines: Lines, distance: float | FloatArray) -> Lines:
    """Closed lines moved outwards, or inwards by a negative distance (one for all
    points or one for each), with mitred
    corners. Shells turn as
    ``area_outline`` leaves them, with their inside on the left of the ground."""
    along_x, along_y = _directions(lines)
    before_x, before_y = _before(along_x, lines.starts), _before(along_y, lines.starts)
    turn = 1.0 + along_x * before_x + along_y * before_y
    reach = distance / np.maximum(turn, _BLUNT)
    xy = np.empty_like(lines.xy)
    xy[:, 0] = lines.xy[:, 0] - (along_y + before_y) * reach
    xy[:, 1] = lines.xy[:, 1] + (along_x + before_x) * reach
    return Lines(xy, lines.starts, True)


def _directions(lines: Lines) -> tuple[FloatArray, FloatArray]:
    """Which way each point's line goes on, as unit vectors; the last point of a ring is
    its first again."""
    x, y = _steps(lines.xy[:, 0], lines.starts), _steps(lines.xy[:, 1], lines.starts)
    length = np.sqrt(x * x + y * y)
    x /= length
    y /= length
    return x, y


def _steps(values: FloatArray, starts: Places) -> FloatArray:
    step = np.empty(len(values))
    np.subtract(values[1:], values[:-1], out=step[:-1])
    step[starts - 1] = step[starts]  # before the first is the last of all
    return step


def _before(along: FloatArray, starts: Places) -> FloatArray:
    before = np.empty_like(along)
    before[1:] = along[:-1]
    before[starts] = along[np.append(starts[1:], len(along)) - 2]
    return before
