import numpy as np
import pytest

from geo.errors import BilingualError
from service.statistics.area import area_statistics
from tests.geo.shapes import geoms, on_plane, square
from tests.service.statistics.readings import reading, text

THREE = (square(100), square(200, 300, 0), square(50, 0, 300))


def test_groups_sum_to_the_total() -> None:
    groups = reading("functional-groups", *THREE, subarea=text("x", "y", "x"))
    answer = area_statistics(groups, basis="plane", by="subarea")
    assert [g["key"] for g in answer["groups"]] == ["x", "y"]
    assert [g["area_m2"] for g in answer["groups"]] == pytest.approx([12_500, 40_000])
    assert answer["total"]["residual_m2"] == pytest.approx(0, abs=1e-9)


def test_shares_sum_to_one() -> None:
    groups = reading("functional-groups", *THREE, subarea=text("x", "y", None))
    answer = area_statistics(groups, basis="ellipsoidal", by="subarea")
    assert sum(g["share"] for g in answer["groups"]) == pytest.approx(1)


def test_features_without_a_value_are_a_group_of_their_own_at_the_end() -> None:
    groups = reading("functional-groups", *THREE, subarea=text(None, "", "x"))
    answer = area_statistics(groups, basis="plane", by="subarea")
    assert [(g["key"], g["count"]) for g in answer["groups"]] == [("x", 1), (None, 2)]


def test_the_basis_chooses_the_stored_measure() -> None:
    found = reading("functional-groups", square(1000))
    plane = area_statistics(found, basis="plane")["total"]["area_m2"]
    ellipsoidal = area_statistics(found, basis="ellipsoidal")["total"]["area_m2"]
    assert plane == pytest.approx(1_000_000, abs=1e-3)
    assert plane / ellipsoidal == pytest.approx(1.000146, abs=3e-6)


def test_units_are_exact_and_unrounded() -> None:
    total = area_statistics(reading("functional-groups", *THREE), basis="plane")[
        "total"
    ]
    assert total["area_mu"] == total["area_m2"] * 3 / 2000
    assert total["area_ha"] == total["area_m2"] / 10_000


def test_the_weakest_evidence_and_the_coarsest_accuracy_travel() -> None:
    found = reading(
        "functional-groups",
        *THREE,
        evidence=text("official", "indicative", "surveyed"),
        accuracy_m=np.array([1, np.nan, 500.0]),
    )
    answer = area_statistics(found, basis="plane")
    assert (answer["evidence"], answer["indicative"]) == ("indicative", True)
    assert answer["accuracy_m"] == 500


def test_features_without_geometry_are_counted_as_left_out() -> None:
    located = np.concatenate([on_plane(square(100)), geoms(None)])
    answer = area_statistics(reading("old-villages", located=located), basis="plane")
    assert answer["left_out"][0]["count"] == 1
    assert answer["left_out"][0]["reason_zh"] == "无几何"
    assert answer["total"]["area_m2"] == pytest.approx(10_000, abs=1e-4)


def test_an_unknown_field_is_refused_with_those_there_are() -> None:
    with pytest.raises(BilingualError, match="subarea") as caught:
        area_statistics(reading("functional-groups", *THREE), basis="plane", by="nope")
    assert caught.value.extra["parameter"] == "by"


def test_an_empty_layer_has_no_groups_and_no_evidence() -> None:
    answer = area_statistics(reading("parcels", located=geoms()), basis="plane")
    assert (answer["groups"], answer["evidence"]) == ([], None)
    assert answer["total"]["area_m2"] == 0
