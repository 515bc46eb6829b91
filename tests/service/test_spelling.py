"""Spellings that stand for each other, and pinyin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.spelling import bigrams, folded, readings


@pytest.mark.parametrize("printed", ["南漖", "南漵", "南濠", "南漱"])
def test_printed_variants_fold_into_one(printed: str) -> None:
    assert folded(printed) == folded("南滘")


def test_width_case_and_punctuation_do_not_count() -> None:
    assert folded("ＡＦ０２０３ “如意坊—沙面”") == "af0203如意坊沙面"


def test_a_name_is_read_in_full_and_by_initials() -> None:
    assert {"baietan", "bet"} <= readings(folded("白鹅潭"))


def test_a_creek_is_read_as_in_canton() -> None:
    assert {"shachong", "shayong"} <= readings(folded("沙涌"))


def test_quick_reading_agrees_on_plain_names() -> None:
    assert readings("大坦沙", quick=True) == readings("大坦沙")


def test_a_latin_text_has_no_pinyin() -> None:
    assert readings("line 1") == set()


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=30))
def test_pairs_never_outnumber_the_letters(text: str) -> None:
    assert len(bigrams(text)) <= max(0, len(text) - 1)
