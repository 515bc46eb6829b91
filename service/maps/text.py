"""Lines of text on a sheet, and breaking them to a width."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from service.maps.font import UNITS_PER_EM, outline, text_width
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


def halo_svg(texts: Iterable[Text]) -> str:
    """The outlines of haloed letters, to lie under the text itself: one drawing for
    every format, and no second copy of the words in a PDF."""
    return "".join(_halo(text) for text in texts if text.halo)


def _halo(text: Text) -> str:
    k = text.size / UNITS_PER_EM
    width = 2 * text.halo / k
    letters, x = [], 0.0
    for c in text.text:
        if path := outline(c):
            letters.append(f'<path transform="translate({x:.0f})" d="{path}"/>')
        x += text_width(c, UNITS_PER_EM)
    return (
        f'<g transform="translate({text.x:.3f} {text.y:.3f}) scale({k:.6f} {-k:.6f})"'
        f' fill="none" stroke="#FFFFFF" stroke-opacity=".85" stroke-linejoin="round"'
        f' stroke-width="{width:.0f}">{"".join(letters)}</g>'
    )
