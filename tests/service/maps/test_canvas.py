"""Pixels."""

from __future__ import annotations

import numpy as np

from service.maps.canvas import Canvas, Ink, Lines


def test_an_area_that_is_nowhere_in_the_picture_draws_nothing() -> None:
    canvas = Canvas(4, 4)
    nothing = Lines(np.empty((0, 2)), np.empty(0, dtype=np.int64), True)
    canvas.draw(nothing, Ink("#000000"), None)
    assert not canvas.pixels[:, :, 3].any()
