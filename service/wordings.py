"""What the words of a query may mean: one way of saying it after another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.spelling import as_named, folded, has_han, readings

#: Words that are looked for; a place name has fewer.
MOST_WORDS = 8
#: A shorter run of digits stands in too many names to mean a code by itself.
LEAST_OF_CODE = 4
#: Characters that a code may lack at its end to be beside the one looked for.
CUT_AT_MOST = 3
#: The longest that is read aloud: no name is as long.
LONGEST_SPOKEN = 40
_REMARK = re.compile(r"[（(][^（()）]*[)）]")
_SAID_OF_CODES = re.compile(
    r"地块|编号|号$|\b(?:parcel|plot|lot|no\.?|number|code)s?\b"
)
_CODE = re.compile(r"[a-z]{0,3}[\do]*\d[\do]*")
_ASKED = re.compile(
    r"请问|哪里有|哪儿有|在哪里|在哪儿|在哪|附近(?:有什么|有哪些)?|有哪些|有什么|有多少"
    r"|是什么|怎么走|的?位置|\b(?:where|what|which) (?:is|are)(?: the)?\b|\bhow many\b"
)
_LITTLE = re.compile("an?|and|at|by|for|from|in|of|on|or|the|to|with")
_INITIAL = "zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]"
_FINAL = (
    "iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|er|ia|ie|iu|in|ua"
    "|uo|ui|un|ue|ve|a|o|e|i|u|v"
)
_SYLLABLES = re.compile(f"(?:(?:{_INITIAL})?(?:{_FINAL}))+")

Words = list[str]


def wordings(query: str) -> Iterator[Words]:
    """The words of a query: as plans name such things, with Chinese as one name, as it
    was set apart; as a parcel code however it is spaced; without what stands in
    brackets; without the words of asking; the codes in it alone."""
    tried: list[Words] = []
    for words in _ways(query):
        if words and words not in tried:
            tried.append(words)
            yield list(dict.fromkeys(words))[:MOST_WORDS]


def _ways(query: str) -> Iterator[Words]:
    spelled = folded(query)
    yield [*map(as_named, spelled.split())]
    yield spelled.split()
    yield [word for part in query.split() for word in folded(part).split()]
    if code := _code(spelled):
        yield [code]
    yield folded(_REMARK.sub(" ", query)).split()
    yield [*map(as_named, _ASKED.sub(" ", spelled).split())]
    yield [word for word in spelled.split() if _is_code(word)]


def _code(spelled: str) -> str | None:
    """AF-0402-03, AF 040203 地块 and AFO40203 are AF040203."""
    written = _SAID_OF_CODES.sub("", spelled).replace(" ", "")
    if not _CODE.fullmatch(written) or len(written) < LEAST_OF_CODE:
        return None
    letters = re.match("[a-z]*", written.replace("o", "0"))
    start = letters.end() if letters else 0
    return written[:start] + written[start:].replace("o", "0")


def _is_code(word: str) -> bool:
    return len(word) >= LEAST_OF_CODE and _CODE.fullmatch(word) is not None


def telling(words: Words) -> Words:
    """Without the little words that a description may have otherwise."""
    return [word for word in words if not _LITTLE.fullmatch(word)]


def spoken(words: Words) -> Words:
    """As the words are said; nothing where none is Chinese."""
    together = "".join(words)
    if len(together) > LONGEST_SPOKEN or not has_han(together):
        return []
    return [max(readings(word), key=len, default=word) for word in words]


def syllable_by_syllable(query: str) -> Words:
    """Pinyin as one word where it is typed in pieces: bai e tan, julong wan. Empty
    where the words are no syllables, or only one."""
    words = folded(query).split()
    said = len(words) > 1 and all(map(_SYLLABLES.fullmatch, words))
    return ["".join(words)] if said else []


def cut(words: Words) -> Iterator[Words]:
    """A code without its last characters: what stands beside the one looked for."""
    if len(words) == 1 and _is_code(words[0]):
        for less in range(1, CUT_AT_MOST + 1):
            if len(words[0]) - less >= LEAST_OF_CODE:
                yield [words[0][:-less]]
