"""The order of texts: as browsers and PostgreSQL have Chinese, by pinyin.

``collation.txt`` holds a line for each step of the order of CLDR's "zh" (Unicode
licence), as ``Intl.Collator("zh")`` tells it: punctuation, figures, Chinese characters
by pinyin and stroke, other letters; characters of one line differ in case or accent.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from layers.catalogue import Layer
from service.stores.base import ItemQuery
from service.stores.tables import indexed

_STEPS = Path(__file__).with_suffix(".txt")
#: What the order does not know comes last, by itself in order.
_LAST = "\ue000"


#: Two towns that are read otherwise than their first character alone: each comes
#: directly after that of a character.
_TOWNS = {"重庆": f"虫{_LAST}", "沈阳": f"弞{_LAST}"}


class _Places(dict[int, str]):
    """Character -> one that stands where it belongs, for ``str.translate``."""

    def __missing__(self, code: int) -> str:
        return _LAST + chr(code)


def pinyin_order(text: Any) -> Any:
    """What a text is compared by, character by character."""
    if not isinstance(text, str):
        return text
    said = text
    for town, place in _TOWNS.items():
        said = said.replace(town, place)
    return said.translate(_places())


def worded(layer: Layer) -> set[str]:
    """Fields that hold words; codes and days are in order as they are."""
    texts = {field.name for field in layer.fields if field.type == "string"}
    return texts - set(indexed(layer))


def by_words(layer: Layer, query: ItemQuery) -> bool:
    """Whether a query wants words in order, so that every row must be looked at."""
    return not worded(layer).isdisjoint(name for name, _ in query.sortby)


@lru_cache(1)
def _places() -> _Places:
    lines = _STEPS.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    steps = enumerate(lines, 1)
    return _Places((ord(char), chr(step)) for step, line in steps for char in line)
