"""A sheet as one SVG file: shapes, and text that can be selected, in its own font."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator
from html import escape
from itertools import count

from service.maps.font import FAMILY, UNITS_PER_EM, outline, subset_font, text_width
from service.maps.marks import (
    MAP_UNITS,
    Band,
    Clipped,
    Discs,
    Halo,
    Mark,
    Patterned,
    Pen,
    Shape,
    box,
)
from service.maps.paths import disc_text, path_text
from service.maps.patterns import Pattern
from service.maps.sheet import Sheet
from service.maps.symbols import PAPER, Hatch
from service.maps.text import Text

#: The package has one weight; bold letters are drawn with this outline (em).
BOLD = 0.035
#: How far the paper around names covers what lies beneath.
HALO = 0.85


def drawing_svg(sheet: Sheet) -> str:
    """The shapes alone; the texts are set by whoever draws it."""
    return f"{_head(sheet)}{_drawing(sheet)}</svg>"


def sheet_svg(sheet: Sheet, record: str) -> bytes:
    """The whole sheet. ``record`` is the file's provenance (JSON text)."""
    characters = frozenset("".join(text.text for text in sheet.texts))
    font = base64.b64encode(subset_font(characters)).decode()
    style = (
        f"@font-face{{font-family:'{FAMILY}';"
        f"src:url(data:font/otf;base64,{font})}}"
        f"text{{font-family:'{FAMILY}',sans-serif;font-kerning:none;white-space:pre}}"
    )
    parts = [
        _head(sheet),
        f"<title>{escape(sheet.title)}</title>",
        f'<metadata id="atlas-provenance">{escape(record, quote=False)}</metadata>',
        f"<style>{style}</style>",
        _drawing(sheet),
        *map(_text, sheet.texts),
        "</svg>\n",
    ]
    return "".join(parts).encode()


def _head(sheet: Sheet) -> str:
    width, height = sheet.page.width, sheet.page.height
    return (
        '<svg xmlns="http://www.w3.org/2000/svg"'
        f' width="{width:.4f}mm" height="{height:.4f}mm"'
        f' viewBox="0 0 {width:.4f} {height:.4f}">'
    )


def _drawing(sheet: Sheet) -> str:
    """The marks, after the patterns and clips that they name."""
    writer = _Writer()
    drawing = "".join(writer.marks(sheet.marks))
    return (
        f"<defs>{''.join(writer.definitions.values())}</defs>"
        f'<g fill="none" stroke-linejoin="round">{drawing}</g>'
    )


#: Pitches in a pattern's cell, across and down.
_REPEATED = {"lines": (1, 24), "cross": (12, 12), "dots": (1, 1)}


class _Writer:
    """Marks as SVG elements."""

    def __init__(self) -> None:
        self.definitions: dict[str, str] = {}
        self._numbers = count()

    def marks(self, marks: Iterable[Mark]) -> Iterator[str]:
        for mark in marks:
            if isinstance(mark, Shape):
                yield _shape(mark)
            elif isinstance(mark, Discs):
                yield _discs(mark)
            elif isinstance(mark, Halo):
                yield _halo(mark)
            elif isinstance(mark, Band):
                yield self._band(mark)
            elif isinstance(mark, Patterned):
                yield self._patterned(mark)
            else:
                yield self._clipped(mark)

    def _clipped(self, mark: Clipped) -> str:
        id_ = self._clip(_shape(box(mark.frame)))
        inner = "".join(self.marks(mark.marks))
        return f'<g clip-path="url(#{id_})">{inner}</g>'

    def _band(self, mark: Band) -> str:
        """A wide hatched pen along the outline, of which the clip leaves the inner
        half."""
        px = mark.px * MAP_UNITS
        path = path_text(mark.outline)
        id_ = self._clip(f'<path d="{path}"/>')
        pattern = f"hatch-{mark.hatch.colour.lstrip('#').lower()}"
        self.definitions[pattern] = _pattern(pattern, mark.hatch, px)
        return (
            f'<path transform="{_scaled(MAP_UNITS)}" d="{path}"'
            f' clip-path="url(#{id_})" stroke="url(#{pattern})"'
            f' stroke-width="{2 * mark.hatch.band * px:.0f}"/>'
        )

    def _patterned(self, mark: Patterned) -> str:
        units, p = mark.outline.per_mm, mark.pattern
        colour = p.colour.lstrip("#").lower()
        id_ = f"{p.kind}{p.angle}-{p.pitch:g}-{colour}-{units}"
        self.definitions[id_] = _cell(id_, p, mark.px * units)
        path = path_text(mark.outline)
        return f'<path transform="{_scaled(units)}" d="{path}" fill="url(#{id_})"/>'

    def _clip(self, content: str) -> str:
        id_ = f"clip{next(self._numbers)}"
        self.definitions[id_] = f'<clipPath id="{id_}">{content}</clipPath>'
        return id_


def _pattern(id_: str, hatch: Hatch, px: float) -> str:
    pitch = hatch.pitch * px
    return (
        f'<pattern id="{id_}" width="{pitch:.1f}" height="{pitch:.1f}"'
        ' patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        f'<path d="M0 0V{pitch:.1f}" stroke="{hatch.colour}"'
        f' stroke-opacity="{hatch.opacity}"'
        # Half of a line on the cell's edge is cut off.
        f' stroke-width="{2 * hatch.width * px:.1f}"/></pattern>'
    )


def _cell(id_: str, pattern: Pattern, px: float) -> str:
    """What is repeated: large, for readers of PDF leave seams between cells."""
    pitch, size = pattern.pitch * px, pattern.size * px
    across, down = _REPEATED[pattern.kind]
    width, height = across * pitch, down * pitch
    ink, opacity = f'"{pattern.colour}"', f'opacity="{pattern.opacity}"'
    if pattern.kind == "dots":
        at = f'cx="{pitch / 2:.1f}" cy="{pitch / 2:.1f}" r="{size:.1f}"'
        drawn = f"<circle {at} fill={ink} fill-{opacity}/>"
    else:
        path = "".join(
            f"M{n * pitch + size / 2:.1f} 0v{height:.1f}" for n in range(across)
        )
        if pattern.kind == "cross":
            rows = (n * pitch + size / 2 for n in range(down))
            path += "".join(f"M0 {y:.1f}h{width:.1f}" for y in rows)
        drawn = (
            f'<path d="{path}" stroke={ink} stroke-{opacity}'
            f' stroke-width="{size:.1f}"/>'
        )
    return (
        f'<pattern id="{id_}" width="{width:.1f}" height="{height:.1f}"'
        f' patternUnits="userSpaceOnUse" patternTransform="rotate({pattern.angle})">'
        f"{drawn}</pattern>"
    )


def _scaled(per_mm: int) -> str:
    return f"scale({1 / per_mm:g})"


def _shape(mark: Shape) -> str:
    units = mark.outline.per_mm
    fill = f' fill="{mark.fill}"' if mark.fill else ""
    if mark.fill and mark.opacity < 1:
        fill += f' fill-opacity="{mark.opacity:g}"'
    return (
        f'<path transform="{_scaled(units)}" d="{path_text(mark.outline)}"'
        f"{fill}{_pen(mark.pen, units)}/>"
    )


def _discs(mark: Discs) -> str:
    return (
        f'<path transform="{_scaled(MAP_UNITS)}"'
        f' d="{disc_text(mark.centres, mark.radius)}" fill="{mark.fill}"'
        f"{_pen(mark.pen, MAP_UNITS)}/>"
    )


def _pen(pen: Pen | None, units: int) -> str:
    if pen is None:
        return ""
    parts = [f' stroke="{pen.colour}" stroke-width="{pen.width * units:.4g}"']
    if pen.dash:
        dash = " ".join(f"{d * units:.4g}" for d in pen.dash)
        parts.append(f' stroke-dasharray="{dash}"')
    if pen.opacity < 1:
        parts.append(f' stroke-opacity="{pen.opacity:g}"')
    if pen.sharp:
        parts.append(' stroke-linejoin="miter"')
    return "".join(parts)


def _halo(mark: Halo) -> str:
    """Outlines beneath the text itself: one drawing for every format, and no second
    copy of the words in a PDF."""
    k = mark.size / UNITS_PER_EM
    letters, x = [], 0.0
    for c in mark.text:
        if path := outline(c):
            letters.append(f'<path transform="translate({x:.0f})" d="{path}"/>')
        x += text_width(c, UNITS_PER_EM)
    return (
        f'<g transform="translate({mark.x:.3f} {mark.y:.3f}) scale({k:.6f} {-k:.6f})"'
        f' stroke="{PAPER}" stroke-opacity="{HALO}"'
        f' stroke-width="{2 * mark.width / k:.0f}">{"".join(letters)}</g>'
    )


def _text(text: Text) -> str:
    bold = (
        f' stroke="{text.colour}" stroke-width="{text.size * BOLD:.3f}"'
        if text.bold
        else ""
    )
    return (
        f'<text x="{text.x:.3f}" y="{text.y:.3f}" font-size="{text.size:.3f}"'
        f' fill="{text.colour}"{bold}>{escape(text.text, quote=False)}</text>'
    )
