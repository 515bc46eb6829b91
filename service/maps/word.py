"""A book of dossiers as a Word file: pictures true to scale, real headings and tables.

Three-line tables and fonts as Chinese reports have them; whoever gets the file edits it
as their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Emu, Mm, RGBColor
from docx.table import Table
from docx.text.paragraph import Paragraph

from service.maps.dossier import Block, Dossier
from service.maps.page import Page
from service.maps.symbols import INK_SOFT, OCHRE
from service.maps.wordfile import About, dressed, packed

_EMU_PER_INCH = 914_400
#: Of the page, millimetres. Word measures in twentieths of a point.
MARGIN = 20.0
_NARROW = 0.22  # of the text's width: labels, numbers
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


@dataclass(frozen=True, slots=True)
class Words:
    """What the book says between the features, in its language."""

    title: str
    stamp: str
    contents: str
    amounts: tuple[str, str, str]
    distances: tuple[str, str]
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
        self._table(rows, (0.1, 0.4, 0.5))

    def chapter(self, number: int, dossier: Dossier, picture: Picture) -> None:
        """A feature, on a page of its own."""
        heading = self._heading(f"{number}  {dossier.name}" if number else dossier.name)
        heading.paragraph_format.page_break_before = number > 0
        if dossier.other_name:
            self._line(dossier.other_name, INK_SOFT)
        self._picture(picture)
        for block in dossier.blocks:
            self._block(block)

    def record(self, rows: Sequence[tuple[str, str]]) -> None:
        """The last page: query, versions, release, so that it can be made again."""
        self._heading(self._words.record).paragraph_format.page_break_before = True
        self._table(rows, (_NARROW, 1 - _NARROW))

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
        heading: Paragraph = self._document.add_heading(text, level)
        return heading

    def _line(self, text: str, colour: str) -> Paragraph:
        paragraph = self._document.add_paragraph()
        run = paragraph.add_run(text)
        run.font.color.rgb = RGBColor.from_string(colour[1:])
        return paragraph

    def _picture(self, picture: Picture) -> None:
        emu = _EMU_PER_INCH / PICTURE_DPI  # whole: 3048 a dot
        size = Emu(round(picture.width * emu)), Emu(round(picture.height * emu))
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = True
        shape = paragraph.add_run().add_picture(BytesIO(picture.png), *size)
        shape._inline.docPr.set("descr", picture.caption)
        caption = self._document.add_paragraph(picture.caption, style="Caption")
        caption.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self._document.add_paragraph(picture.notes, style="Caption")

    def _block(self, block: Block) -> None:
        heading = self._heading(block.title, 2)
        if block.warning:
            for run in heading.runs:
                run.font.color.rgb = RGBColor.from_string(OCHRE[1:])
        if len(block.rows[0]) == 2:
            self._table(block.rows, (_NARROW, 1 - _NARROW))
        elif any(row[2] for row in block.rows):
            shares = (1 - 1.6 * _NARROW, _NARROW, 0.6 * _NARROW)
            self._table(block.rows, shares, self._words.amounts)
        else:
            rows = [row[:2] for row in block.rows]
            self._table(rows, (1 - _NARROW, _NARROW), self._words.distances)

    def _table(
        self,
        rows: Sequence[tuple[str, ...]],
        shares: Sequence[float],
        head: Sequence[str] = (),
    ) -> None:
        lines = [*([tuple(head)] if head else []), *rows]
        table = self._document.add_table(len(lines), len(shares))
        _ruled(table)
        for share, column in zip(shares, table.columns, strict=True):
            column.width = Mm(self._width * share)
        for n, (texts, row) in enumerate(zip(lines, table.rows, strict=True)):
            for k, (text, cell) in enumerate(zip(texts, row.cells, strict=True)):
                cell.width = Mm(self._width * shares[k])
                run = cell.paragraphs[0].add_run(text)
                run.bold = True if head and n == 0 else None
                if head and k:
                    cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _whole(row._tr, repeated=bool(head) and n == 0)


def _ruled(table: Table) -> None:
    """Three lines: heavy above and below, hair lines between the rows."""
    table.autofit = False
    borders = OxmlElement("w:tblBorders")
    for side, size in (("top", 12), ("bottom", 12), ("insideH", 4)):
        line = OxmlElement(f"w:{side}")
        for name, value in _line_of(size):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    # The schema wants them before the layout and the look.
    layout = table._tbl.tblPr.find(qn("w:tblLayout"))
    layout.addprevious(borders)


def _line_of(size: int) -> Iterator[tuple[str, str]]:
    yield from (("val", "single"), ("sz", str(size)), ("space", "0"))
    yield "color", "172022" if size > 4 else "B8C0BD"


def _whole(row: Any, *, repeated: bool) -> None:
    """A row is not torn by a page's end; a head is repeated after it."""
    properties = row.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeated:
        properties.append(OxmlElement("w:tblHeader"))


def _field(name: str) -> Any:
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return parse_xml(
        f'<w:fldSimple xmlns:w="{space}" w:instr=" {name} "><w:r><w:t>1</w:t></w:r>'
        "</w:fldSimple>"
    )
