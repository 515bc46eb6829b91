"""What a name can be found by: its folded spelling, its pinyin, its initials.

Plan texts write one place in several ways (漖, 滘, 漵, 濠 …), so characters that stand
for each other in them are folded into one before anything is compared.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from contextlib import suppress
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
_DASHES = "-–—/,"
_IGNORED = "－·、。“”\"'‘’（）()《》〔〕【】／:：;；_"
_TABLE = str.maketrans(
    {**_FOLDED, **dict.fromkeys(_DASHES, " "), **dict.fromkeys(_IGNORED, "")}
)
_HAN = "\u3400-\u9fff"
_CHANGED = re.compile("[" + "".join(map(re.escape, map(chr, _TABLE))) + "]")
_RUN = re.compile(rf"[{_HAN}]+")
_ONE_BESIDE_HAN = re.compile(rf" (?:(?=[{_HAN}])|(?<=[{_HAN}] ))")
_GAPS = re.compile(r"[^\S\n]+")
_DIGITS = "〇一二三四五六七八九"
_LINE = re.compile(
    r"([一二三四五六七八九]?十?[一二三四五六七八九]|[一二三四五六七八九]?十)号线"
)
_MU = re.compile(f"([{_DIGITS}]?十[{_DIGITS}]?|[{_DIGITS}]{{1,3}})亩")
_STATION = re.compile(rf"^(?:地铁)?([{_HAN}]{{2,}}?)(?:地铁站?|站)$")
_MARGINS = re.compile(r" ?\n ?")
_BESIDE_HAN = re.compile(rf" +(?=[{_HAN}])|(?<=[{_HAN}]) +")


def folded(text: str) -> str:
    """The spelling to compare: width and case evened out, interchangeable
    characters made one, punctuation dropped, words apart by one space."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    spelled = " ".join(text.casefold().translate(_TABLE).split())
    return spelled if spelled.isascii() else _BESIDE_HAN.sub("", spelled)


def as_named(word: str) -> str:
    """A folded word as the layers name what people say otherwise: 芳村地铁站 is 芳村站,
    十一号线 is 11号线, 五十八亩 is 58亩."""
    word = _STATION.sub(r"\1站", word)
    word = _MU.sub(lambda found: f"{_counted(found[1])}亩", word)
    return _LINE.sub(lambda found: f"{_counted(found[1])}号线", word)


def _counted(numeral: str) -> str:
    """A Chinese numeral below a hundred in digits: 二十二 is 22."""
    tens, ten, ones = numeral.rpartition("十")
    if not ten:
        return "".join(str(_DIGITS.index(c)) for c in ones)
    return f"{_DIGITS.index(tens) if tens else 1}{_DIGITS.index(ones) if ones else 0}"


def is_han(c: str) -> bool:
    """Whether a character is Chinese."""
    return "\u3400" <= c <= "\u9fff"


def has_han(text: str) -> bool:
    """Whether a text holds a Chinese character."""
    return not text.isascii() and any(map(is_han, text))


def folded_many(texts: list[str]) -> list[str]:
    """``folded`` of each, done in one text."""
    joined = "\n".join(text.replace("\n", " ") for text in texts)
    if not joined.isascii():
        joined = unicodedata.normalize("NFKC", joined)
    spelled = _CHANGED.sub(_replaced, joined.casefold())
    spelled = _MARGINS.sub("\n", _GAPS.sub(" ", spelled))
    return _ONE_BESIDE_HAN.sub("", spelled).strip(" ").split("\n") if texts else []


def _replaced(match: re.Match[str]) -> str:
    changed = _TABLE[ord(match[0])]
    return changed or ""


def readings(text: str) -> set[str]:
    """The pinyin of a folded text, without tones or spaces, and its initials; each
    character as the words around it have it."""
    if not has_han(text):
        return set()
    heard = syllables(text)
    spoken = [heard]
    if len(heard) == len(text):
        pairs = zip(text, heard, strict=True)
        spoken.append([_LOCAL_READING.get(c, s) for c, s in pairs])
    return {reading for said in spoken for reading in _written(said)}


def _written(syllables: list[str]) -> tuple[str, str]:
    said = [s for s in syllables if s != " "]
    return "".join(said), "".join(s[:1] for s in said)


#: What another process has read already.
_read: dict[str, list[str]] = {}
_READER = """
import json, os, sys
hasattr(os, "nice") and os.nice(10)  # nobody waits for it
from pypinyin import lazy_pinyin
read = [lazy_pinyin(text, errors=list) for text in json.load(sys.stdin)]
json.dump(read, sys.stdout)
"""


def read_apart(texts: Iterable[str]) -> None:
    """Have folded texts read by a process of their own: the dictionaries take 60 MB,
    which go with it. What it does not read is read here when it is needed."""
    wanted = sorted({text for text in texts if has_han(text)} - _read.keys())
    if not wanted:
        return
    with suppress(OSError, ValueError, subprocess.SubprocessError):
        done = subprocess.run(
            [sys.executable, "-c", _READER],
            input=json.dumps(wanted),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        _read.update(zip(wanted, json.loads(done.stdout), strict=True))


def syllables(text: str) -> list[str]:
    """How a folded text is said: one entry a character, told by the words around it."""
    if (known := _read.get(text)) is not None:
        return known
    from pypinyin import lazy_pinyin  # its dictionaries take half a second to load

    apart: Any = list  # what is not Chinese, character by character
    return lazy_pinyin(text, errors=apart)


def read_by_character(texts: list[str]) -> list[list[str]]:
    """The pinyin of each folded text and its initials, character by character; with
    the local readings as well where there are any. Empty without Chinese."""
    joined = "\n".join(texts)
    if not has_han(joined):
        return []
    local = [{}, dict(_LOCAL_READING)] if _LOCAL_READING.keys() & set(joined) else [{}]
    return [
        _said(joined, {**known}, initials=initials)
        for known in local
        for initials in (False, True)
    ]


def _said(joined: str, known: dict[str, str], *, initials: bool) -> list[str]:
    """Runs of Chinese replaced by how they are said; names share most of them."""
    runs: dict[str, str] = {}

    def said(match: re.Match[str]) -> str:
        run = match[0]
        if run not in runs:
            sounds = [known.get(c) or _syllable(c) for c in run]
            runs[run] = "".join(s[:1] if initials else s for s in sounds)
        return runs[run]

    return _RUN.sub(said, joined).split("\n")


@lru_cache(maxsize=30_000)
def _syllable(c: str) -> str:
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(c)[0])


def bigrams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters, for telling how alike two texts are."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))
