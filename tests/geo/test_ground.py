import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.drawn import Drawn
from geo.ground import ground
from geo.overlap import coverage, lay, overlaps
from geo.patches import shared
from geo.surface import surface
from tests.geo.shapes import geoms, on_plane, square


@given(st.integers(0, 100_000), st.sampled_from(["plane", "ellipsoidal"]))
@settings(max_examples=30, deadline=None)
def test_covered_and_left_are_those_of_the_plain_way(seed: int, basis) -> None:
    rng = np.random.default_rng(seed)
    on = surface(basis, (113, 23))
    spots = rng.integers(0, 30, (40, 2)) * 10.0
    laid = lay(on, on_plane(*(square(25, x, y) for x, y in spots)))
    corners = rng.uniform(0, 300, (3, 2))
    given_shape = on_plane(shapely.Polygon(corners))[0]
    drawn = Drawn(on, given_shape)
    a = lay(on, geoms(given_shape))
    cover = coverage(a, overlaps(a, laid))
    covered, left = (amount.sum() for _, amount in shared(drawn, ground(laid)))
    box = shapely.box(*shapely.total_bounds(laid.geoms))
    outside = on.area(geoms(shapely.difference(drawn.flat, box)))[0]
    # The plain way unites with GEOS, which is the coarser of the two.
    assert covered == pytest.approx(cover.covered[0], abs=1e-4)
    assert left + outside == pytest.approx(cover.uncovered[0], abs=1e-4)
    assert covered + left + outside == pytest.approx(drawn.amount, abs=1e-5)


def test_without_polygons_there_is_no_ground() -> None:
    on = surface("plane", (113, 23))
    for none in (geoms(), on_plane(shapely.Point(0, 0))):
        covered, left = ground(lay(on, none))
        assert (len(covered), len(left)) == (0, 0)
