"""Land-use names held against their codes: a name that is another class's."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from typing import Any

from layers.classification import SCHEMES, LandClass, Scheme, scheme
from service.uploads.problems import Problem
from service.uploads.schemes import CODE, SCHEME
from service.uploads.table import Columns

NAME = "landuse_name"
_ASIDE = re.compile(r"\s+|\([^)]*\)|\[[^]]*\]")


def contradictions(columns: Columns) -> Iterator[Problem]:
    """Rows whose name is that of a class which neither is the code's class nor holds it
    nor is held by it. Other words are a use as written, and none of our business."""
    if not {NAME, CODE, SCHEME} <= set(columns):
        return
    rows = zip(*(columns[n].tolist() for n in (SCHEME, CODE, NAME)), strict=True)
    for row, (id, code, name) in enumerate(rows):
        if id in SCHEMES and code and name:
            told = _contradiction(id, str(code).strip(), str(name))
            if told is not None:
                yield Problem("name_contradicts_code", row, NAME, values=told)


@lru_cache(maxsize=4096)
def _contradiction(id: str, code: str, name: str) -> Mapping[str, Any] | None:
    """What is to be said of a code and a name, None if they agree or cannot be held
    against each other."""
    own = scheme(id)
    right, named = own.classes.get(code), _classes(id).get(_plain(name), ())
    if right is None or not named or any(_related(own, right, one) for one in named):
        return None
    other = [
        SCHEMES[one] for one in SCHEMES if one != id and _is_called(one, code, name)
    ]
    told = {"code": code, "name": name[:80], "named": "、".join(c.code for c in named)}
    told |= {"proper_zh": right.name_zh, "proper_en": right.name_en}
    told |= {"named_zh": named[0].name_zh, "named_en": named[0].name_en}
    told |= {"scheme_zh": own.title_zh, "scheme_en": own.title_en}
    told |= {
        "hint_zh": "".join(f"在{one['zh']}里，{code} 正是此名。" for one in other[:1])
    }
    told |= {"hint": "".join(f" In {one['en']} {code} is so." for one in other[:1])}
    return told


@cache
def _classes(id: str) -> Mapping[str, tuple[LandClass, ...]]:
    """Classes by what they may be called: their names, and these without 用地."""
    found: dict[str, tuple[LandClass, ...]] = {}
    short: dict[str, tuple[LandClass, ...]] = {}
    for one in scheme(id):
        name = _plain(one.name_zh)
        found[name] = (*found.get(name, ()), one)
        bare = name.removesuffix("用地")
        short[bare] = (*short.get(bare, ()), one)
    return short | found


def _plain(name: str) -> str:
    return _ASIDE.sub("", unicodedata.normalize("NFKC", name))


def _related(own: Scheme, one: LandClass, other: LandClass) -> bool:
    return other in _line(own, one) or one in _line(own, other)


def _line(own: Scheme, one: LandClass) -> list[LandClass]:
    """The class and those that hold it."""
    line, up = [one], one.parent
    while up is not None and up in own:
        line.append(own.classes[up])
        up = own.classes[up].parent
    return line


def _is_called(id: str, code: str, name: str) -> bool:
    return any(one.code == code for one in _classes(id).get(_plain(name), ()))
