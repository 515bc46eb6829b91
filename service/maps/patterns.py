"""Patterns that keep classes apart on paper printed in grey.

A class keeps its pattern from map to map as far as the others of its layer allow: its
first digits choose the form, the next how dense it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

INK, LIGHT = "#172022", "#FFFFFF"
Form = tuple[Literal["lines", "cross", "dots"], int]

#: Kind, and degrees that it is turned by.
_FORMS: tuple[Form, ...] = (
    ("lines", 45), ("dots", 45), ("cross", 45), ("lines", 0), ("cross", 0),
    ("lines", 90), ("lines", 135),
)  # fmt: skip
#: Pitch in CSS pixels, and the width of a line or the radius of a dot.
_DENSITIES = ((7.0, 0.8, 1.0), (11.0, 1.0, 1.4), (4.5, 0.6, 0.8))
#: By main class of the national classification of 2023, and of GB 50137.
_FIRST = {
    "07": 0, "08": 1, "09": 2, "10": 3, "11": 4, "12": 5, "13": 6, "14": 1,
    "R": 0, "A": 1, "B": 2, "M": 3, "W": 4, "S": 5, "U": 6, "G": 1,
}  # fmt: skip
#: Fills darker than this carry the pattern in white.
_DARK = 90


@dataclass(frozen=True, slots=True)
class Pattern:
    """Lines, crossing lines or dots: CSS pixels; ``size`` is their width or radius."""

    kind: Literal["lines", "cross", "dots"]
    angle: int
    pitch: float
    size: float
    colour: str = INK
    opacity: float = 0.7


def patterns_of(codes: Iterable[str], fills: dict[str, str]) -> dict[str, Pattern]:
    """One for each of a layer's classes, no two alike while there are enough."""
    found: dict[str, Pattern] = {}
    used: set[tuple[int, int]] = set()
    for n, code in enumerate(codes):
        choices = list(_choices(code, n))
        chosen = next((c for c in choices if c not in used), choices[0])
        used.add(chosen)
        found[code] = _made(*chosen, _over(fills[code]))
    return found


def _choices(code: str, n: int) -> Iterator[tuple[int, int]]:
    """Form and density, the fittest first."""
    main, minor = (code[:2], code[2:4]) if code.isdigit() else (code[:1], code[1:2])
    first = _FIRST.get(main, n)
    start = int(minor) if minor.isdigit() else 0
    for form in range(first, first + len(_FORMS)):
        for density in range(start, start + len(_DENSITIES)):
            yield form % len(_FORMS), density % len(_DENSITIES)


def _made(form: int, density: int, colour: str) -> Pattern:
    kind, angle = _FORMS[form]
    pitch, width, radius = _DENSITIES[density]
    return Pattern(kind, angle, pitch, radius if kind == "dots" else width, colour)


def _over(fill: str) -> str:
    """Ink, or white over what is dark already."""
    red, green, blue = (int(fill[at : at + 2], 16) for at in (1, 3, 5))
    return LIGHT if 0.3 * red + 0.59 * green + 0.11 * blue < _DARK else INK
