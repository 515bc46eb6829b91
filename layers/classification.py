"""Land-use classification schemes: the codes, and how one scheme reads in another.

The same digits mean different things in different schemes (0601 is industry in the
third land survey and rural roads in the 2023 standard), so a code always stands with
its scheme. Codes are text: leading zeros count.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

from layers.errors import LayerError

TABLES = Path(__file__).resolve().parent / "landuse"
Rgb = tuple[int, int, int]
Relation = Literal["1:1", "1:n", "n:1", "n:m"]

#: Scheme id -> titles. The order is the order of preference when codes fit several.
SCHEMES: Mapping[str, Mapping[str, str]] = {
    "mnr2023": {
        "zh": "国土空间用地用海分类（2023）",
        "en": "Land and sea use classification (2023)",
    },
    "mnr2020": {
        "zh": "国土空间用地用海分类（2020 试行）",
        "en": "Land and sea use classification (2020 trial)",
    },
    "sandiao": {
        "zh": "第三次国土调查工作分类",
        "en": "Third national land survey classes",
    },
    "gb50137": {
        "zh": "城市用地分类（GB 50137-2011）",
        "en": "Urban land use classification (GB 50137-2011)",
    },
}


class UnknownScheme(LayerError):
    """A classification scheme that we do not have."""


@dataclass(frozen=True, slots=True)
class LandClass:
    """One class. ``rgb`` is the colour for statutory drawings, None where the source
    gives none; ``parent`` is None at the first level."""

    code: str
    level: int
    parent: str | None
    name_zh: str
    name_en: str
    rgb: Rgb | None
    colour_source: str
    confidence: str


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme's classes by code, in the order of the standard."""

    id: str
    title_zh: str
    title_en: str
    classes: Mapping[str, LandClass]

    def __contains__(self, code: object) -> bool:
        return code in self.classes

    def __iter__(self) -> Iterator[LandClass]:
        return iter(self.classes.values())

    def at_level(self, code: str, level: int) -> LandClass | None:
        """The class itself or its ancestor at a level; None for an unknown code and
        for a class above that level, unless the standard divides it no further."""
        found = self.classes.get(code)
        while found is not None and found.level > level:
            found = self.classes.get(found.parent or "")
        if found is None or found.level == level:
            return found
        return None if any(each.parent == found.code for each in self) else found


@dataclass(frozen=True, slots=True)
class Detection:
    """What a set of codes tells about its scheme.

    ``scheme`` is set only when exactly one scheme knows every code.
    ``candidates`` fit equally well, in order of preference. ``unknown`` are in no
    scheme. ``mixed``: each code is known somewhere, but no scheme has them all.
    ``padded`` maps codes that lost their leading zero to what they probably were.
    """

    scheme: str | None
    candidates: tuple[str, ...]
    unknown: tuple[str, ...]
    mixed: bool
    padded: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A class of another scheme that a code corresponds to."""

    code: str
    relation: Relation
    confidence: str


@cache
def scheme(id: str) -> Scheme:
    """A scheme by its id; ``UnknownScheme`` names those there are."""
    if id not in SCHEMES:
        raise UnknownScheme(
            f"Unknown land-use scheme {id!r}; there are {', '.join(SCHEMES)}.",
            f"未知的用地分类体系“{id}”；可用：{'、'.join(SCHEMES)}。",
            parameter="scheme",
        )
    classes = (_land_class(row) for row in _table(id))
    titles = SCHEMES[id]
    by_code = {each.code: each for each in classes}
    return Scheme(id, titles["zh"], titles["en"], by_code)


def detect_scheme(codes: Iterable[str | None]) -> Detection:
    """Which scheme a layer's codes belong to. Empty values are ignored."""
    distinct = sorted({code.strip() for code in codes if code and code.strip()})
    hits = {id: sum(code in scheme(id) for code in distinct) for id in SCHEMES}
    best = max(hits.values())
    candidates = tuple(id for id, count in hits.items() if count == best and best)
    unknown = tuple(code for code in distinct if not _known(code))
    whole = best == len(distinct) and len(candidates) == 1
    return Detection(
        scheme=candidates[0] if whole else None,
        candidates=candidates,
        unknown=unknown,
        mixed=bool(distinct) and not unknown and best < len(distinct),
        padded={code: f"0{code}" for code in unknown if _lost_zero(code)},
    )


@cache
def crosswalk(source: str, target: str) -> Mapping[str, tuple[Counterpart, ...]]:
    """Code of ``source`` -> classes of ``target``, best first. Empty for a pair of
    schemes of which no correspondence is known."""
    scheme(source), scheme(target)
    found: dict[str, list[Counterpart]] = {}
    for row in _table("crosswalk"):
        if (row["from_scheme"], row["to_scheme"]) == (source, target):
            each = Counterpart(row["to_code"], _relation(row), row["confidence"])
            found.setdefault(row["from_code"], []).append(each)
    return {code: tuple(each) for code, each in found.items()}


@cache
def turned_round(source: str, target: str) -> Mapping[str, tuple[Counterpart, ...]]:
    """The crosswalk from ``target`` to ``source`` read backwards: of each code of
    ``source`` the classes of ``target`` that become it. What several become is one to
    many this way; of a class and its own parent the class is meant. A code that nothing
    becomes has what its parent has, within which it lies."""
    forth = crosswalk(target, source)
    found: dict[str, list[Counterpart]] = {}
    for code, others in forth.items():
        for other in others:
            found.setdefault(other.code, []).append(
                Counterpart(code, other.relation, other.confidence)
            )
    told = {code: _backwards(each, forth, target) for code, each in found.items()}
    for each in scheme(source) if told else ():  # parents stand before their children
        if each.code not in told and each.parent in told:
            told[each.code] = told[each.parent or ""]
    return told


_SURE = ("high", "medium", "low")


def _backwards(
    found: list[Counterpart], forth: Mapping[str, tuple[Counterpart, ...]], target: str
) -> tuple[Counterpart, ...]:
    """Without the parents of others, the surest and closest first."""
    classes = scheme(target).classes
    parents: set[str | None] = set()
    for each in found:
        above = classes[each.code].parent
        while above is not None:
            parents.add(above)
            above = classes[above].parent
    kept = [each for each in found if each.code not in parents]
    kept.sort(key=lambda c: (_SURE.index(c.confidence), len(forth[c.code])))
    several = len(kept) > 1
    return tuple(
        Counterpart(
            each.code,
            ("n:m" if several else "n:1")
            if len(forth[each.code]) > 1
            else ("1:n" if several else "1:1"),
            each.confidence,
        )
        for each in kept
    )


def _known(code: str) -> bool:
    return any(code in scheme(id) for id in SCHEMES)


def _lost_zero(code: str) -> bool:
    return len(code) % 2 == 1 and code.isdigit() and _known(f"0{code}")


def _relation(row: Mapping[str, str]) -> Relation:
    relation: dict[str, Relation] = {r: r for r in ("1:1", "1:n", "n:1", "n:m")}
    return relation[row["relation"]]


def _land_class(row: Mapping[str, str]) -> LandClass:
    rgb = [int(part) for part in row["rgb"].split()]
    return LandClass(
        code=row["code"],
        level=int(row["level"]),
        parent=row["parent"] or None,
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        rgb=(rgb[0], rgb[1], rgb[2]) if rgb else None,
        colour_source=row["colour_source"],
        confidence=row["confidence"],
    )


def _table(name: str) -> list[dict[str, str]]:
    path = TABLES / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
