import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import doubled
from geo.doubled import again_m2, ground_m2, neighbourhoods, self_overlaps
from geo.overlap import lay, overlaps
from geo.surface import surface
from tests.geo.shapes import on_plane, square

PLANE = surface("plane", (113, 23))


def _laid(*shapes, on=PLANE):
    return lay(on, on_plane(*shapes))


def _random_squares(seed: int, count: int, side: float):
    rng = np.random.default_rng(seed)
    return [square(side, *rng.uniform(0, 500, 2)) for _ in range(count)]


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_overlaps_within_a_layer_are_those_of_it_with_itself(seed: int) -> None:
    laid = _laid(*_random_squares(seed, 25, 90))
    pairs, twice = self_overlaps(laid), overlaps(laid, laid)
    once = twice.take(twice.a < twice.b)
    assert (pairs.a.tolist(), pairs.b.tolist()) == (once.a.tolist(), once.b.tolist())
    assert pairs.amount == pytest.approx(once.amount, abs=1e-6)


def test_neighbours_within_a_layer_touch() -> None:
    pairs = self_overlaps(_laid(square(64), square(64, 64, 0), square(64, 0, 64)))
    assert (len(pairs), pairs.touching) == (0, 3)


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_ground_is_counted_once(seed: int) -> None:
    laid = _laid(*_random_squares(seed, 40, 90))
    whole = shapely.area(shapely.union_all(laid.geoms))
    assert ground_m2(laid) == pytest.approx(whole, rel=1e-12)


def test_ground_of_many_is_dissolved_in_parts() -> None:
    tiles = [square(10, 10 * (n % 80), 10 * (n // 80)) for n in range(80 * 60)]
    laid = _laid(*tiles)
    assert ground_m2(laid, threads=2) == pytest.approx(480_000, abs=1)


def _tiles(seed: int, side: int):
    """A clean tiling, with some tiles pushed over their neighbours or doubled."""
    rng = np.random.default_rng(seed)
    tiles = [square(10, 10 * x, 10 * y) for x in range(side) for y in range(side)]
    for n in rng.choice(len(tiles), rng.integers(0, 4), replace=False):
        tiles[n] = shapely.affinity.translate(tiles[n], *rng.uniform(-3, 3, 2))
    doubled = [tiles[n] for n in rng.choice(len(tiles), rng.integers(0, 3))]
    return [*tiles, *doubled, shapely.LineString([(0, 5), (25, 5)])]


@given(st.integers(0, 10_000), st.sampled_from(["ellipsoidal", "plane"]))
@settings(max_examples=30, deadline=None)
def test_a_proven_neighbourhood_hides_no_overlap(seed: int, basis) -> None:
    laid = _laid(*_tiles(seed, 6), on=surface(basis, (113, 23)))
    plain = self_overlaps(laid)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doubled, "_GROUP", 9)
        proven = self_overlaps(laid)
    assert proven.a.tolist() == plain.a.tolist()
    assert proven.b.tolist() == plain.b.tolist()
    assert proven.amount == pytest.approx(plain.amount)
    assert proven.touching == plain.touching


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_what_is_covered_again_and_the_ground_are_all_areas(seed: int) -> None:
    laid = _laid(*_random_squares(seed, 30, 90))
    assert again_m2(laid) == pytest.approx(
        laid.amount.sum() - ground_m2(laid), rel=1e-9, abs=1e-6
    )
    around = neighbourhoods(laid)
    assert again_m2(laid, around) == pytest.approx(again_m2(laid), abs=1e-6)
    assert ground_m2(laid, around) == ground_m2(laid)
