"""What sort of place a name says it is: 白鹅潭商务区 is 白鹅潭, a business district."""

from __future__ import annotations

import re

from service.spelling import has_han

#: Endings that people leave out: what is before them is the place itself. Not those of
#: other things there, as roads, parks and hospitals are.
_LEFT_OUT = (
    "特色功能区|历史文化街区|历史城区|中央商务区|商务区|核心区|示范区|科创区|片区|地区|街区"
    "|(?:商务|健康医疗|健康产业)?组团|商圈|小区|社区|流域|村|站|岛|区"
)
_ENDING = re.compile(rf"(?<=.{{2}})(?:{_LEFT_OUT})$")
_ASKED_ENDING = re.compile(rf"(?<=..)(?:{_LEFT_OUT}|一带|周边|附近|街道|街|路|公园)$")
_WORD = re.compile(
    "island|area|district|village|station|street|road|park|zone|cluster|group|block"
    "|quarter|community|neighbou?rhood"
)


def bare(name: str) -> str | None:
    """A name as people say it, None where nothing is left out: 西塱村 is 西塱."""
    said = _ENDING.sub("", name, count=1)
    return said if said != name else None


def bare_words(words: list[str]) -> list[str]:
    """Folded words without the sort of place: shamian island and 沙面岛 are shamian
    and 沙面, though nothing may be named an island. Empty where nothing is left out."""
    kept = [
        _ASKED_ENDING.sub("", word, count=1) if has_han(word) else word
        for word in words
        if not _WORD.fullmatch(word)
    ]
    return kept if kept != words else []
