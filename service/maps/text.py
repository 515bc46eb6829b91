"""Lines of text on a sheet, and breaking them to a width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.maps.font import text_width
from service.maps.marks import Halo
from service.maps.symbols import INK


@dataclass(frozen=True, slots=True)
class Text:
    """One line: the left end of its baseline and its size in page mm."""

    text: str
    x: float
    y: float
    size: float
    colour: str = INK
    bold: bool = False
    halo: float = 0.0  # mm of paper colour around the letters


def right_of(text: str, right: float, size: float) -> float:
    """The left end of a line that ends at ``right``."""
    return right - text_width(text, size)


def broken(text: str, size: float, width: float) -> list[str]:
    """Lines no wider than ``width``: broken between Chinese characters and at spaces,
    never before closing punctuation."""
    lines: list[str] = []
    line = ""
    for word in _words(text):
        if line and text_width(line + word.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = word.lstrip()
        else:
            line += word
    return [*lines, line.rstrip()] if line.strip() else lines


def fitted(text: str, size: float, width: float) -> str:
    """The text, or as much of it as fits followed by an ellipsis."""
    if text_width(text, size) <= width:
        return text
    kept = len(text)
    while kept and text_width(text[:kept] + "…", size) > width:
        kept -= 1
    return text[:kept].rstrip() + "…"


def _words(text: str) -> Iterable[str]:
    word = ""
    for c in text:
        if word and c not in "，。、；：）》”’,.;:)·" and _breaks(word[-1], c):
            yield word
            word = ""
        word += c
    if word:
        yield word


def _breaks(before: str, after: str) -> bool:
    if before in "（《“(":
        return False
    return before == " " or before >= "⺀" or (after >= "⺀" and before != " ")


def halos(texts: Iterable[Text]) -> list[Halo]:
    """The edges of haloed letters, to lie under the text itself."""
    return [Halo(t.text, t.x, t.y, t.size, t.halo) for t in texts if t.halo]
