"""Rings moved sideways: the outer and the inner side of an outline."""

from __future__ import annotations

import numpy as np

from geo.frame import FloatArray
from service.maps.canvas import Lines

#: Sharper corners than this would reach out further than the line is wide.
_BLUNT = 0.5


def moved(lines: Lines, distance: float | FloatArray) -> Lines:
    """Closed lines moved outwards, or inwards by a negative distance (one for all
    points or one for each), with mitred
    corners. Shells turn as
    ``area_outline`` leaves them, with their inside on the left of the ground."""
    along_x, along_y = _directions(lines)
    before_x, before_y = _before(along_x, lines), _before(along_y, lines)
    turn = 1.0 + along_x * before_x + along_y * before_y
    reach = distance / np.maximum(turn, _BLUNT)
    xy = np.empty_like(lines.xy)
    xy[:, 0] = lines.xy[:, 0] - (along_y + before_y) * reach
    xy[:, 1] = lines.xy[:, 1] + (along_x + before_x) * reach
    return Lines(xy, lines.starts, True)


def _directions(lines: Lines) -> tuple[FloatArray, FloatArray]:
    """Which way each point's line goes on, as unit vectors; the last point of a ring is
    its first again."""
    ends = np.append(lines.starts[1:], len(lines.xy)) - 1
    x, y = np.diff(lines.xy[:, 0], append=0.0), np.diff(lines.xy[:, 1], append=0.0)
    x[ends], y[ends] = x[lines.starts], y[lines.starts]
    length = np.sqrt(x * x + y * y)
    return x / length, y / length


def _before(along: FloatArray, lines: Lines) -> FloatArray:
    ends = np.append(lines.starts[1:], len(along)) - 1
    before = np.empty_like(along)
    before[1:] = along[:-1]
    before[lines.starts] = along[ends - 1]
    return before
