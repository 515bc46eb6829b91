"""Three-line tables of a Word file, written as they stand in it: through the library's
cells a book of twenty pages takes seconds longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from docx.oxml.parser import parse_xml

from service.maps.symbols import SELECTED

WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TWIPS_PER_MM = 1440 / 25.4
_INK, _HAIR = "172022", "B8C0BD"
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'
    for side, size, colour in (
        ("top", 12, _INK),
        ("bottom", 12, _INK),
        ("insideH", 4, _HAIR),
    )
)
_CELLS = '<w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
#: Tables of no more rows stay on one page.
_TOGETHER = 15


@dataclass(frozen=True, slots=True)
class Column:
    """A column of so many millimetres."""

    width: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """What a table tells. ``head`` is repeated where it goes on; ``anchors`` are the
    bookmarks that its rows lead to; ``title`` is read out to who cannot see it."""

    title: str
    rows: Sequence[tuple[str, ...]]
    head: tuple[str, ...] = ()
    anchors: Sequence[str] = ()


def table_of(told: Rows, columns: Sequence[Column]) -> Any:
    """The table as an element of the document."""
    widths = [round(column.width * _TWIPS_PER_MM) for column in columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    whole = len(told.rows) <= _TOGETHER
    last = len(told.rows) - 1
    head = [_row(told.head, columns, widths, keep=True, head=True)] if told.head else []
    rows = [
        _row(row, columns, widths, keep=whole and n < last, anchor=anchor)
        for n, (row, anchor) in enumerate(
            zip(told.rows, told.anchors or [""] * len(told.rows), strict=True)
        )
    ]
    return parse_xml(
        f'<w:tbl xmlns:w="{WORDS}"><w:tblPr>'
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        '<w:tblInd w:w="0" w:type="dxa"/>'
        f"<w:tblBorders>{_BORDERS}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/>'
        f"<w:tblCellMar>{_CELLS}</w:tblCellMar>"
        f'<w:tblLook w:val="{"0020" if head else "0000"}"'
        f' w:firstRow="{int(bool(head))}" w:lastRow="0" w:firstColumn="0"'
        ' w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        f"<w:tblCaption w:val={quoteattr(_clean(told.title))}/>"
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(head + rows)}</w:tbl>"
    )


def _row(
    texts: Sequence[str],
    columns: Sequence[Column],
    widths: Sequence[int],
    *,
    keep: bool,
    head: bool = False,
    anchor: str = "",
) -> str:
    """A row is not torn by a page's end; a head is repeated after it."""
    cells = [
        _cell(text, column, width, keep=keep, head=head, anchor=anchor)
        for text, column, width in zip(texts, columns, widths, strict=True)
    ]
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    text: str, column: Column, width: int, *, keep: bool, head: bool, anchor: str
) -> str:
    kept = "<w:keepNext/>" if keep else ""
    side = '<w:jc w:val="right"/>' if column.right else ""
    look = "<w:b/>" if head else ""
    look += f'<w:color w:val="{SELECTED[1:]}"/>' if anchor else ""
    run = (
        f"<w:r>{f'<w:rPr>{look}</w:rPr>' if look else ''}"
        f'<w:t xml:space="preserve">{escape(_clean(text))}</w:t></w:r>'
    )
    if anchor:
        run = f'<w:hyperlink w:anchor="{anchor}" w:history="1">{run}</w:hyperlink>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>'
        '<w:vAlign w:val="center"/></w:tcPr>'
        f"<w:p><w:pPr>{kept}{side}</w:pPr>{run}</w:p></w:tc>"
    )


def _clean(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(c for c in text if c >= " " or c in "\t\n")
