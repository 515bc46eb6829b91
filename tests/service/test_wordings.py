"""What the words of a query may mean."""

import pytest

from service.wordings import cut, spoken, syllable_by_syllable, telling, wordings


def test_a_query_is_read_as_it_stands_first() -> None:
    assert next(wordings("芳村地铁站")) == ["芳村站"]


@pytest.mark.parametrize("typed", ["AF-0402-03", "地块 AF 040203", "AFO40203号"])
def test_a_code_is_one_word_however_it_is_spaced(typed: str) -> None:
    assert ["af040203"] in list(wordings(typed))


def test_a_remark_is_left_out_last() -> None:
    assert list(wordings("Jushu station (Guangfo line)"))[-1] == ["jushu", "station"]


def test_nothing_to_look_for_has_no_wording() -> None:
    assert list(wordings("（）、")) == []


def test_little_words_tell_nothing() -> None:
    assert telling(["sale", "of", "the", "land"]) == ["sale", "land"]


def test_only_chinese_is_said() -> None:
    assert spoken(["metro"]) == [] and spoken(["鹤洞"]) == ["hedong"]


def test_a_code_is_cut_by_little_and_a_name_never() -> None:
    assert list(cut(["af0402"])) == [["af040"], ["af04"]]
    assert list(cut(["hedong"])) == []


def test_only_syllables_are_joined_to_one_word() -> None:
    assert syllable_by_syllable("bai e tan") == ["baietan"]
    assert syllable_by_syllable("metro line 11") == []
    assert syllable_by_syllable("baietan") == []
