"""What a name can be found by: its folded spelling, its pinyin, its initials.

Plan texts write one place in several ways (漖, 滘, 漵, 濠 …), so characters that stand
for each other in them are folded into one before anything is compared.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from types import MappingProxyType
from typing import Any

_FOLDED = MappingProxyType(
    {
        **dict.fromkeys("漖漵濠漱窖", "滘"),
        **dict.fromkeys("塍朗", "塱"),
        **dict.fromkeys("谭", "潭"),
        **dict.fromkeys("圍", "围"),
        **dict.fromkeys("灣", "湾"),
    }
)
#: Said otherwise in Canton than in a dictionary: 涌 is a creek, chong.
_LOCAL_READING = MappingProxyType({"涌": "chong"})
_DASHES = "-–—/"
_IGNORED = "－·、，。“”\"'‘’（）()《》〔〕【】／:：;；_"
_TABLE = str.maketrans(
    {**_FOLDED, **dict.fromkeys(_DASHES, " "), **dict.fromkeys(_IGNORED, "")}
)
_HAN = "\u3400-\u9fff"
_BESIDE_HAN = re.compile(rf" +(?=[{_HAN}])|(?<=[{_HAN}]) +")


def folded(text: str) -> str:
    """The spelling to compare: width and case evened out, interchangeable
    characters made one, punctuation dropped, words apart by one space."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    spelled = " ".join(text.casefold().translate(_TABLE).split())
    return spelled if spelled.isascii() else _BESIDE_HAN.sub("", spelled)


def is_han(c: str) -> bool:
    """Whether a character is Chinese."""
    return "\u3400" <= c <= "\u9fff"


def has_han(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return not text.isascii() and any(map(is_han, text))


def readings(text: str, *, quick: bool = False) -> set[str]:
    """The pinyin of a folded text, without tones or spaces, and its initials.
    ``quick`` reads character by character, which is far faster and mistakes some
    characters with two readings."""
    if not has_han(text):
        return set()
    syllables = _by_character(text) if quick else _by_phrase(text)
    spoken = [syllables]
    if len(syllables) == len(text):
        pairs = zip(text, syllables, strict=True)
        spoken.append([_LOCAL_READING.get(c, s) for c, s in pairs])
    return {reading for said in spoken for reading in _written(said)}


def _written(syllables: list[str]) -> tuple[str, str]:
    said = [s for s in syllables if s != " "]
    return "".join(said), "".join(s[:1] for s in said)


def _by_phrase(text: str) -> list[str]:
    """One entry a character, told by the words around it."""
    from pypinyin import lazy_pinyin  # its dictionaries take half a second to load

    apart: Any = list  # what is not Chinese, character by character
    return lazy_pinyin(text, errors=apart)


def _by_character(text: str) -> list[str]:
    return [_character(c) for c in text]


@lru_cache(maxsize=30_000)
def _character(c: str) -> str:
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(c)[0]) if is_han(c) else c


def bigrams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, for telling how alike two texts are."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
