"""Spellings that stand for each other, and pinyin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service import spelling
from service.spelling import (
    bigrams,
    folded,
    folded_many,
    read_apart,
    read_by_character,
    readings,
)


@pytest.mark.parametrize("printed", ["南漖", "南漵", "南濠", "南漱"])
def test_printed_variants_fold_into_one(printed: str) -> None:
    assert folded(printed) == folded("南滘")


def test_width_case_and_punctuation_do_not_count() -> None:
    assert folded("ＡＦ０２０３ “如意坊—沙面”") == "af0203如意坊沙面"


def test_a_name_is_read_in_full_and_by_initials() -> None:
    assert {"baietan", "bet"} <= readings(folded("白鹅潭"))


def test_a_creek_is_read_as_in_canton() -> None:
    assert {"shachong", "shayong"} <= readings(folded("沙涌"))


def test_reading_by_character_agrees_on_plain_names() -> None:
    full, initials = read_by_character(["大坦沙", "af 1"])
    assert {full[0], initials[0]} == readings("大坦沙")
    assert full[1] == initials[1] == "af 1"


def test_reading_by_character_knows_the_creeks_of_canton() -> None:
    assert [said[0] for said in read_by_character(["沙涌"])] == [
        "shayong", "sy", "shachong", "sc",
    ]  # fmt: skip


def test_texts_without_chinese_are_not_read() -> None:
    assert read_by_character(["af 1", "line 13"]) == []


@given(st.lists(st.text(alphabet=st.characters() | st.sampled_from("荔湾 \n-·Ａ涌"))))
def test_many_texts_fold_as_each_does_alone(texts: list[str]) -> None:
    assert folded_many(texts) == [folded(text) for text in texts]


def test_a_latin_text_has_no_pinyin() -> None:
    assert readings("line 1") == set()


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(max_size=30))
def test_pairs_never_outnumber_the_letters(text: str) -> None:
    assert len(bigrams(text)) <= max(0, len(text) - 1)


def test_another_process_reads_as_this_one_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = {text: readings(text) for text in ("荔湾长堤", "沙涌", "大坦沙a1", "abc")}
    monkeypatch.setattr(spelling, "_read", {})
    read_apart(here)
    assert set(spelling._read) == here.keys() - {"abc"}
    assert {text: readings(text) for text in here} == here


def test_where_no_process_can_be_started_it_is_read_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spelling, "_read", {})
    monkeypatch.setattr("sys.executable", "/nothing/here")
    read_apart(["沙涌"])
    assert "shachong" in readings("沙涌")
