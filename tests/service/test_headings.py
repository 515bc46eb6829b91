"""Chapters told by the headings of Chinese plans."""

from pathlib import Path

import pytest

from layers.documents import documents
from service.headings import standings
from service.texts import _paragraphs, decoded

SEEDS = Path(__file__).resolve().parents[2] / ".." / "shared" / "seeds"
FILES = {
    "liwan-14th-plan": "001_*.txt",
    "liwan-industry-draft": "002_*.txt",
    "guangzhou-consumption-2021": "004_*.txt",
    "regional-study": "003_*.txt",
    "parlour-proposal": "000_*.txt",
}


def chapters(document: str, *paragraphs: str) -> list[str | None]:
    return [s.chapter for s in standings(paragraphs, documents()[document])]


def test_chapters_and_sections_hold_what_follows() -> None:
    found = chapters("liwan-14th-plan", "第三章 甲", "文字", "第二节 乙", "第四章 丙")
    assert found == ["3", "3", "3", "4"]


def test_annexes_are_told_apart_by_their_parts() -> None:
    found = chapters(
        "liwan-14th-plan", "附件 1", "| 二 | 基础 | 1 |", "| (一) | 轨道 |", "附件 2"
    )
    assert found == [None, "annex-1-2", "annex-1-2", "annex-2"]


def test_numbered_parts_need_no_chapter() -> None:
    found = chapters(
        "guangzhou-consumption-2021", "一、甲", "二、乙", "（四）丙", "20. 丁", "三、戊"
    )
    assert found == ["1", None, "2-4", "2-4", "3"]


def test_what_stands_before_the_first_heading_is_the_foreword() -> None:
    assert chapters("parlour-proposal", "题目", "（一）甲") == ["0", "1"]


def test_a_long_paragraph_that_begins_with_a_number_is_no_heading() -> None:
    document = documents()["liwan-14th-plan"]
    (standing,) = standings(["1. " + "字" * 80], document)
    assert standing.heading == 0


@pytest.mark.parametrize("document", FILES)
def test_every_chapter_is_found_in_the_text_itself(document: str) -> None:
    files = list(SEEDS.glob(FILES[document]))
    if not files:
        pytest.skip("the documents are not beside the checkout")
    text = decoded(files[0].read_bytes(), files[0].name)
    found = standings(list(_paragraphs(text)), documents()[document])
    wanted = {chapter.id for chapter in documents()[document].chapters}
    assert {s.chapter for s in found if s.chapter} == wanted
