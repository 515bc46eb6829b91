"""Scale bar, north arrow and grid tell the truth."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.crs import parse_crs
from service.maps.furniture import bar_metres, convergence, graticule, round_length
from service.maps.page import Rect
from service.maps.view import View, stretch_of

FRAME = Rect(10.0, 20.0, 200.0, 150.0)
LIWAN = (421_000.0, 2_553_000.0)


def view(scale: float = 10_000.0, epsg: int = 4547) -> View:
    crs = parse_crs(f"EPSG:{epsg}")
    center = LIWAN if epsg == 4547 else (12_606_000.0, 2_645_000.0)
    return View(crs, FRAME, center, scale, stretch_of(crs, center))


@given(st.floats(1e-2, 1e6))
def test_bar_lengths_are_one_two_or_five(most: float) -> None:
    length = round_length(most)
    assert length <= most < length * 2.5 + 1e-9
    assert round(length / 10 ** math.floor(math.log10(length) + 1e-9)) in (1, 2, 5)


def test_the_bar_has_its_length_on_paper() -> None:
    metres, width = bar_metres(view(10_000.0), 60.0)
    assert (metres, width) == pytest.approx((500.0, 50.0))


def test_in_web_mercator_the_bar_is_longer_than_on_the_plane() -> None:
    metres, width = bar_metres(view(10_000.0, 3857), 60.0)
    assert width == pytest.approx(metres / 10.0 * 1.0866, rel=1e-3)


def test_true_north_lies_a_third_of_a_degree_east_of_the_grid() -> None:
    # West of the central meridian: (114 - 113.23)° times the sine of the latitude.
    expected = (114.0 - 113.2286) * math.sin(math.radians(23.0756))
    assert convergence(view()) == pytest.approx(expected, abs=0.003)


def test_on_web_mercator_north_is_up() -> None:
    assert convergence(view(epsg=3857)) == 0.0


def test_grid_numbers_stand_at_their_kilometres() -> None:
    lower = [t for t in graticule(view(), 1.0).texts if t.y > FRAME.bottom - 2]
    for text in lower:
        page = view().to_page(np.array([[float(text.text) * 1000, LIWAN[1]]]))
        assert text.x - 0.6 == pytest.approx(page[0, 0])


@pytest.mark.parametrize(("scale", "decimals"), [(1000, 2), (10_000, 1), (100_000, 0)])
def test_grid_numbers_have_the_decimals_they_need(scale: float, decimals: int) -> None:
    labels = [text.text for text in graticule(view(scale), 1.0).texts]
    assert len(set(labels)) == len(labels)
    assert all(len(label.partition(".")[2]) == decimals for label in labels)
