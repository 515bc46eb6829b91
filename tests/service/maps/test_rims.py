"""An outline's sides lie half its width to either side of it."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from service.maps.canvas import Lines
from service.maps.rims import moved

#: As on the page, y down: a shell's inside is on the left of the ground.
SQUARE = np.array([(0, 10), (10, 10), (10, 0), (0, 0), (0, 10)], dtype=float)


def area(lines: Lines) -> float:
    return shapely.Polygon(lines.xy).area


@given(st.floats(-3, 3))
def test_a_square_grows_and_shrinks_on_every_side(distance: float) -> None:
    made = moved(Lines(SQUARE, np.array([0]), True), distance)
    assert area(made) == pytest.approx((10 + 2 * distance) ** 2)


def test_a_hole_grows_the_other_way() -> None:
    made = moved(Lines(SQUARE[::-1].copy(), np.array([0]), True), 1.0)
    assert area(made) == pytest.approx(64.0)


def test_rings_do_not_know_of_each_other() -> None:
    both = Lines(np.concatenate([SQUARE, SQUARE + 50]), np.array([0, 5]), True)
    alone = moved(Lines(SQUARE, np.array([0]), True), 0.5)
    assert np.allclose(moved(both, 0.5).xy[:5], alone.xy)


def test_a_needle_s_tip_stays_near() -> None:
    needle = np.array([(0, 1), (100, 0.5), (0, 0), (0, 1)])
    made = moved(Lines(needle, np.array([0]), True), 0.5)
    assert np.abs(made.xy - needle).max() <= 2.0
