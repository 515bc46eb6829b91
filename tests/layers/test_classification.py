"""Land-use codes, and which scheme a set of codes belongs to."""

import pytest

from layers.classification import (
    SCHEMES,
    UnknownScheme,
    crosswalk,
    detect_scheme,
    scheme,
    turned_round,
)


@pytest.mark.parametrize("id", SCHEMES)
def test_every_parent_exists_one_level_up(id: str) -> None:
    classes = scheme(id).classes
    for each in classes.values():
        if each.parent is not None:
            assert classes[each.parent].level == each.level - 1


def test_the_same_digits_mean_different_things() -> None:
    assert scheme("sandiao").classes["0601"].name_zh == "工业用地"
    assert scheme("mnr2023").classes["0601"].name_zh == "农村道路"


def test_an_unknown_scheme_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownScheme, match="mnr2023"):
        scheme("mnr1999")


def test_a_code_finds_its_ancestor() -> None:
    found = scheme("mnr2023").at_level("070102", 1)
    assert found is not None and found.code == "07"
    assert scheme("mnr2023").at_level("07", 2) is None


@pytest.mark.parametrize(("id", "code"), [("mnr2023", "16"), ("sandiao", "09")])
def test_what_the_standard_divides_no_further_stands_at_every_level(id, code) -> None:
    found = scheme(id).at_level(code, 2)
    assert found is not None and found.code == code


def test_codes_of_one_scheme_only_name_it() -> None:
    assert detect_scheme(["R2", "A1", None, " "]).scheme == "gb50137"
    assert detect_scheme(["0701", "05H1"]).scheme == "sandiao"


def test_codes_that_fit_two_schemes_leave_it_open() -> None:
    found = detect_scheme(["0701", "080403"])
    assert found.scheme is None
    assert found.candidates == ("mnr2023", "mnr2020")


def test_codes_from_two_schemes_are_mixed() -> None:
    found = detect_scheme(["R2", "0701"])
    assert found.mixed and found.scheme is None and not found.unknown


def test_unknown_codes_are_listed_and_lost_zeros_suggested() -> None:
    found = detect_scheme(["701", "0804", "ZZ"])
    assert found.unknown == ("701", "ZZ")
    assert found.padded == {"701": "0701"}


def test_no_codes_tell_nothing() -> None:
    found = detect_scheme([None, ""])
    assert found.scheme is None and found.candidates == () and not found.mixed


@pytest.mark.parametrize("source", ["mnr2020", "sandiao", "gb50137"])
def test_the_crosswalk_only_joins_codes_that_exist(source: str) -> None:
    for code, others in crosswalk(source, "mnr2023").items():
        assert code in scheme(source)
        assert all(other.code in scheme("mnr2023") for other in others)


def test_industry_of_the_land_survey_reads_as_industry() -> None:
    assert [c.code for c in crosswalk("sandiao", "mnr2023")["0601"]] == ["1001"]


def test_schemes_without_a_known_correspondence_give_none() -> None:
    assert crosswalk("mnr2023", "sandiao") == {}


@pytest.mark.parametrize("target", ["mnr2020", "sandiao", "gb50137"])
def test_a_crosswalk_read_backwards_only_says_what_it_says_forwards(target) -> None:
    guide, older = scheme("mnr2023"), scheme(target)
    forth = crosswalk(target, "mnr2023")
    back = turned_round("mnr2023", target)
    assert len(back) > 100
    for code, others in back.items():
        assert others and len({each.code for each in others}) == len(others)
        above = {code}
        while guide.classes[code].parent:
            code = str(guide.classes[code].parent)
            above.add(code)
        for each in others:
            assert each.code in older
            assert above & {found.code for found in forth[each.code]}


def test_what_several_classes_became_is_one_to_many_backwards() -> None:
    homes = turned_round("mnr2023", "gb50137")["0702"]
    assert {each.code for each in homes} == {"R12", "R22", "R32"}
    assert {each.relation for each in homes} <= {"1:n", "n:m"}


def test_a_class_is_meant_rather_than_its_parent() -> None:
    assert [c.code for c in turned_round("mnr2023", "gb50137")["1502"]] == ["A8"]


def test_a_finer_class_lies_within_what_its_parent_became() -> None:
    back = turned_round("mnr2023", "sandiao")
    assert back["080301"] == back["0803"]


def test_nothing_is_read_backwards_where_nothing_goes_forwards() -> None:
    assert turned_round("sandiao", "gb50137") == {}
