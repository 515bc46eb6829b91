import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity
from shapely.ops import split

from geo.area import area_m2, plane_area_m2
from geo.length import length_m, plane_length_m
from geo.surface import Gnomonic, Plane, surface
from tests.geo.shapes import district, geoms, on_plane, square

NEAR = (113.24, 23.12)
SIDES = (20**0.5, 100, 1000, 8000)
BASES = ("ellipsoidal", "plane")


def test_the_centre_is_a_whole_degree_so_that_laid_layers_can_be_shared() -> None:
    assert surface("ellipsoidal", NEAR) == Gnomonic(113, 23)
    assert surface("plane", NEAR) == Plane()


@pytest.mark.parametrize("side", SIDES)
def test_the_gnomonic_plane_has_the_stored_area(side: float) -> None:
    shape, on = on_plane(square(side)), surface("ellipsoidal", NEAR)
    stored = area_m2(shape)[0]
    assert on.area(on.lay(shape))[0] == pytest.approx(stored, rel=1e-12, abs=1e-6)


@pytest.mark.parametrize("side", SIDES)
def test_the_plane_has_the_stored_area(side: float) -> None:
    shape, on = on_plane(square(side)), surface("plane", NEAR)
    assert on.area(on.lay(shape))[0] == plane_area_m2(shape)[0]


def test_lengths_are_those_stored() -> None:
    line = on_plane(shapely.LineString([(0, 0), (3000, 4000), (9000, 1)]))
    for basis, stored in (("ellipsoidal", length_m), ("plane", plane_length_m)):
        on = surface(basis, NEAR)
        assert on.length(on.lay(line)) == pytest.approx(stored(line), abs=1e-6)


@pytest.mark.parametrize("basis", BASES)
def test_laid_and_lifted_is_the_same_place(basis) -> None:
    shape, on = on_plane(square(200)), surface(basis, NEAR)
    back = on.lift(on.lay(shape))
    assert shapely.get_coordinates(back) == pytest.approx(
        shapely.get_coordinates(shape), abs=1e-11
    )


@pytest.mark.parametrize("basis", BASES)
@given(st.floats(0, 3.2), st.floats(-2000, 2000))
@settings(deadline=None)
def test_a_cut_loses_nothing_to_a_hundredth_of_a_square_centimetre(
    basis, angle: float, shift: float
) -> None:
    """Cut in degrees this fails by square metres; see the module's docstring."""
    on = surface(basis, NEAR)
    whole = on.lay(on_plane(square(8000, -4000, -4000)))
    middle = shapely.get_coordinates(shapely.centroid(whole))[0] + shift
    far = np.array([2e4, 0])
    knife = shapely.LineString([middle - far, middle + far])
    knife = affinity.rotate(knife, angle, use_radians=True)
    pieces = np.array(list(split(whole[0], knife).geoms), dtype=object)
    assert len(pieces) >= 1
    assert on.area(pieces).sum() == pytest.approx(on.area(whole)[0], abs=1e-6)


def test_the_district_is_cut_without_loss() -> None:
    shape, on = geoms(district()), surface("ellipsoidal", NEAR)
    if shape[0] is None:
        pytest.skip("the shared data is not beside the checkout")
    flat = on.lay(shape)
    middle = shapely.get_coordinates(shapely.centroid(flat))[0]
    half = shapely.box(*shapely.bounds(flat[0])[:2], *middle)
    pieces = np.array([flat[0].intersection(half), flat[0].difference(half)])
    assert on.area(pieces).sum() == pytest.approx(on.area(flat)[0], abs=1e-6)
    assert on.area(flat)[0] == pytest.approx(area_m2(shape)[0], abs=1e-4)


def test_what_lies_beyond_the_horizon_is_left_out() -> None:
    laid = Gnomonic(113, 23).lay(geoms(shapely.Point(-71, 42), None))
    assert laid.tolist() == [None, None]


@pytest.mark.parametrize("width", [1.0, 199.0, 201.0, 29_000.0])
@pytest.mark.parametrize("at", [(-60_000.0, -70_000.0), (20_000.0, 9_000.0)])
def test_a_strip_has_the_area_of_the_polygon_that_it_is(at, width: float) -> None:
    on = surface("ellipsoidal", (113, 23))
    x, y = at
    corners = [(x, y), (x + width, y), (x + width, y + 900), (x, y + 15_000)]
    strip = on.beneath(*(np.array([v]) for v in (x, y + 15_000, x + width, y + 900, y)))
    truth = on.area(np.array([shapely.Polygon(corners)], dtype=object))
    assert strip[0] == pytest.approx(truth[0], rel=1e-13, abs=1e-5)


@pytest.mark.parametrize("basis", BASES)
def test_of_nothing_nothing_is_laid(basis) -> None:
    on = surface(basis, NEAR)
    assert len(on.lay(np.array([], dtype=object))) == 0
