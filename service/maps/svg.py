"""A sheet as one SVG file: shapes, and text that can be selected, in its own font."""

from __future__ import annotations

import base64
from html import escape

from service.maps.font import FAMILY, subset_font
from service.maps.sheet import Sheet
from service.maps.text import Text


def drawing_svg(sheet: Sheet) -> str:
    """The shapes alone; the texts are set by whoever draws it."""
    return f"{_head(sheet)}<defs>{sheet.definitions}</defs>{sheet.drawing}</svg>"


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
        f"<defs><style>{style}</style>{sheet.definitions}</defs>",
        sheet.drawing,
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


#: The package has one weight; bold letters are drawn with this outline (em).
BOLD = 0.035
