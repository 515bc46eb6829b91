import pytest

from service.statistics.judgements import Judgements, standing

RULE, LAYER = "rule", "old-villages"
TOLD = {"feature": "v", "other": None, "amount": 500.0}


def _judged(version, outcome="conforms", amount=500.0, **more):
    return {"rule": RULE, "layer": LAYER, "feature": "v", "other": None,
            "version": version, "outcome": outcome,
            "measured": {"plane": amount}, **more}  # fmt: skip


def _of(*newest_first, version=1, told=TOLD):
    return Judgements(newest_first).of_finding(RULE, LAYER, version, told, "plane")


def test_a_judgement_stands_in_a_later_version_and_is_marked_as_earlier() -> None:
    found = _of(_judged(1), version=3)
    assert (found["stands"], found["earlier"]) == (True, True)


def test_a_judgement_of_another_conflict_is_shown_but_decides_nothing() -> None:
    assert _of(_judged(1, amount=400.0), version=2)["stands"] is False


def test_a_judgement_of_a_conflict_elsewhere_decides_nothing() -> None:
    here, there = [113.2, 23.1], [113.2001, 23.1]
    judged = _judged(1, middle=here)
    assert _of(judged, told={**TOLD, "middle": here})["stands"] is True
    assert _of(judged, told={**TOLD, "middle": there})["stands"] is False


def test_a_judgement_says_nothing_of_earlier_versions() -> None:
    assert _of(_judged(2), version=1) is None


def test_what_was_withdrawn_is_gone() -> None:
    assert _of(_judged(1, "withdrawn"), _judged(1)) is None


def test_the_judgement_of_the_later_version_is_heard() -> None:
    looked_back = _judged(1, "violates")
    assert _of(looked_back, _judged(2), version=2)["outcome"] == "conforms"


def test_a_judgement_is_of_one_conflict_among_several() -> None:
    other = {**TOLD, "other": "b"}
    assert _of(_judged(1, other="a"), told=other) is None


@pytest.mark.parametrize(("version", "stands"), [(1, True), (2, False)])
def test_a_judgement_without_measure_stands_for_its_version(version, stands) -> None:
    old = {k: v for k, v in _judged(1).items() if k not in ("measured", "other")}
    assert _of(old, version=version)["stands"] is stands


def test_a_rule_as_a_whole_is_judged_for_the_versions_it_was_run_on() -> None:
    of_rule = _judged(1, feature=None, versions={LAYER: 1, "district": 1})
    judged = Judgements([of_rule])
    same = judged.of_rule(RULE, LAYER, {LAYER: 1, "district": 1})
    later = judged.of_rule(RULE, LAYER, {LAYER: 1, "district": 2})
    assert (same["stands"], later["stands"]) == (True, False)


def test_the_last_word_is_marked() -> None:
    told = standing([_judged(1, "violates"), _judged(1), _judged(2, "withdrawn")])
    assert [each["last"] for each in told] == [True, False, False]
