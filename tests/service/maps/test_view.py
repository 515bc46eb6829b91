"""Scales and positions on paper."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import parse_crs
from service.maps.page import Rect
from service.maps.view import View, rounded_scale, view_of

PLANE = parse_crs("EPSG:4547")
FRAME = Rect(10.0, 20.0, 200.0, 100.0)


def test_a_kilometre_at_one_to_ten_thousand_is_ten_centimetres() -> None:
    view = View(PLANE, FRAME, (421_000.0, 2_553_000.0), 10_000.0)
    ends = np.array([[421_000.0, 2_553_000.0], [422_000.0, 2_553_000.0]])
    assert np.diff(view.to_page(ends)[:, 0]) == 100.0


def test_the_centre_lies_in_the_middle_and_north_is_up() -> None:
    view = View(PLANE, FRAME, (500.0, 800.0), 1000.0)
    page = view.to_page(np.array([[500.0, 800.0], [500.0, 810.0]]))
    assert page.tolist() == [[110.0, 70.0], [110.0, 60.0]]


@given(st.floats(100, 1e6))
def test_a_rounded_scale_shows_at_least_as_much_and_not_half_as_much_again(
    scale: float,
) -> None:
    assert scale - 1e-5 <= rounded_scale(scale) <= scale * 1.5


@given(st.floats(1, 1e5), st.floats(1, 1e5), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_the_view_holds_all_that_was_asked_for(
    width: float, height: float, x: float, y: float
) -> None:
    view = view_of((x, y, x + width, y + height), FRAME, PLANE, round_scale=True)
    west, south, east, north = view.bounds
    assert west <= x + 1e-6 and south <= y + 1e-6
    assert east >= x + width - 1e-6 and north >= y + height - 1e-6


def test_web_mercator_knows_how_much_it_stretches() -> None:
    view = view_of(
        (12_605_000, 2_650_000, 12_606_000, 2_651_000),
        FRAME,
        parse_crs("EPSG:3857"),
        round_scale=False,
    )
    assert 1.085 < view.stretch < 1.09
