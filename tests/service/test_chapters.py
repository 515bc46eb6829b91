"""Documents and chapters by title, number or reference."""

from __future__ import annotations

import pytest

from service.chapters import MOST, find_chapters


@pytest.mark.parametrize(
    ("query", "document", "chapter"),
    [
        ("回顾与环境", "liwan-14th-plan", "1"),
        ("results and setting", "liwan-14th-plan", "1"),
        ("纲要第四章", "liwan-14th-plan", "4"),
        ("纲要 第四章", "liwan-14th-plan", "4"),
        ("Chapter 4", "liwan-14th-plan", "4"),
        ("荔府〔2021〕4号", "liwan-14th-plan", None),
        ("现代化产业体系", "liwan-industry-draft", None),
        ("huigu yu huanjing", "liwan-14th-plan", "1"),
        ("gengxin", "liwan-14th-plan", "4"),
        ("hgyhj", "liwan-14th-plan", "1"),
        ("building renewal", "liwan-14th-plan", "4"),
    ],
)
def test_a_chapter_is_found(query: str, document: str, chapter: str | None) -> None:
    best = find_chapters(query)[0]
    assert (best["document"], best["chapter"]) == (document, chapter)


@pytest.mark.parametrize("query", ["第", "no such chapter anywhere", "　"])
def test_what_is_no_title_finds_nothing(query: str) -> None:
    assert find_chapters(query) == []


def test_pinyin_is_found_only_from_a_syllable_on() -> None:
    assert find_chapters("engxin") == []


def test_few_are_listed() -> None:
    assert len(find_chapters("chapter")) <= MOST
