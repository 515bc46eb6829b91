"""Word books: real headings and tables, pictures at their true size, still bytes."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn
from PIL import Image

from service.atlas import Atlas
from service.errors import BadRequest, Unprocessable
from service.maps import series
from service.maps.provenance import read_record
from service.maps.rendering import Maps
from service.maps.series import parse_series
from service.maps.verifying import verify

GIVEN = {"f": "docx", "id": "vil-01-xijiao", "classification": "内部资料"}


@pytest.fixture(scope="module")
def maps(atlas: Atlas) -> Maps:
    return Maps(atlas.store, atlas.snapshots, atlas.catalogue)


def made(maps: Maps, atlas: Atlas, given: dict[str, str]) -> bytes:
    visible = list(atlas.catalogue)
    query = parse_series(given, "old-villages", maps.comparable(visible))
    return maps.series(maps.plan(query, visible, kind="series"))


@pytest.fixture(scope="module")
def village(maps: Maps, atlas: Atlas) -> bytes:
    return made(maps, atlas, GIVEN)


@pytest.fixture(scope="module")
def part(village: bytes) -> docx.document.Document:
    return docx.Document(BytesIO(village))


def test_a_feature_is_a_heading_with_headed_tables(
    part: docx.document.Document,
) -> None:
    styles = {p.text: p.style.name for p in part.paragraphs if p.style}
    assert styles["西郊村"] == "Heading 1"
    for word in ("概况", "面积", "出处", "依据与精度", "周边（直线距离）"):
        assert styles[word] == "Heading 2"
    heads = [[cell.text for cell in table.rows[0].cells] for table in part.tables]
    assert ["名称", "面积", "占比"] in heads
    assert ["名称", "距离"] in heads


def test_a_picture_has_the_size_of_its_dots(part: docx.document.Document) -> None:
    shape = part.inline_shapes[0]
    blip = next(shape._inline.iter(qn("a:blip")))
    picture = part.part.related_parts[blip.get(qn("r:embed"))]
    width, height = Image.open(BytesIO(picture.blob)).size
    assert (shape.width, shape.height) == (width * 3048, height * 3048)  # 300 dpi


def test_a_picture_stands_at_the_margin_and_says_what_it_shows(
    part: docx.document.Document,
) -> None:
    inline = part.inline_shapes[0]._inline
    assert {inline.get(f"dist{side}") for side in "TBLR"} == {"0"}
    assert inline.docPr.get("descr").startswith("地图：西郊村")


def test_tables_are_as_wide_as_the_text_and_named(part: docx.document.Document) -> None:
    for table in part.tables:
        properties = table._tbl.tblPr
        assert properties.find(qn("w:tblInd")).get(qn("w:w")) == "0"
        width = int(properties.find(qn("w:tblW")).get(qn("w:w")))
        assert width == pytest.approx(170 / 25.4 * 1440, abs=2)
        assert properties.find(qn("w:tblCaption")).get(qn("w:val"))


def test_short_tables_are_not_torn(part: docx.document.Document) -> None:
    table = next(t for t in part.tables if t.rows[0].cells[0].text == "名称")
    kept = [row.cells[0].paragraphs[0].paragraph_format for row in table.rows]
    assert [look.keep_with_next for look in kept] == [True] * (len(kept) - 1) + [None]


def test_the_page_number_goes_to_the_right_margin(part: docx.document.Document) -> None:
    foot = part.sections[0].footer.paragraphs[0]
    assert len(foot.paragraph_format.tab_stops) == 1
    assert not part.styles["Footer"].paragraph_format.tab_stops


def test_every_style_in_use_names_a_chinese_font(part: docx.document.Document) -> None:
    for name, font in (("Normal", "宋体"), ("Heading 1", "黑体"), ("Caption", "宋体")):
        fonts = part.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == font
        assert not any("Theme" in key for key in fonts.attrib)


def test_the_stamp_is_on_every_page(part: docx.document.Document) -> None:
    assert part.sections[0].header.paragraphs[0].text == "内部资料"


def test_the_same_query_gives_the_same_word_file(
    village: bytes, maps: Maps, atlas: Atlas
) -> None:
    assert made(maps, atlas, GIVEN) == village
    assert verify(village, maps, list(atlas.catalogue)).identical


def test_a_word_file_saved_again_still_tells_what_made_it(
    village: bytes, part: docx.document.Document
) -> None:
    saved = BytesIO()
    part.save(saved)
    record = read_record(saved.getvalue())
    assert record == read_record(village)
    assert record.query["id"] == "vil-01-xijiao"


def test_a_foreign_package_carries_no_record() -> None:
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as package:
        package.writestr("customXml/item1.xml", "<x/>")
    with pytest.raises(Unprocessable):
        read_record(other.getvalue())
    with pytest.raises(Unprocessable):
        read_record(b"PK\x03\x04 torn")


def test_a_word_book_begins_with_an_index(maps: Maps, atlas: Atlas) -> None:
    given = {"f": "docx", "filter": "name_zh IN ('西郊村', '河沙村')", "lang": "en"}
    book = docx.Document(BytesIO(made(maps, atlas, given)))
    names = [p.text for p in book.paragraphs if p.style and p.style.name == "Heading 1"]
    assert names == ["1  Xijiao village", "2  Hesha village", "How this was made"]
    assert len(book.inline_shapes) == 3
    links = {link.get(qn("w:anchor")) for link in book.element.iter(qn("w:hyperlink"))}
    marks = {m.get(qn("w:name")) for m in book.element.iter(qn("w:bookmarkStart"))}
    assert links == marks == {"feature1", "feature2"}


def test_word_has_no_sheets_larger_than_a3() -> None:
    with pytest.raises(BadRequest, match="A3"):
        parse_series({"f": "docx", "paper": "A1"}, "old-villages", [])


def test_a_word_book_of_too_many_features_is_refused(
    maps: Maps, atlas: Atlas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(series, "MAX_WORD_PAGES", 3)
    with pytest.raises(BadRequest, match="at most 3 pages"):
        made(maps, atlas, {"f": "docx"})


def test_a_book_has_no_other_format() -> None:
    with pytest.raises(BadRequest, match="pdf, docx"):
        parse_series({"f": "png"}, "old-villages", [])
