"""Scale bar, north arrow and grid tell the truth."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod, Proj, Transformer

from geo.crs import parse_crs
from service.maps.furniture import (
    bar_metres,
    convergence,
    graticule,
    north_arrow,
    round_length,
)
from service.maps.marks import Shape
from service.maps.page import Rect
from service.maps.turn import Turn
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


PLACES = [(421_000.0, 2_553_000.0), (380_000.0, 2_600_000.0), (640_000.0, 2_500_000.0)]


@pytest.mark.parametrize("place", PLACES)
def test_true_north_is_where_proj_says(place: tuple[float, float]) -> None:
    # PROJ tells the angle from true north to the grid's; the arrow goes the other way.
    transverse = Proj("EPSG:4547")
    factors = transverse.get_factors(*transverse(*place, inverse=True))
    shown = View(parse_crs("EPSG:4547"), FRAME, place, 10_000.0)
    assert convergence(shown) == pytest.approx(-factors.meridian_convergence, abs=1e-4)


@pytest.mark.parametrize("place", PLACES)
def test_true_north_is_where_a_step_along_the_meridian_leads(
    place: tuple[float, float],
) -> None:
    to_degrees = Transformer.from_crs(
        4547, "+proj=longlat +ellps=GRS80", always_xy=True
    )
    lon, lat = to_degrees.transform(*place)
    north = Geod(ellps="GRS80").fwd(lon, lat, 0.0, 1000.0)[:2]
    x, y = to_degrees.transform(*north, direction="INVERSE")
    expected = math.degrees(math.atan2(x - place[0], y - place[1]))
    shown = View(parse_crs("EPSG:4547"), FRAME, place, 10_000.0)
    assert convergence(shown) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("degrees", [0.0, 30.0, -120.0])
def test_the_arrow_points_along_the_meridian_as_drawn(degrees: float) -> None:
    shown = replace(view(), turn=Turn(degrees))
    (mark,) = north_arrow(shown, 0.0, 0.0, 12.0, "N").marks
    assert isinstance(mark, Shape)
    tip, _, notch, _ = mark.outline.cells[:4]
    pointing = math.degrees(math.atan2(*((tip - notch) * (1, -1)).tolist()))
    to_degrees = Transformer.from_crs(4547, 4490, always_xy=True)
    lon, lat = to_degrees.transform(*LIWAN)
    meridian = to_degrees.transform([lon, lon], [lat, lat + 0.001], direction="INVERSE")
    (x, y), (to_x, to_y) = shown.to_page(np.column_stack(meridian)).tolist()
    assert pointing == pytest.approx(
        math.degrees(math.atan2(to_x - x, y - to_y)), abs=0.05
    )


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
