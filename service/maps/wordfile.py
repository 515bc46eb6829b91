"""A Word file's outside: fonts, properties, the record it carries, and its bytes."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor

from service.maps.symbols import INK, INK_SOFT

_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
#: Of Word's and of our own: body and headings, Latin and Chinese.
_BODY, _HEAD = ("Times New Roman", "宋体"), ("Arial", "黑体")
#: Name, what else it is called, its PANOSE number and family. A machine
#: without the font takes one that is called or drawn alike.
_FONTS = (
    ("宋体", "SimSun,Songti SC,Noto Serif CJK SC", "02010600030101010101", "auto"),
    ("黑体", "SimHei,Heiti SC,Noto Sans CJK SC", "02010609060101010101", "modern"),
    ("Times New Roman", "Liberation Serif", "02020603050405020304", "roman"),
    ("Arial", "Liberation Sans", "020B0604020202020204", "swiss"),
)
_STYLES = {
    "Normal": (9.0, 0.0, 0.0, INK, _BODY),
    "Title": (20.0, 0.0, 6.0, INK, _HEAD),
    "Heading 1": (16.0, 0.0, 4.0, INK, _HEAD),
    "Heading 2": (10.5, 8.0, 3.0, INK, _HEAD),
    "Caption": (8.0, 0.0, 1.0, INK_SOFT, _BODY),
    "Header": (9.0, 0.0, 0.0, INK, _HEAD),
    "Footer": (8.0, 0.0, 0.0, INK_SOFT, _BODY),
}
#: Of the template: its picture, and its styles once more for Word 2010.
_NOT_OURS = {
    RELATIONSHIP_TYPE.THUMBNAIL,
    "http://schemas.microsoft.com/office/2007/relationships/stylesWithEffects",
}
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)
_MOST_PROPERTY = 255


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself. ``made`` is the time of its newest data: a clock
    would make every file another one."""

    title: str
    lang: str
    made: str
    versions: str
    query: str
    token: str


def dressed(document: Document) -> None:
    """Fonts for both scripts, in every style that is used."""
    for name, (size, before, after, colour, fonts) in _STYLES.items():
        style: Any = document.styles[name]
        style.font.size, style.font.bold = Pt(size), name == "Header"
        style.font.color.rgb = RGBColor.from_string(colour[1:])
        style.paragraph_format.space_before = Pt(before)
        style.paragraph_format.space_after = Pt(after)
        style.paragraph_format.line_spacing = 1.0
        _lettered(style.element.get_or_add_rPr(), fonts)
    _plain(document)
    _settled(document)
    defaults = document.styles.element.find(qn("w:docDefaults"))
    properties = next(iter(defaults.iter(qn("w:rPr"))))
    _lettered(properties, _BODY)
    tongue = properties.find(qn("w:lang"))
    tongue.set(qn("w:val"), "en-US")
    tongue.set(qn("w:eastAsia"), "zh-CN")
    _named_fonts(document)


def _plain(document: Document) -> None:
    """A title without the template's rule below it."""
    properties = document.styles["Title"].element.get_or_add_pPr()
    for border in properties.findall(qn("w:pBdr")):
        properties.remove(border)


def _settled(document: Document) -> None:
    """Not in the mode of Word 2010, where tables stand out into the margin; and no
    tabs of the template, which the page's number would stop at."""
    settings = document.settings.element
    for setting in settings.iter(qn("w:compatSetting")):
        if setting.get(qn("w:name")) == "compatibilityMode":
            setting.set(qn("w:val"), "15")
    for tongue in settings.iter(qn("w:themeFontLang")):
        tongue.set(qn("w:eastAsia"), "zh-CN")
    for name in ("Header", "Footer"):
        properties = document.styles[name].element.get_or_add_pPr()
        for tabs in properties.findall(qn("w:tabs")):
            properties.remove(tabs)


def _lettered(properties: Any, fonts: tuple[str, str]) -> None:
    latin, chinese = fonts
    found = properties.find(qn("w:rFonts"))
    if found is None:
        found = properties.makeelement(qn("w:rFonts"), {})
        properties.insert(0, found)
    found.attrib.clear()  # names of the theme would win over these
    for name, font in (("ascii", latin), ("hAnsi", latin), ("cs", latin)):
        found.set(qn(f"w:{name}"), font)
    found.set(qn("w:eastAsia"), chinese)


def _named_fonts(document: Document) -> None:
    told = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/>'
        f'<w:panose1 w:val="{panose}"/>'
        f'<w:charset w:val="{"86" if name >= "⺀" else "00"}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="variable"/></w:font>'
        for name, other, panose, family in _FONTS
    )
    xml = f'<w:fonts xmlns:w="{_WORDS}">{told}</w:fonts>'
    table = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table._blob = _xml(xml)


def packed(document: Document, about: About) -> bytes:
    """The file, the same for the same content."""
    _properties(document, about)
    _record(document, about.token)
    made = BytesIO()
    document.save(made)
    return _still(made.getvalue())


def _properties(document: Document, about: About) -> None:
    core = document.core_properties
    core.title, core.author = about.title[:_MOST_PROPERTY], "liwan-atlas"
    core.last_modified_by, core.revision = "liwan-atlas", 1
    core.language = "zh-CN" if about.lang == "zh" else "en"
    core.keywords = _property(about.versions)
    core.comments, core.subject = _property(about.query), ""
    when = datetime.fromisoformat(about.made.replace("Z", "+00:00")).astimezone(UTC)
    core.created = core.modified = when.replace(tzinfo=None, microsecond=0)


def _property(text: str) -> str:
    return text if len(text) <= _MOST_PROPERTY else text[: _MOST_PROPERTY - 1] + "…"


def _record(document: Document, token: str) -> None:
    """A part of its own, which Word keeps when somebody edits and saves."""
    package = document.part.package
    name = PackURI("/customXml/item2.xml")
    blob = _xml(f'<record xmlns="urn:liwan-atlas:record">{token}</record>')
    part = Part(name, CONTENT_TYPE.XML, blob, package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)
    for relations in (package.rels, document.part.rels):
        for id_, relation in list(relations.items()):
            if relation.reltype in _NOT_OURS:
                del relations[id_]


def _xml(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{text}'.encode()


def _still(package: bytes) -> bytes:
    """Without times, and not packed: zlib is another program on every system, and the
    pictures, which are most of it, are packed already."""
    made = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(package)) as source,
        zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as target,
    ):
        for member in source.infolist():
            entry = zipfile.ZipInfo(member.filename, _FIRST_DAY)
            entry.create_system = 3
            target.writestr(entry, source.read(member))
    return made.getvalue()
