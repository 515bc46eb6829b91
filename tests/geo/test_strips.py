import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.drawn import Drawn
from geo.outline import Outline
from geo.overlap import lay
from geo.strips import shared_areas
from geo.surface import surface
from tests.geo.shapes import geoms, on_plane

BASES = st.sampled_from(["plane", "ellipsoidal"])


def _jagged(rng, corners: int, size: float):
    """Polygons with a hole, whose corners lie on a lattice: many edges are upright,
    level, or lie on one another."""
    t = np.sort(rng.uniform(0, 2 * np.pi, corners))
    ring = np.column_stack([np.cos(t), np.sin(t)]) * size
    ring = np.rint(ring * rng.uniform(0.4, 1, (corners, 1)) / 20) * 20
    shell = shapely.make_valid(shapely.Polygon(ring))
    hole = shapely.affinity.scale(shell, 0.3, 0.3)
    found = shapely.difference(shell, hole)
    parts = [p for p in shapely.get_parts(found) if p.geom_type == "Polygon"]
    return shapely.transform(
        shapely.MultiPolygon(parts), lambda xy: xy + rng.integers(-4, 5, 2) * 20.0
    )


@given(st.integers(0, 100_000), BASES)
@settings(max_examples=60, deadline=None)
def test_strips_share_what_cutting_shares(seed: int, basis) -> None:
    rng = np.random.default_rng(seed)
    on = surface(basis, (113, 23))
    shapes = [_jagged(rng, int(rng.integers(4, 40)), 300.0) for _ in range(6)]
    one, *others = lay(on, on_plane(*shapes)).geoms
    if one.is_empty:
        return
    polygons = geoms(*others)
    cut = shapely.intersection(one, polygons)
    found = shared_areas(on, Outline.of(one), polygons)
    assert found == pytest.approx(on.area(cut), abs=1e-6)


@pytest.mark.parametrize("basis", ["plane", "ellipsoidal"])
@pytest.mark.parametrize("side", [0.05, 20, 5_000, 29_000])
def test_a_polygon_shares_all_of_itself_with_itself(basis, side: float) -> None:
    on = surface(basis, (113, 23))
    rng = np.random.default_rng(3)
    corners = rng.uniform(0, side, (9, 2))
    hull = shapely.convex_hull(shapely.MultiPoint(corners))
    one = lay(on, on_plane(hull))
    found = shared_areas(on, Outline.of(one.geoms[0]), one.geoms)
    assert found[0] == pytest.approx(one.amount[0], abs=1e-6, rel=1e-12)


def test_what_lies_beneath_above_or_beside_shares_nothing() -> None:
    on = surface("plane", (113, 23))
    one = shapely.box(0, 0, 10, 10)
    around = [(0, -20, 10, -10), (0, 20, 10, 30), (-20, 0, -10, 10), (10, 0, 20, 10)]
    found = shared_areas(on, Outline.of(one), geoms(*(shapely.box(*b) for b in around)))
    assert found.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize("basis", ["plane", "ellipsoidal"])
def test_what_lies_beyond_boxes_is_measured(basis) -> None:
    on = surface(basis, (113, 23))
    drawn = Drawn(on, on_plane(shapely.box(0, 0, 1_000, 500))[0])
    west, south, east, north = drawn.bounds
    middle = (west + east) / 2
    boxes = np.array(
        [
            [west, south, east, north],
            [west - 9, south - 9, middle, north + 9],
            [middle, south - 9, east + 9, north + 9],
            [east + 10, south, east + 20, north],
        ]
    )
    inside, one, other, all_of_it = drawn.beyond(boxes)
    assert inside == 0
    assert one + other == pytest.approx(drawn.amount, abs=1e-6)
    assert one == pytest.approx(drawn.amount / 2, rel=0.01)
    assert all_of_it == pytest.approx(drawn.amount, abs=1e-6)
