import numpy as np
import pytest
import shapely
import shapely.affinity
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.area import area_m2
from geo.overlap import (
    AREA,
    COUNT,
    LENGTH,
    coverage,
    lay,
    mean_width,
    overlaps,
)
from geo.surface import surface
from tests.geo.shapes import geoms, on_plane, square

ON = surface("ellipsoidal", (113, 23))
PLANE = surface("plane", (113, 23))
CM2 = 1e-4


def _laid(*shapes, on=PLANE):
    return lay(on, on_plane(*shapes))


def test_two_squares_share_their_overlap() -> None:
    pairs = overlaps(_laid(square(100)), _laid(square(100, 50, 50)))
    assert (pairs.a.tolist(), pairs.b.tolist()) == ([0], [0])
    assert pairs.amount == pytest.approx([2500], abs=CM2)


def test_neighbours_only_touch_and_are_counted_not_listed() -> None:
    pairs = overlaps(_laid(square(100)), _laid(shapely.box(100, 0, 200, 100)))
    assert (len(pairs), pairs.touching) == (0, 1)
    assert pairs.touching_m2 < CM2


def test_pairs_are_the_same_from_either_side() -> None:
    a = _laid(square(100), square(100, 90, 0), square(10, 20, 20))
    b = _laid(square(60, 50, 50))
    there, back = overlaps(a, b), overlaps(b, a)
    assert there.a.tolist() == back.b.tolist()
    assert there.amount == pytest.approx(back.amount, abs=1e-9)


LINE = shapely.LineString([(-50, 50), (150, 50)])
POINT = shapely.Point(50, 50)
CROSSING = shapely.LineString([(50, -50), (50, 150)])


@pytest.mark.parametrize(
    ("a", "b", "dimension", "amount"),
    [
        (square(100), square(100), AREA, 10_000),
        (square(100), LINE, LENGTH, 100),
        (LINE, square(100), LENGTH, 100),
        (square(100), POINT, COUNT, 1),
        (POINT, square(100), COUNT, 1),
        (LINE, LINE, LENGTH, 200),
        (POINT, POINT, COUNT, 1),
        (square(100), shapely.MultiPoint([(1, 1), (2, 2), (200, 0)]), COUNT, 2),
    ],
)
def test_every_combination_has_its_measure(a, b, dimension, amount) -> None:
    pairs = overlaps(_laid(a), _laid(b))
    assert pairs.dimension.tolist() == [dimension]
    assert pairs.amount == pytest.approx([amount], abs=CM2)


def test_crossing_lines_share_no_length() -> None:
    assert len(overlaps(_laid(LINE), _laid(CROSSING))) == 0


def test_a_partition_covers_the_whole_without_remainder() -> None:
    a = _laid(square(1000), on=ON)
    tiles = [square(250, x, y) for x in range(0, 1000, 250) for y in (0, 250, 500, 750)]
    pairs = overlaps(a, _laid(*tiles, on=ON))
    cover = coverage(a, pairs)
    assert pairs.amount.sum() == pytest.approx(cover.covered[0], abs=CM2)
    assert abs(cover.residual[0]) < CM2


def test_the_remainder_is_measured_on_its_own() -> None:
    a = _laid(square(100))
    cover = coverage(a, overlaps(a, _laid(square(100, 50, 50), square(30, 0, 0))))
    assert cover.uncovered == pytest.approx([10_000 - 2500 - 900], abs=CM2)
    assert abs(cover.residual[0]) < CM2


def test_what_is_covered_twice_is_reported() -> None:
    a = _laid(square(100))
    cover = coverage(a, overlaps(a, _laid(square(100), square(50, 25, 25))))
    assert cover.double == pytest.approx([2500], abs=CM2)
    assert cover.covered == pytest.approx([10_000], abs=CM2)


def test_identical_pieces_do_not_cancel_out() -> None:
    """Dropping shared edges would leave nothing of two equal polygons."""
    a = _laid(square(100))
    cover = coverage(a, overlaps(a, _laid(square(50), square(50))))
    assert cover.covered == pytest.approx([2500], abs=CM2)
    assert cover.double == pytest.approx([2500], abs=CM2)


def test_a_line_covers_nothing_of_an_area() -> None:
    a = _laid(square(100))
    cover = coverage(a, overlaps(a, _laid(LINE)))
    assert cover.covered.tolist() == [0]
    assert cover.uncovered == pytest.approx([10_000], abs=CM2)


def test_lines_have_remainders_too() -> None:
    a = _laid(LINE)
    cover = coverage(a, overlaps(a, _laid(square(100))))
    assert cover.uncovered == pytest.approx([100], abs=1e-6)


def test_an_invalid_shape_is_repaired_and_marked() -> None:
    bowtie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    laid = _laid(bowtie, square(10))
    assert laid.repaired.tolist() == [True, False]
    assert overlaps(laid, _laid(square(100))).amount[0] == pytest.approx(5000, abs=CM2)


def test_missing_and_empty_meet_nothing() -> None:
    a = lay(PLANE, geoms(None, shapely.Polygon()))
    pairs = overlaps(a, _laid(square(100)))
    assert len(pairs) == 0
    assert coverage(a, pairs).whole.tolist() == [0, 0]


def test_the_width_of_a_strip_is_its_width() -> None:
    strip = _laid(shapely.box(0, 0, 1000, 0.05))
    assert mean_width(PLANE, strip.geoms) == pytest.approx([0.05], rel=1e-3)


def _random_squares(seed: int, count: int, side: float):
    rng = np.random.default_rng(seed)
    return [square(side, *rng.uniform(0, 500, 2)) for _ in range(count)]


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_pairs_uncovered_and_double_always_sum_to_the_whole(seed: int) -> None:
    a = _laid(*_random_squares(seed, 4, 200), on=ON)
    pairs = overlaps(a, _laid(*_random_squares(seed + 1, 30, 90), on=ON))
    cover = coverage(a, pairs)
    shared = np.bincount(pairs.a, pairs.amount, minlength=4)
    residual = cover.whole - (shared - cover.double + cover.uncovered)
    assert np.abs(residual).max() < CM2


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_threads_change_nothing(seed: int) -> None:
    a = _laid(*_random_squares(seed, 20, 100))
    b = _laid(*_random_squares(seed + 1, 60, 50))
    one, four = overlaps(a, b, threads=1), overlaps(a, b, threads=4)
    assert one.a.tolist() == four.a.tolist()
    assert one.amount.tolist() == four.amount.tolist()


def test_what_is_shared_is_never_more_than_either() -> None:
    shapes = on_plane(*_random_squares(7, 40, 120))
    laid = lay(ON, shapes)
    pairs, areas = overlaps(laid, laid), area_m2(shapes)
    assert (pairs.amount <= np.minimum(areas[pairs.a], areas[pairs.b]) + CM2).all()


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None)
def test_lines_under_overlapping_areas_close(seed: int) -> None:
    """A slanting line leaves a border beside itself, by a rounding: no stretch of it
    may be counted twice or be left over for that."""
    rng = np.random.default_rng(seed)
    lines = [shapely.LineString(rng.uniform(0, 3_000, (4, 2))) for _ in range(3)]
    one = _laid(*lines)
    other = _laid(*(square(900, *spot) for spot in rng.uniform(0, 2_000, (6, 2))))
    cover = coverage(one, overlaps(one, other), other)
    ground = shapely.union_all(other.geoms)
    truth = [shapely.intersection(line, ground).length for line in one.geoms]
    assert cover.covered == pytest.approx(truth, abs=1e-6)
    assert cover.residual == pytest.approx(0, abs=1e-6)
    assert (cover.double >= 0).all()
