"""Search over the first layers."""

from functools import cache
from typing import Any, cast

import numpy as np
import pytest

from geo.frame import Frame
from layers.catalogue import Catalogue
from layers.initial import initial_frame
from service.search import Search
from service.snapshots import Snapshot, Snapshots

CATALOGUE = Catalogue.load()


class FirstLayers:
    """Snapshots of the committed data, without a store."""

    def get(self, layer: str, version: int) -> Snapshot:
        return Snapshot(layer, version, initial_frame(CATALOGUE.get(layer)))


@cache
def search() -> Search:
    return Search(cast(Snapshots, FirstLayers()))


def find(query: str, limit: int = 10) -> list[dict[str, Any]]:
    return search().find(query, [(layer, 1) for layer in CATALOGUE], limit).results


def ids(query: str, limit: int = 10) -> list[str]:
    return [each["id"] for each in find(query, limit)]


@pytest.mark.parametrize(
    "query,id",
    [
        ("荔湾区", "dist-liwan"),
        ("58亩", "park-58mu"),
        ("聚龙湾", "grp-julong"),
        ("鹤洞 村", "vil-06-hedong"),
        ("datansha", "grp-datansha"),
        ("wyqc", "vil-07-wuyanqiao"),
        ("Metro Line 11", "met-11"),
        ("AF020243", "lot-af020243"),
        ("永庆坊", "hist-yongqingfang"),
        ("三山北国际科创港", "reg-3park"),
    ],
)
def test_a_name_is_found_in_any_language(query: str, id: str) -> None:
    assert id in ids(query)


@pytest.mark.parametrize("printed", ["南漖村", "南滘村", "南漵村", "nanjiaocun"])
def test_printed_variants_find_the_same_village(printed: str) -> None:
    assert ids(printed)[0] == "vil-12-nanjiao"


@pytest.mark.parametrize("printed", ["西塱", "西塍", "西朗"])
def test_xilang_is_found_by_each_of_its_spellings(printed: str) -> None:
    assert "vil-10-xilang" in ids(printed)


@pytest.mark.parametrize(
    ("said", "id"),
    [
        ("芳村地铁站", "sta-fangcun"),
        ("地铁芳村站", "sta-fangcun"),
        ("西塱地铁", "sta-xilang"),
        ("一号线", "met-1"),
        ("地铁十一号线", "met-11"),
        ("二十二号线", "met-22"),
        ("10号线", "met-10"),
    ],
)
def test_a_station_or_line_is_found_as_people_say_it(said: str, id: str) -> None:
    assert ids(said)[0] == id


def test_a_homophone_still_finds_the_place() -> None:
    assert "hist-pantang" in ids("畔塘")


def test_a_latin_typing_slip_still_finds_the_place() -> None:
    assert "vil-09-kuipeng" in ids("Kuipng village")


def test_an_unlocated_feature_is_found_and_says_so() -> None:
    found = next(each for each in find("奥宝汇") if each["id"] == "fac-aobaohui")
    assert found["located"] is False
    assert found["center"] is None and found["bbox"] is None


def test_a_result_tells_why_and_where() -> None:
    first = find("茶滘村")[0]
    assert first["why_by"] == "name"
    assert first["why"] == "茶滘村"
    west, south, east, north = first["bbox"]
    lon, lat = first["center"]
    assert west < lon < east and south < lat < north


def test_an_exact_name_comes_before_names_that_contain_it() -> None:
    assert find("聚龙村")[0]["name_zh"] == "聚龙村"


def test_a_result_found_by_an_alias_shows_that_alias() -> None:
    found = next(each for each in find("聚龙湾组团") if each["id"] == "grp-julong")
    assert found["why"] == "聚龙湾组团" and found["why_by"] == "alias"


def test_nonsense_finds_nothing() -> None:
    assert find("嚆矢") == []


@pytest.mark.parametrize(
    "typed",
    [
        "0203", "40203", "AF0402", "AF-0402-03", "AF 040203 地块", "AFO40203",
        "the lot AF040203 in Guanggang", "Guanggang Group parcel, suffix 203",
        "sale of the Guanggang group land, parcel 203",
    ],
)  # fmt: skip
def test_a_parcel_is_found_by_what_is_known_of_its_code(typed: str) -> None:
    assert ids(typed)[0] == "lot-af040203"


def test_codes_that_end_so_come_before_codes_that_have_it_within() -> None:
    found = parcels().find("1199", PARCELS, 3).results
    assert found[0]["id"] == "parcels-1199"


def test_a_name_is_found_with_its_remark() -> None:
    assert ids("黄沙（水产市场）")[0] == "cc-seafood"


def test_a_remark_that_no_name_has_does_not_hide_the_name() -> None:
    assert ids("聚龙村（1处）")[0] == ids("聚龙村")[0]


@pytest.mark.parametrize(
    ("slip", "id"), [("鹤洞材", "vil-06-hedong"), ("AF040299", "lot-af040203")]
)
def test_what_is_nearly_so_is_called_alike(slip: str, id: str) -> None:
    found = search().find(slip, [(layer, 1) for layer in CATALOGUE], 5)
    assert found.alike and id in [each["id"] for each in found.results]


def test_what_is_found_by_its_name_is_not_called_alike() -> None:
    assert not search().find("聚龙湾", [(layer, 1) for layer in CATALOGUE], 5).alike


class Parcels:
    """Numbered parcels, too many to be read one by one."""

    def get(self, layer: str, version: int) -> Snapshot:
        numbers = range(12_000)
        columns = {
            "name_zh": np.array([f"荔湾第{n}号地块" for n in numbers], dtype=object),
            "parcel_code": np.array([f"AF{n:06d}" for n in numbers], dtype=object),
        }
        ids = np.array([f"parcels-{n}" for n in numbers], dtype=object)
        bare = np.full(len(ids), None, dtype=object)
        return Snapshot(layer, version, Frame(ids, bare, columns))


PARCELS = [(CATALOGUE.get("parcels"), 1)]


@cache
def parcels() -> Search:
    return Search(cast(Snapshots, Parcels()))


@pytest.mark.parametrize(
    "query",
    [
        "AF011999", "011999", "荔湾第11999号地块", "荔湾 11999号 地块",
        "liwandi11999haodikuai", "lwd11999hdk",
    ],
)  # fmt: skip
def test_one_of_very_many_numbered_parcels_is_found(query: str) -> None:
    assert parcels().find(query, PARCELS, 5).results[0]["id"] == "parcels-11999"


@pytest.mark.parametrize(
    "query", ["a", "0", "村", "地", "荔湾", "地 块 荔 湾", "AF 0 1"]
)
def test_what_every_parcel_has_finds_no_more_than_asked(query: str) -> None:
    assert len(parcels().find(query, PARCELS, 7).results) <= 7


@pytest.mark.parametrize("query", ["q" * 100, "荔湾第" * 33, "b " * 50, "😀", "····"])
def test_garbage_finds_nothing_among_parcels(query: str) -> None:
    assert parcels().find(query, PARCELS, 5).results == []


def test_a_large_layer_is_told_as_pending_until_it_is_indexed() -> None:
    search = Search(cast(Snapshots, Parcels()), lambda layer, version: 12_000)
    first = search.find("AF011999", PARCELS, 5)
    assert first.pending == ["parcels"] and first.results == []
    search.close()  # waits for the index
    again = search.find("AF011999", PARCELS, 5)
    assert again.pending == [] and again.results[0]["id"] == "parcels-11999"


@pytest.mark.parametrize(
    ("asked", "id"),
    [
        ("西塱站附近有什么", "西塱站"),
        ("where is yongqing fang", "永庆坊"),
        ("五十八亩", "海龙围科创区58亩产业园"),
    ],
)
def test_a_question_in_words_is_asked_of_its_name(asked: str, id: str) -> None:
    assert id in find(asked)[0]["name_zh"]


@pytest.mark.parametrize("said", ["白鹅潭", "baietan", "bet", "Bai'etan"])
def test_what_is_planned_comes_before_the_river_of_its_name(said: str) -> None:
    found = ids(said)
    assert found[0] in {"plat-baietan", "zone-belt-baietan"}
    assert found.index("grp-core") < found.index("water-front")


@pytest.mark.parametrize(
    ("apart", "together"),
    [("bai e tan", "baietan"), ("julong wan", "julongwan"), ("he dong", "hedong")],
)
def test_pinyin_in_pieces_finds_all_that_it_finds_as_one_word(
    apart: str, together: str
) -> None:
    whole = ids(together, 100)
    assert ids(apart, 100)[: len(whole)] == whole


@pytest.mark.parametrize(
    ("said", "id"),
    [
        ("Shamian Island", "hist-7-shamian"),
        ("沙面岛", "hist-7-shamian"),
        ("芳村地区", "sta-fangcun"),
        ("Fangcun area", "sta-fangcun"),
        ("西塱", "vil-10-xilang"),
        ("荔湾", "dist-liwan"),
    ],
)
def test_the_sort_of_place_may_be_said_or_left_out(said: str, id: str) -> None:
    assert ids(said)[0] == id


def test_a_whole_name_comes_before_one_that_has_a_remark_besides() -> None:
    assert ids("黄沙水产新市场")[0] == "ren-huangsha"


@pytest.mark.parametrize("said", ["珠江", "Pearl River"])
def test_what_lies_beyond_the_district_comes_later(said: str) -> None:
    assert find(said)[0]["layer"] == "rivers"
