"""Finding a class of land use by its code in any scheme or by its name."""

import numpy as np
import pytest

from geo.frame import Frame
from service.searchclasses import find_classes, held_classes

HELD = {"parcels": {("mnr2023", "0701"): 5, ("mnr2023", "1001"): 3}}


def codes(query: str) -> list[str]:
    return [each["code"] for each in find_classes(query, HELD)]


@pytest.mark.parametrize(
    "query", ["0701", "城镇住宅用地", "07", "居住用地", "R2", "residential", "070102"]
)
def test_a_class_of_the_data_is_found_by_any_code_or_name_for_it(query: str) -> None:
    first = find_classes(query, HELD)[0]
    assert query in first["why_zh"] or query in first["why_en"].casefold()
    assert (first["collection"], first["code"], first["count"]) == (
        "parcels",
        "0701",
        5,
    )


def test_the_scheme_of_the_data_is_meant_where_it_has_the_code() -> None:
    assert codes("1001") == ["1001"]  # railways in the third land survey


def test_a_code_that_no_feature_has_is_told_what_it_means() -> None:
    [meant] = find_classes("M1", {})
    assert meant["collection"] is None and meant["title_zh"] == "一类工业用地"
    assert find_classes("1001", {})[0]["title_zh"] == "工业用地"


@pytest.mark.parametrize("query", ["聚龙湾", "用", "reside in", "99"])
def test_what_names_no_class_finds_none(query: str) -> None:
    assert find_classes(query, HELD) == []


def test_features_without_a_scheme_have_the_one_their_codes_tell() -> None:
    none = np.full(3, None, dtype=object)
    written = np.array(["R2", "R2", None], dtype=object)
    frame = Frame(
        np.array(["a", "b", "c"], dtype=object), none, {"landuse_code": written}
    )
    assert held_classes(frame) == {("gb50137", "R2"): 2}
