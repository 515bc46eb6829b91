"""Finding a class of land use by its code in any scheme, or by its name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from geo.frame import Frame
from layers.classification import (
    SCHEMES,
    LandClass,
    crosswalk,
    detect_scheme,
    scheme,
    turned_round,
)
from service.spelling import folded, has_han

CODE, SCHEME = "landuse_code", "landuse_scheme"
MOST = 6
#: Classes of that name that are looked for in the data.
CONSIDERED = 12
#: The shortest piece of a name that finds it.
LEAST_HAN, LEAST_LATIN = 2, 4

#: How many features of a layer are of which class: {(scheme, code): count}.
Held = Mapping[tuple[str, str], int]


class Named(NamedTuple):
    """A class, and how well it fits: 0 its code or name, 1 its name begins so, 2 has
    it within."""

    fit: int
    scheme: str
    each: LandClass


def held_classes(frame: Frame) -> Held:
    """The classes of a layer's features. What names no scheme has the one that its
    codes tell."""
    codes = frame.columns.get(CODE, ())
    schemes = frame.columns.get(SCHEME, [None] * len(codes))
    counted = Counter(zip(schemes, codes, strict=True))
    told = detect_scheme(code for _, code in counted).candidates[:1]
    found: Counter[tuple[str, str]] = Counter()
    for (declared, code), count in counted.items():
        id = declared if declared in SCHEMES else next(iter(told), None)
        if code and id and code in scheme(id):
            found[id, code] += count
    return found


def find_classes(query: str, held: Mapping[str, Held]) -> list[Mapping[str, Any]]:
    """Classes of that code or name that features are of, also in another scheme than
    theirs; where none are, what the code or name means. ``held``: by layer."""
    named = _named(folded(query))
    found: dict[tuple[str, str, str], Mapping[str, Any]] = {}
    for layer, classes in held.items():
        schemes = {id for id, _ in classes}
        own = [one for one in named if one.scheme in schemes]
        for one in own or named:
            for (id, code), count in classes.items():
                if (layer, id, code) not in found and _covers(one, id, code):
                    found[layer, id, code] = _told(one, id, code, layer, count)
    if found:
        return list(found.values())[:MOST]
    means: dict[str, Named] = {}
    for one in named:
        if one.fit == 0:
            means.setdefault(one.each.name_zh, one)
    return [_told(one, one.scheme, one.each.code, None, 0) for one in means.values()]


def _named(asked: str) -> list[Named]:
    """Classes of all schemes that are called so, best first."""
    if asked not in _everything():
        return []
    least = LEAST_HAN if has_han(asked) else LEAST_LATIN
    fits = (
        Named(fit, id, each)
        for id, each, names in _classes()
        if (fit := _fit(asked, each.code, names, least)) is not None
    )
    return sorted(fits, key=lambda one: one.fit)[:CONSIDERED]


def _fit(asked: str, code: str, names: tuple[str, ...], least: int) -> int | None:
    if asked == code.casefold() or asked in names:
        return 0
    if len(asked) < least:
        return None
    if any(name.startswith(asked) for name in names):
        return 1
    return 2 if any(asked in name for name in names) else None


@cache
def _classes() -> tuple[tuple[str, LandClass, tuple[str, ...]], ...]:
    """Of every class its scheme and folded names."""
    return tuple(
        (id, each, (folded(each.name_zh), folded(each.name_en)))
        for id in SCHEMES
        for each in scheme(id)
    )


@cache
def _everything() -> str:
    """All codes and names in one text: most queries are none of them."""
    every = ((each.code.casefold(), *names) for _, each, names in _classes())
    return "\n".join(text for texts in every for text in texts)


def _covers(one: Named, id: str, code: str) -> bool:
    """Whether a class of a scheme is the one named, or its part, or what it is part
    of."""
    if one.scheme == id:
        same = {one.each.code}
    else:
        pair = one.scheme, id
        known = crosswalk(*pair) or turned_round(*pair)
        same = {other.code for other in known.get(one.each.code, ())}
    above = _above(id, code)
    return any(other in above or code in _above(id, other) for other in same)


@cache
def _above(id: str, code: str) -> frozenset[str]:
    """A code and those that it is part of."""
    each = scheme(id).classes.get(code)
    return frozenset(
        {code} | (_above(id, each.parent) if each and each.parent else set())
    )


def _told(
    one: Named, id: str, code: str, layer: str | None, count: int
) -> Mapping[str, Any]:
    each, whole = scheme(id).classes[code], scheme(id)
    return {
        "collection": layer,
        "field": CODE,
        "scheme": id,
        "scheme_title_zh": whole.title_zh,
        "scheme_title_en": whole.title_en,
        "code": code,
        "title_zh": each.name_zh,
        "title_en": each.name_en,
        "why_zh": f"{one.each.code} {one.each.name_zh}",
        "why_en": f"{one.each.code} {one.each.name_en}",
        "count": count,
        "exact": one.fit == 0,
    }
