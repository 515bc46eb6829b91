"""Documents, chapters, indicators and disagreements."""

import re

import pytest

from geo.frame import Frame
from layers.catalogue import Catalogue
from layers.documents import (
    citations,
    conflicts,
    documents,
    indicators,
    public_sources,
)
from layers.initial import initial_frame

FRAMES: dict[str, Frame] = {
    layer.id: initial_frame(layer) for layer in Catalogue.load()
}


def test_a_reference_names_its_documents_and_places() -> None:
    found = [(d.mark, ref) for d, ref in citations("纲要 第三章、附件2；意见 三(二)1")]
    assert found == [("纲要", "第三章"), ("纲要", "附件2"), ("意见", "三(二)1")]


def test_words_that_are_no_reference_cite_nothing() -> None:
    assert list(citations("站位：公开数据")) == []
    assert list(citations(None)) == []


def test_the_longest_beginning_decides_the_chapter() -> None:
    outline = documents()["liwan-14th-plan"]
    chapter = outline.chapter("附件1·二(一)")
    assert chapter is not None and chapter.id == "annex-1-2"
    assert outline.chapter("第十二章") is None


@pytest.mark.parametrize("layer", FRAMES)
def test_every_citation_of_a_feature_falls_into_a_chapter(layer: str) -> None:
    for text in FRAMES[layer].columns["source_ref"]:
        for document, ref in citations(text):
            assert document.chapter(ref), f"{document.mark} {ref}"


@pytest.mark.parametrize("layer", FRAMES)
def test_every_source_that_is_no_document_is_said_in_english(layer: str) -> None:
    known = {each["zh"]: each["en"] for each in public_sources()}
    titles = {each.title_zh for each in documents().values()}
    columns = FRAMES[layer].columns
    refs = (part for text in columns["source_ref"] for part in (text or "").split("；"))
    loose = {ref.strip() for ref in refs if ref and not list(citations(ref))}
    assert (set(columns["source_title"]) - titles | loose) <= known.keys()


def test_every_indicator_belongs_to_a_document_and_cites_a_chapter() -> None:
    for each in indicators():
        document = documents()[each["document"]]
        assert each["source_ref"], each["id"]
        assert each["unit"] or each["target"], each["id"]
        assert document


def test_every_unit_is_said_in_both_languages() -> None:
    assert all(bool(each["unit"]) == bool(each["unit_en"]) for each in indicators())


def test_every_figure_that_is_more_than_a_number_is_said_in_english() -> None:
    fields = ("baseline", "target", "baseline_year", "target_year")
    said = [(i[name], i[f"{name}_en"]) for i in indicators() for name in fields]
    assert [zh for zh, en in said if re.search("[\u3000-\uffef“]", en or "")] == []
    assert [zh for zh, en in said if bool(zh) != bool(en)] == []
    assert ("45以上", "at least 45") in said and ("1633.65", "1633.65") in said


def test_every_indicator_has_an_english_name() -> None:
    assert [i["id"] for i in indicators() if re.search("[一-鿿]", i["name_en"])] == []


def test_every_note_is_said_in_both_languages() -> None:
    assert [
        i["id"] for i in indicators() if bool(i["note_zh"]) != bool(i["note_en"])
    ] == []


def test_a_cell_with_two_numbers_is_not_one_number() -> None:
    first = next(i for i in indicators() if i["id"] == "ind-001")
    assert first["baseline_number"] is None
    assert first["baseline"] == "年均3.4/1086.07"


def test_the_58_mu_indicator_warns_of_acres() -> None:
    park = next(i for i in indicators() if i["id"] == "ind-131")
    assert park["target_number"] == 58 and park["unit"] == "亩"
    assert "9.55" in park["note_en"]


def test_all_23_disagreements_are_recorded_in_both_languages() -> None:
    assert list(conflicts()) == [f"C{n}" for n in range(1, 24)]
    assert all(each.zh and each.en for each in conflicts().values())


def test_a_disagreement_about_places_stands_on_the_places() -> None:
    named = {
        id
        for frame in FRAMES.values()
        if "conflicts" in frame.columns
        for cell in frame.columns["conflicts"]
        for id in (cell or "").split(",")
    }
    about_documents = {"C16", "C17", "C18"}  # figures and dates, not places
    assert set(conflicts()) - about_documents <= named
