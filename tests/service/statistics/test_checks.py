import numpy as np
import pytest
import shapely

from service.statistics.checks import run_rule
from service.statistics.judgements import Judgements
from service.statistics.rules import Rule
from tests.geo.shapes import geoms, on_plane, square
from tests.service.statistics.readings import reading, text

VILLAGES, GROUPS, BLOCKS = "old-villages", "functional-groups", "historic-blocks"


def _rule(predicate: str, layer: str, **more) -> Rule:
    return Rule("test", layer, predicate, "条款", "clause", "出处", **more)


def _run(rule: Rule, *readings, judgements=None):
    by_layer = {each.layer.id: each for each in readings}
    return run_rule(rule, by_layer, judgements or Judgements(), basis="plane")


def _judged(**more):
    kept = {"rule": "test", "layer": GROUPS, "feature": "a", "other": "b"}
    return {**kept, "outcome": "conforms", "by": "Li", "reason": "agreed", **more}


def test_surveyed_features_apart_conform() -> None:
    groups = reading(GROUPS, square(100), square(100, 100, 0))
    assert _run(_rule("apart", GROUPS), groups)["outcome"] == "conforms"


def test_an_overlap_of_surveyed_features_violates_and_is_shown() -> None:
    groups = reading(GROUPS, square(100), square(100, 90, 0))
    answer = _run(_rule("apart", GROUPS), groups)
    (finding,) = answer["findings"]
    assert (answer["outcome"], finding["other"]) == ("violates", "b")
    assert finding["amount"] == pytest.approx(1000, abs=1e-4)
    assert finding["conflict"]["type"] == "Polygon"


def test_a_conflict_within_the_position_error_is_for_a_person() -> None:
    error = np.array([20.0, 20.0])
    groups = reading(GROUPS, square(100), square(100, 90, 0), accuracy_m=error)
    answer = _run(_rule("apart", GROUPS), groups)
    assert answer["outcome"] == "needs_judgement"


def test_indicative_geometry_neither_violates_nor_conforms() -> None:
    evidence = text("indicative", "indicative")
    for shift in (50, 500):
        groups = reading(GROUPS, square(100), square(100, shift, 0), evidence=evidence)
        assert _run(_rule("apart", GROUPS), groups)["outcome"] == "needs_judgement"


def test_a_conflict_narrower_than_the_rule_asks_is_drawing_noise() -> None:
    groups = reading(GROUPS, square(100), square(100, 99.5, 0))
    answer = _run(_rule("apart", GROUPS, min_width_m=2.0), groups)
    assert (answer["outcome"], answer["findings"]) == ("conforms", [])


def test_a_feature_reaching_outside_is_found_with_its_width() -> None:
    villages = reading(VILLAGES, square(100, 50, 0), square(10, 1, 1))
    answer = _run(
        _rule("within", VILLAGES, other=GROUPS), villages, reading(GROUPS, square(100))
    )
    (finding,) = answer["findings"]
    assert finding["feature"] == "a"
    assert finding["amount"] == pytest.approx(5000, abs=1e-4)
    assert 30 < finding["width_m"] < 40


def test_failing_features_are_placed_in_the_context() -> None:
    rule = _rule("within", VILLAGES, other=GROUPS, context="strategic-zones")
    zones = reading("strategic-zones", square(500))
    villages, groups = (
        reading(VILLAGES, square(100, 300, 0)),
        reading(GROUPS, square(9)),
    )
    (finding,) = _run(rule, villages, groups, zones)["findings"]
    assert finding["lies_in"][0]["id"] == "a"
    assert finding["lies_in"][0]["share"] == pytest.approx(1)


def test_a_tiling_has_neither_gap_nor_double_cover() -> None:
    rule = _rule("tiled_by", "strategic-zones", other=GROUPS)
    zone = reading("strategic-zones", square(100))
    half, more = shapely.box(0, 0, 50, 100), shapely.box(40, 0, 100, 100)
    whole = _run(rule, zone, reading(GROUPS, square(100)))
    gap = _run(rule, zone, reading(GROUPS, half))
    double = _run(rule, zone, reading(GROUPS, half, more))
    assert [a["findings_total"] for a in (whole, gap, double)] == [0, 1, 1]
    assert double["findings"][0]["amount"] == pytest.approx(1000, abs=1e-4)


def test_areas_are_held_against_those_stated() -> None:
    rule = _rule("area_equals", "industrial-parks", field="area_stated_mu",
                 tolerance_m2=1.0)  # fmt: skip
    side = (58 * 2000 / 3) ** 0.5
    stated = np.array([58.0, 58.0, np.nan])
    parks = reading("industrial-parks", square(side), square(side + 1), square(5),
                    area_stated_mu=stated)  # fmt: skip
    assert [f["feature"] for f in _run(rule, parks)["findings"]] == ["b"]


def test_a_project_outside_the_group_it_is_filed_under_is_found() -> None:
    rule = _rule("in_parent", "industry-projects", other=GROUPS)
    projects = reading(
        "industry-projects",
        shapely.Point(50, 50),
        shapely.Point(300, 50),
        shapely.Point(900, 50),
        parent=text("a", "a", "elsewhere"),
    )
    (finding,) = _run(rule, projects, reading(GROUPS, square(100)))["findings"]
    assert (finding["feature"], finding["other"]) == ("b", "a")
    assert finding["amount"] == pytest.approx(200, rel=1e-3)


def test_what_has_no_geometry_is_for_a_person() -> None:
    rule = _rule("near", "land-reserve", other="metro-stations", distance_m=800)
    lots = reading("land-reserve", located=geoms(None))
    answer = _run(rule, lots, reading("metro-stations", shapely.Point(0, 0)))
    assert answer["outcome"] == "needs_judgement"
    assert answer["findings"][0]["why_zh"] == "无几何，无法判断"


def test_distance_beyond_the_limit_is_found() -> None:
    rule = _rule("near", "land-reserve", other="metro-stations", distance_m=800)
    lots = reading("land-reserve", located=on_plane(shapely.Point(2000, 0)))
    answer = _run(rule, lots, reading("metro-stations", shapely.Point(0, 0)))
    assert answer["findings"][0]["amount"] == pytest.approx(1200, rel=1e-3)


def test_a_rule_without_data_says_so() -> None:
    answer = _run(_rule("apart", "parcels"), reading("parcels", located=geoms()))
    assert answer["outcome"] == "needs_judgement"
    assert "尚无相应数据" in answer["why_zh"]


def test_a_judgement_stands_beside_what_was_computed() -> None:
    groups = reading(GROUPS, square(100), square(100, 90, 0))
    kept = _judged(version=1, measured={"plane": 1000.0})
    answer = _run(_rule("apart", GROUPS), groups, judgements=Judgements([kept]))
    (finding,) = answer["findings"]
    assert (finding["outcome"], finding["computed"]) == ("conforms", "violates")
    assert finding["judgement"]["by"] == "Li"
    assert answer["outcome"] == "conforms"


def test_what_is_proposed_is_held_against_what_is_published() -> None:
    shape = reading("parcels", square(100), version=0)
    beside = reading("parcels", square(100, 90, 0), square(5, 500, 0), version=4)
    rule = _rule("apart", "parcels")
    answer = run_rule(rule, {"parcels": shape}, Judgements(), basis="plane",
                      beside=beside)  # fmt: skip
    (finding,) = answer["findings"]
    assert finding["area_m2"] == pytest.approx(1000, abs=1e-4)
    assert finding["area_mu"] == pytest.approx(1.5, abs=1e-6)
    assert answer["versions"] == {"parcels": 4}


def test_amounts_bear_the_name_of_what_they_measure() -> None:
    rule = _rule("within", "metro-lines", other=GROUPS)
    line = reading("metro-lines", shapely.LineString([(0, 50), (300, 50)]))
    (finding,) = _run(rule, line, reading(GROUPS, square(100)))["findings"]
    assert finding["length_m"] == pytest.approx(200, rel=1e-6)
    assert "area_m2" not in finding
