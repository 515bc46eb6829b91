"""Which chapter a paragraph of a Chinese plan belongs to, told by its headings.

Headings are written as references to them are: 第三章第二节, 附件1·二(一), 二(四)20.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from layers.documents import Document

_N = "[一二三四五六七八九十]+"
#: The first that fits says where a paragraph stands; deeper ones keep what is above.
_FORMS = (
    (0, re.compile(r"(前)\s*言$|(摘)\s*要")),
    (0, re.compile(r"附\s*件\s*(\d*)")),
    (0, re.compile(rf"(第{_N}章)")),
    (1, re.compile(rf"(第{_N}节)")),
    (1, re.compile(rf"\|?\s*({_N})\s*[、|]")),
    (2, re.compile(rf"\|?\s*[（(]({_N})[）)]")),
    (3, re.compile(r"(\d{1,2})\s*[.．、](?!\d)")),
)
FOREWORDS = ("前言", "摘要")
#: A longer paragraph that begins so is a numbered sentence, not only a heading.
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a paragraph stands: its chapter's id, and the rank of the heading that it
    is (1 to 3), 0 when it is none."""

    chapter: str | None
    heading: int


def standings(paragraphs: Iterable[str], document: Document) -> Iterator[Standing]:
    """One for each paragraph, in order."""
    path = [FOREWORDS[0], "", "", ""]  # what stands before the first heading
    for text in paragraphs:
        level = _enter(text, path)
        chapter = document.chapter(_reference(path))
        heading = 0 if level is None or len(text) > LONGEST else max(level, 1)
        yield Standing(chapter.id if chapter else None, heading)


def _enter(text: str, path: list[str]) -> int | None:
    """Write a heading into the path; its level, None when the text is none."""
    for level, form in _FORMS:
        if found := form.match(text):
            path[level:] = [_written(level, found), *[""] * (3 - level)]
            if level and path[0] in FOREWORDS:
                path[0] = ""
            if level == 1 and not found[1].startswith("第") and not _in_annex(path):
                path[0] = ""  # 一、 stands below an annex, else beside the chapters
            return level
    return None


def _in_annex(path: list[str]) -> bool:
    return path[0].startswith("附件")


def _written(level: int, found: re.Match[str]) -> str:
    said = next((group for group in found.groups() if group), "")
    if level == 0 and found[0].startswith("附"):
        return f"附件{said}"
    if level == 0:
        return {"前": "前言", "摘": "摘要"}.get(said, said)
    return f"({said})" if level == 2 else said


def _reference(path: list[str]) -> str:
    above, section, part, number = path
    joint = "·" if above.startswith("附件") and section else ""
    return f"{above}{joint}{section}{part}{number}"
