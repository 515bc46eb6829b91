"""A book of dossiers as a Word file: pictures true to scale, real headings and tables.

Three-line tables and fonts as Chinese reports have them; whoever gets the file edits it
as their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from service.maps.dossier import Block, Dossier
from service.maps.page import Page
from service.maps.symbols import INK_SOFT, OCHRE
from service.maps.wordfile import About, dressed, packed
from service.maps.wordtable import WORDS, Column, Rows, table_of

_EMU_PER_INCH = 914_400
#: Of the page, millimetres. Word measures in twentieths of a point.
MARGIN = 20.0
_NARROW = 0.24  # of the text's width: labels, numbers
_MAP_SHARE = 0.38  # of the text's height, what the map takes at most
PICTURE_DPI = 300.0


@dataclass(frozen=True, slots=True)
class Picture:
    """A map of so many dots; it is placed at the size that its dots have on paper."""

    png: bytes
    width: int
    height: int
    caption: str
    notes: str
    alt: str  # what it shows, for who cannot see it


@dataclass(frozen=True, slots=True)
class Words:
    """What the book says between the features, in its language."""

    title: str
    stamp: str
    contents: str
    amounts: tuple[str, ...]
    distances: tuple[str, ...]
    record: str
    footer: str


def picture_page(page: Page) -> Page:
    """The paper that a map of the book has, of whole dots."""
    dots = PICTURE_DPI / 25.4
    width = round((page.width - 2 * MARGIN) * dots) / dots
    height = round((page.height - 2 * MARGIN) * _MAP_SHARE * dots) / dots
    return Page(width, height, PICTURE_DPI, page.paper)


class Book:
    """A Word file in the making: an index, chapters, what it was made from."""

    def __init__(self, page: Page, words: Words, about: About) -> None:
        self._document: WordDocument = Document()
        self._words, self._about = words, about
        self._width = page.width - 2 * MARGIN
        dressed(self._document)
        self._paper(page)

    def index(self, picture: Picture, entries: Sequence[Dossier]) -> None:
        """The first page: where everything lies."""
        self._heading(self._words.title, 0)
        self._picture(picture)
        self._heading(self._words.contents, 2)
        rows = [(str(n), e.name, e.other_name) for n, e in enumerate(entries, 1)]
        anchors = [_bookmark(n) for n in range(1, len(rows) + 1)]
        told = Rows(self._words.contents, rows, anchors=anchors)
        self._table(told, (0.1, 0.4, 0.5))

    def chapter(self, number: int, dossier: Dossier, picture: Picture) -> None:
        """A feature, on a page of its own."""
        heading = self._heading(f"{number}  {dossier.name}" if number else dossier.name)
        if number:
            heading.paragraph_format.page_break_before = True
            _mark(heading, number)
        if dossier.other_name:
            self._line(dossier.other_name, INK_SOFT)
        self._picture(picture)
        for block in dossier.blocks:
            self._block(block)

    def record(self, rows: Sequence[tuple[str, str]]) -> None:
        """The last page: query, versions, release, so that it can be made again."""
        self._heading(self._words.record).paragraph_format.page_break_before = True
        self._table(Rows(self._words.record, rows), (_NARROW, 1 - _NARROW))

    def content(self) -> bytes:
        """The file."""
        return packed(self._document, self._about)

    def _paper(self, page: Page) -> None:
        section = self._document.sections[0]
        section.page_width, section.page_height = Mm(page.width), Mm(page.height)
        section.left_margin = section.right_margin = Mm(MARGIN)
        section.top_margin = section.bottom_margin = Mm(MARGIN)
        section.header_distance = section.footer_distance = Mm(9)
        if self._words.stamp:
            head = section.header.paragraphs[0]
            head.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            head.add_run(self._words.stamp).bold = True
        foot = section.footer.paragraphs[0]
        foot.paragraph_format.tab_stops.clear_all()
        foot.paragraph_format.tab_stops.add_tab_stop(
            Mm(self._width), WD_TAB_ALIGNMENT.RIGHT
        )
        foot.add_run(f"{self._words.footer}\t")
        foot._p.append(_field("PAGE"))

    def _heading(self, text: str, level: int = 1) -> Paragraph:
        return self._paragraph(text, f"Heading{level}" if level else "Title")

    def _paragraph(self, text: str, style: str) -> Paragraph:
        # By its id: looking a style up by name reads all of them every time.
        paragraph: Paragraph = self._document.add_paragraph(text)
        paragraph._p.style = style
        return paragraph

    def _line(self, text: str, colour: str) -> None:
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.space_after = Pt(4)
        paragraph.paragraph_format.keep_with_next = True
        run = paragraph.add_run(text)
        run.font.color.rgb = RGBColor.from_string(colour[1:])

    def _picture(self, picture: Picture) -> None:
        emu = _EMU_PER_INCH / PICTURE_DPI  # whole: 3048 a dot
        size = Emu(round(picture.width * emu)), Emu(round(picture.height * emu))
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(BytesIO(picture.png), *size)
        for side in ("distT", "distB", "distL", "distR"):
            shape._inline.set(side, "0")  # unsaid, some programs leave an eighth inch
        shape._inline.docPr.set("descr", picture.alt)
        caption = self._paragraph(picture.caption, "Caption")
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        caption.paragraph_format.space_before = Pt(3)
        caption.paragraph_format.keep_with_next = True
        self._paragraph(picture.notes, "Caption")

    def _block(self, block: Block) -> None:
        heading = self._heading(block.title, 2)
        if block.warning:
            for run in heading.runs:
                run.font.color.rgb = RGBColor.from_string(OCHRE[1:])
        if len(block.rows[0]) == 2:
            self._table(Rows(block.title, block.rows), (_NARROW, 1 - _NARROW))
        elif any(row[2] for row in block.rows):
            shares = (1 - 1.6 * _NARROW, _NARROW, 0.6 * _NARROW)
            self._table(Rows(block.title, block.rows, self._words.amounts), shares)
        else:
            rows = [row[:2] for row in block.rows]
            told = Rows(block.title, rows, self._words.distances)
            self._table(told, (1 - _NARROW, _NARROW))

    def _table(self, told: Rows, shares: Sequence[float]) -> None:
        columns = [
            Column(self._width * share, right=bool(told.head) and n > 0)
            for n, share in enumerate(shares)
        ]
        body = self._document.element.body
        body.sectPr.addprevious(table_of(told, columns))


def _bookmark(number: int) -> str:
    return f"feature{number}"


def _mark(heading: Paragraph, number: int) -> None:
    """What the contents lead to."""
    begin, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (begin, end):
        mark.set(qn("w:id"), str(number))
    begin.set(qn("w:name"), _bookmark(number))
    heading.runs[0]._r.addprevious(begin)
    heading.runs[-1]._r.addnext(end)


def _field(name: str) -> Any:
    return parse_xml(
        f'<w:fldSimple xmlns:w="{WORDS}" w:instr=" {name} "><w:r><w:t>1</w:t></w:r>'
        "</w:fldSimple>"
    )
