from dataclasses import replace

import pytest
import shapely

from service.errors import Unprocessable
from service.statistics import balance
from service.statistics.balance import balance_table
from service.statistics.table import csv_bytes
from tests.geo.shapes import on_plane, square
from tests.service.statistics.readings import reading, text

CM2 = 1e-4


def _parcels(*codes, scheme="mnr2023", shapes=None):
    shapes = shapes or [square(100, 100 * n, 0) for n in range(len(codes))]
    return reading(
        "parcels",
        *shapes,
        landuse_code=text(*codes),
        landuse_scheme=text(*[scheme] * len(codes)),
    )


def _sum(table) -> float:
    rows = sum(row["area_m2"] for row in table["rows"])
    rest = table["unclassified"]["area_m2"] + table["uncovered"]["area_m2"]
    return rows + rest - table["overlapping"]["area_m2"]


def test_rows_are_classes_in_the_order_of_the_standard() -> None:
    table = balance_table(_parcels("0901", "0701", "0701"), basis="plane", level=2)
    assert [(r["code"], r["count"]) for r in table["rows"]] == [
        ("0701", 2),
        ("0901", 1),
    ]
    assert table["rows"][0]["share"] == pytest.approx(2 / 3)


def test_level_one_gathers_the_second_level() -> None:
    table = balance_table(_parcels("0701", "0702", "0901"), basis="plane")
    assert [r["code"] for r in table["rows"]] == ["07", "09"]


def test_a_code_too_coarse_for_the_level_is_unclassified() -> None:
    table = balance_table(_parcels("07", "0701"), basis="plane", level=2)
    assert table["unclassified"]["count"] == 1


def test_what_is_unclassified_for_its_level_is_named() -> None:
    table = balance_table(_parcels("07", "0701"), basis="plane", level=2)
    (note,) = table["notes"]
    assert note["code"] == "too_coarse" and note["zh"].endswith("07")


def test_a_class_without_a_second_level_stands_in_a_table_of_it() -> None:
    table = balance_table(_parcels("16", "0701"), basis="plane", level=2)
    assert [r["code"] for r in table["rows"]] == ["0701", "16"]
    assert table["unclassified"]["count"] == 0


def test_missing_codes_are_unclassified_not_lost() -> None:
    table = balance_table(_parcels("0701", None), basis="plane")
    assert table["unclassified"]["area_m2"] == pytest.approx(10_000, abs=CM2)
    assert _sum(table) == pytest.approx(table["total"]["area_m2"], abs=CM2)


def test_ground_covered_twice_is_taken_off_once() -> None:
    shapes = [square(100), square(100, 50, 0)]
    table = balance_table(_parcels("0701", "0901", shapes=shapes), basis="plane")
    assert table["overlapping"]["area_m2"] == pytest.approx(5000, abs=CM2)
    assert table["total"]["area_m2"] == pytest.approx(15_000, abs=CM2)
    assert table["total"]["closes_to_1_cm2"]


@pytest.mark.parametrize("basis", ["plane", "ellipsoidal"])
def test_within_a_territory_the_remainder_is_uncovered(basis) -> None:
    parcels = _parcels("0701", "0901", shapes=[square(100), square(100, 90, 0)])
    group = reading("functional-groups", square(300, -50, -50))
    table = balance_table(parcels, within=group, basis=basis)
    assert table["uncovered"]["share"] == pytest.approx(1 - 19_000 / 90_000, rel=1e-3)
    assert _sum(table) == pytest.approx(table["total"]["area_m2"], abs=CM2)
    assert table["total"]["closes_to_1_cm2"]


def test_parcels_are_cut_at_the_border_of_the_territory() -> None:
    group = reading("functional-groups", square(50))
    table = balance_table(_parcels("0701"), within=group, basis="plane")
    assert table["rows"][0]["area_m2"] == pytest.approx(2500, abs=CM2)


def test_a_population_gives_areas_per_person() -> None:
    table = balance_table(_parcels("0701"), basis="plane", population=100)
    assert table["rows"][0]["m2_per_person"] == pytest.approx(100, abs=CM2)
    assert table["total"]["m2_per_person"] == pytest.approx(100, abs=CM2)


def test_two_declared_schemes_are_refused_with_the_evidence() -> None:
    parcels = reading(
        "parcels",
        square(10),
        square(10, 20, 0),
        landuse_code=text("0701", "R2"),
        landuse_scheme=text("mnr2023", "gb50137"),
    )
    with pytest.raises(Unprocessable, match="more than one scheme") as caught:
        balance_table(parcels, basis="plane")
    assert caught.value.extra["schemes"] == ["gb50137", "mnr2023"]


def test_codes_alone_decide_the_scheme_where_they_can() -> None:
    table = balance_table(_parcels("R2", "A33", scheme=None), basis="plane")
    assert (table["data_scheme"], table["scheme_decided_by"]) == ("gb50137", "codes")


def test_codes_of_several_schemes_without_a_declaration_are_refused() -> None:
    with pytest.raises(Unprocessable):
        balance_table(_parcels("R2", "0701", scheme=None), basis="plane")


def test_a_crosswalk_marks_what_it_had_to_assume() -> None:
    table = balance_table(
        _parcels("A", scheme="gb50137"), basis="plane", scheme="mnr2023"
    )
    assert table["scheme"] == "mnr2023"
    assert table["rows"][0]["one_to_many_m2"] == pytest.approx(10_000, abs=CM2)


def test_schemes_without_a_correspondence_are_refused_with_those_that_have() -> None:
    surveyed = _parcels("0601", scheme="sandiao")
    with pytest.raises(Unprocessable, match="scheme=mnr2023") as caught:
        balance_table(surveyed, basis="plane", scheme="gb50137")
    assert caught.value.extra["schemes"] == ["mnr2023", "sandiao"]


def test_an_older_scheme_is_reached_backwards_and_every_answer_says_so() -> None:
    table = balance_table(
        _parcels("0702", "0801"), basis="plane", scheme="gb50137", level=2
    )
    assert table["translation"] == "inverse"
    assert table["notes"][0]["code"] == "inverse_crosswalk"
    one_to_many = {row["code"]: row["one_to_many_m2"] for row in table["rows"]}
    assert one_to_many == {"R1": pytest.approx(10_000, abs=CM2), "A1": 0.0}
    rows = csv_bytes(table, "en").decode("utf-8-sig").splitlines()
    assert all("gb50137,mnr2023 (inverse)" in row for row in rows[1:])


def test_a_choice_between_parts_of_one_class_is_none_above_them() -> None:
    table = balance_table(_parcels("0702"), basis="plane", scheme="gb50137", level=1)
    assert [(r["code"], r["one_to_many_m2"]) for r in table["rows"]] == [("R", 0.0)]


def test_a_code_without_a_counterpart_is_named() -> None:
    table = balance_table(
        _parcels("H", "R2", scheme="gb50137"), basis="plane", scheme="mnr2023"
    )
    assert table["unclassified"]["count"] == 1
    assert [(n["code"], n["en"][-2:]) for n in table["notes"]] == [
        ("no_counterpart", " H")
    ]


def test_a_part_that_does_not_tell_its_scheme_is_told_by_the_whole_layer() -> None:
    shapes = [square(100), square(100, 900, 0)]
    parcels = _parcels("0601", "08H1", scheme=None, shapes=shapes)
    group = reading("functional-groups", square(100))
    table = balance_table(parcels, within=group, basis="plane")
    assert (table["data_scheme"], table["rows"][0]["code"]) == ("sandiao", "06")


def test_features_on_another_continent_are_told_not_lost() -> None:
    here = on_plane(square(100), square(100, 200, 0), square(100, 400, 0))
    here[2] = shapely.box(-71.1, 42.3, -71.0, 42.4)
    parcels = reading("parcels", located=here, landuse_code=text("0701", "0701", "07"))
    table = balance_table(parcels, basis="ellipsoidal", scheme="mnr2023")
    assert table["left_out"][0]["count"] == 1
    assert table["total"]["features"] == 2


def test_a_code_of_another_scheme_beside_a_declared_one_is_a_mixture() -> None:
    parcels = _parcels("0701", "0702", "R2")
    parcels.snapshot.frame.columns["landuse_scheme"][2] = None
    with pytest.raises(Unprocessable, match="gb50137") as caught:
        balance_table(parcels, basis="plane")
    assert caught.value.extra["code"] == "mixed_schemes"


def test_one_wrong_code_hides_no_mixture() -> None:
    with pytest.raises(Unprocessable, match="more than one scheme"):
        balance_table(_parcels("070102", "R2", "ZZ", scheme=None), basis="plane")


def test_codes_of_no_scheme_are_named() -> None:
    table = balance_table(_parcels("0701", "ZZ"), basis="plane")
    assert table["unclassified"]["count"] == 1
    assert [(n["code"], "ZZ" in n["en"]) for n in table["notes"]] == [
        ("unknown_code", True)
    ]


def _thrice():
    """Three parcels that share a quarter, two of them more; and a gap."""
    spots = [(0, 0), (50, 0), (50, 50), (300, 0)]
    shapes = [square(100, x, y) for x, y in spots]
    return _parcels("0701", "0702", "0901", "1001", shapes=shapes)


def _territory():
    return reading("district", square(400, -10, -10))


@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize("basis", ["plane", "ellipsoidal"])
def test_ground_covered_three_times_is_taken_off_twice(basis, within) -> None:
    where = _territory() if within else None
    table = balance_table(_thrice(), basis=basis, within=where)
    assert table["overlapping"]["area_m2"] == pytest.approx(10_000, rel=1e-3)
    assert table["total"]["closes_to_1_cm2"]
    assert abs(table["total"]["area_m2"] - _sum(table)) < CM2


@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize(
    "term", ["overlapping", "whole", "uncovered", "row_of_a_feature"]
)
def test_the_proof_fails_where_any_term_is_wrong(monkeypatch, within, term) -> None:
    """No term is what the others leave: 2 cm² too much in one is told."""
    made = balance._within if within else balance._whole

    def wrong(*given):
        terms = made(*given)
        if term == "row_of_a_feature":
            more = terms.amount.copy()
            more[0] += 2 * CM2
            return replace(terms, amount=more)
        return replace(terms, **{term: getattr(terms, term) + 2 * CM2})

    monkeypatch.setattr(balance, made.__name__, wrong)
    where = _territory() if within else None
    total = balance_table(_thrice(), basis="plane", within=where)["total"]
    assert abs(total["residual_m2"]) == pytest.approx(2 * CM2, rel=1e-3)
    assert not total["closes_to_1_cm2"]


@pytest.mark.parametrize("within", [False, True])
@pytest.mark.parametrize("measure", ["again_m2", "ground_m2", "coverage"])
def test_each_measure_can_break_the_proof(monkeypatch, within, measure) -> None:
    """What one measurement misses, no other makes good."""
    made = getattr(balance, measure)

    def wrong(*given):
        found = made(*given)
        if measure == "coverage":
            return replace(found, uncovered=found.uncovered * 1.001)
        return found * 1.001

    monkeypatch.setattr(balance, measure, wrong)
    where = _territory() if within else None
    total = balance_table(_thrice(), basis="plane", within=where)["total"]
    used = {True: ("again_m2", "coverage"), False: ("again_m2", "ground_m2")}
    assert total["closes_to_1_cm2"] == (measure not in used[within])
