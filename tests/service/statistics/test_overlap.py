import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from service.statistics.overlap import Question, overlap_statistics
from tests.geo.shapes import square
from tests.service.statistics.readings import reading, text

PLANE = Question(basis="plane")
CM2 = 1e-4


def _ask(one, other, question=PLANE):
    return overlap_statistics(one, other, question)


def test_a_pair_has_both_shares() -> None:
    (pair,) = _ask(
        reading("old-villages", square(100)),
        reading("functional-groups", square(200, 50, 0)),
    )["pairs"]
    assert (pair["a"], pair["b"]) == ("a", "a")
    assert pair["area_m2"] == pytest.approx(5000, abs=CM2)
    assert pair["share_of_a"] == pytest.approx(0.5)
    assert pair["share_of_b"] == pytest.approx(0.125)


def test_what_is_left_over_is_listed() -> None:
    answer = _ask(
        reading("old-villages", square(100), square(10, 500, 500)),
        reading("functional-groups", square(200, 50, 0)),
    )
    assert [u["a"] for u in answer["uncovered"]] == ["a", "b"]
    assert answer["uncovered"][1]["share_of_a"] == pytest.approx(1)


def test_lines_give_lengths_and_points_counts() -> None:
    line = shapely.LineString([(-50, 50), (150, 50)])
    groups = reading("functional-groups", square(100))
    crossing = _ask(reading("metro-lines", line), groups)["pairs"][0]
    inside = _ask(groups, reading("metro-stations", shapely.Point(5, 5)))["pairs"][0]
    assert crossing["length_m"] == pytest.approx(100, abs=1e-6)
    assert crossing["share_of_a"] == pytest.approx(0.5)
    assert (inside["count"], inside["area_m2"], inside["share_of_a"]) == (1, 0, None)


def test_a_sliver_is_listed_and_marked() -> None:
    answer = _ask(
        reading("old-villages", square(100)),
        reading("functional-groups", square(200, 99.95, 0)),
    )
    assert answer["pairs"][0]["sliver"]
    assert answer["pairs"][0]["mean_width_m"] == pytest.approx(0.05, rel=1e-2)
    assert answer["total"]["slivers"]["count"] == 1


def test_neighbours_are_counted_as_touching() -> None:
    answer = _ask(
        reading("old-villages", square(128)),
        reading("functional-groups", square(128, 1000, 0), square(128, 0, -500)),
    )
    assert answer["total"]["pairs"] + answer["total"]["touching"] == 0


def test_pairs_are_grouped_by_a_field_of_the_other_layer() -> None:
    tiles = [square(50, x, 0) for x in (0, 50, 100)]
    answer = _ask(
        reading("old-villages", square(100)),
        reading("functional-groups", *tiles, subarea=text("x", "x", "y")),
        Question(basis="plane", by="subarea"),
    )
    (pair,) = answer["pairs"]
    assert (pair["key"], pair["pairs"]) == ("x", 2)
    assert pair["area_m2"] == pytest.approx(5000, abs=CM2)
    assert pair["share_of_a"] == pytest.approx(0.5)


def test_a_layer_with_itself_gives_each_pair_once() -> None:
    groups = reading("functional-groups", square(100), square(100, 90, 0))
    answer = _ask(groups, groups)
    assert [(p["a"], p["b"]) for p in answer["pairs"]] == [("a", "b")]
    assert answer["uncovered"] == []


def test_a_list_cut_short_says_so_and_totals_do_not_change() -> None:
    one = reading("old-villages", square(100))
    other = reading("functional-groups", *[square(20, x, 0) for x in (0, 20, 40)])
    answer = _ask(one, other, Question(basis="plane", limit=2))
    assert (len(answer["pairs"]), answer["total"]["pairs"]) == (2, 3)
    assert answer["left_out"][0]["count"] == 1


def test_only_features_that_take_part_lend_their_evidence() -> None:
    other = reading(
        "functional-groups",
        square(50),
        square(50, 400, 400),
        evidence=text("official", "indicative"),
    )
    answer = _ask(reading("old-villages", square(100)), other)
    assert answer["evidence"] == "surveyed"
    assert answer["versions"] == {"old-villages": 1, "functional-groups": 1}


def test_invalid_shapes_are_noted() -> None:
    bowtie = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    answer = _ask(
        reading("old-villages", bowtie), reading("functional-groups", square(100))
    )
    assert answer["notes"][0]["code"] == "repaired"


@given(st.integers(0, 10_000), st.sampled_from(["plane", "ellipsoidal"]))
@settings(max_examples=25, deadline=None)
def test_the_sum_closes_to_a_square_centimetre(seed: int, basis) -> None:
    rng = np.random.default_rng(seed)
    one = [square(300, *rng.uniform(0, 900, 2)) for _ in range(3)]
    other = [square(150, *rng.uniform(0, 900, 2)) for _ in range(20)]
    answer = _ask(
        reading("old-villages", *one),
        reading("functional-groups", *other),
        Question(basis=basis),
    )
    closure = answer["total"]["closure"]
    assert abs(closure["residual_m2"]) < CM2
    assert closure["double_covered_m2"] >= 0
