"""How every store is read, whichever database keeps it."""

from __future__ import annotations

import numpy as np
import orjson
import pytest
import shapely

from geo.area import area_m2
from service.errors import NotFound
from service.keptframe import KeptFrame, laid_down
from service.stores.base import ItemQuery, Store

from .conftest import FIELDS
from .samples import (
    EVERYTHING,
    LAYER,
    features,
    frame,
    grid,
    ids,
    objects,
    publish,
    square,
)


# -- bytes lane --------------------------------------------------------------------
def test_items_are_ready_made_features(store: Store) -> None:
    publish(store, frame(["a"], name_zh=["荔湾"], floors=np.array([3.0])))
    (feature,) = features(store.items(LAYER, 1, EVERYTHING))
    assert (feature["type"], feature["id"]) == ("Feature", "a")
    assert feature["properties"]["name_zh"] == "荔湾"
    assert feature["properties"]["floors"] == 3
    assert feature["properties"]["code"] is None


def test_a_feature_carries_its_areas(store: Store) -> None:
    publish(store, frame(["a"]))
    (feature,) = features(store.items(LAYER, 1, EVERYTHING))
    expected = area_m2(objects([square(0)]))[0]
    assert feature["properties"]["area_m2"] == pytest.approx(expected, abs=1e-4)
    assert "length_m" not in feature["properties"]


def test_coordinates_have_seven_decimals(store: Store) -> None:
    publish(store, frame(["a"], [shapely.Point(113.12345678912, 23.1)]))
    (feature,) = features(store.items(LAYER, 1, EVERYTHING))
    assert feature["geometry"]["coordinates"] == [113.1234568, 23.1]


def test_an_unlocated_feature_has_a_null_geometry(store: Store) -> None:
    publish(store, frame(["a", "b"], [None, shapely.Polygon()]))
    found = features(store.items(LAYER, 1, EVERYTHING))
    assert [feature["geometry"] for feature in found] == [None, None]


def test_unknown_fields_are_kept_and_served(store: Store) -> None:
    publish(store, frame(["a"], 权属=["国有"], area_m2=[1.0]))
    properties = features(store.items(LAYER, 1, EVERYTHING))[0]["properties"]
    assert properties["权属"] == "国有"
    assert properties["area_m2"] > 1000  # computed, never taken from a file


def test_json_and_truth_come_back_as_they_were(store: Store) -> None:
    publish(store, frame(["a"], tags=[["x", {"y": 1}]], listed=[True]))
    properties = features(store.items(LAYER, 1, EVERYTHING))[0]["properties"]
    assert properties["tags"] == ["x", {"y": 1}]
    assert properties["listed"] is True


def test_pages_together_are_everything_once(store: Store) -> None:
    publish(store, grid(7))
    pages = [ids(store, 1, ItemQuery(limit=10, offset=o)) for o in range(0, 50, 10)]
    assert [len(page) for page in pages] == [10, 10, 10, 10, 9]
    assert len({id for page in pages for id in page}) == 49


def test_a_page_beyond_the_end_is_empty_but_counts(store: Store) -> None:
    publish(store, grid(3))
    page = store.items(LAYER, 1, ItemQuery(limit=5, offset=50))
    assert (page.features, page.returned, page.matched) == (b"", 0, 9)


def test_a_limit_of_nothing_only_counts(store: Store) -> None:
    publish(store, grid(3))
    page = store.items(LAYER, 1, ItemQuery(limit=0))
    assert (page.features, page.returned, page.matched) == (b"", 0, 9)


def test_a_count_not_wanted_is_not_given(store: Store) -> None:
    publish(store, grid(3))
    assert store.items(LAYER, 1, ItemQuery(count=False)).matched in (None, 9)


def test_items_of_an_unknown_layer_are_not_found(store: Store) -> None:
    with pytest.raises(NotFound):
        store.items("nowhere", 1, EVERYTHING)


@pytest.mark.parametrize("side", [3, 40])  # by the tables alone, and by a pack
@pytest.mark.parametrize("width", [0.0001, 0.0031, 0.02])
def test_a_bbox_agrees_with_shapely(store: Store, side: int, width: float) -> None:
    diamonds = grid(side)
    shapes = objects([g.buffer(0.0003, quad_segs=1) for g in diamonds.geometry])
    publish(store, frame(diamonds.ids, shapes))
    for step in range(12):
        west, south = 113.1993 + step * 0.00037, 23.0991 + step * 0.00021
        bbox = (west, south, west + width, south + width)
        met = shapely.intersects(shapes, shapely.box(*bbox))
        page = store.items(LAYER, 1, ItemQuery(bbox=bbox, limit=10_000))
        assert {f["id"] for f in features(page)} == set(diamonds.ids[met])
        assert page.matched == met.sum()


def test_a_bbox_page_counts_all_that_match(store: Store) -> None:
    publish(store, grid(20))
    bbox = (113.2, 23.1, 113.2049, 23.1049)
    page = store.items(LAYER, 1, ItemQuery(bbox=bbox, limit=4, offset=3))
    assert (page.returned, page.matched) == (4, 25)


def test_a_bbox_finds_nothing_that_has_no_place(store: Store) -> None:
    publish(store, frame(["a", "b"], [square(0), None]))
    world = ItemQuery(bbox=(-180, -90, 180, 90))
    assert ids(store, 1, world) == ["a"]
    assert store.items(LAYER, 1, world).matched == 1


def test_sorting_puts_missing_values_last(store: Store) -> None:
    heights = np.array([2.0, np.nan, 5.0, 1.0])
    publish(store, frame(["a", "b", "c", "d"], height_m=heights))
    rising = ItemQuery(sortby=[("height_m", False)])
    falling = ItemQuery(sortby=[("height_m", True)])
    assert ids(store, 1, rising) == ["d", "a", "c", "b"]
    assert ids(store, 1, falling) == ["c", "a", "d", "b"]


def test_ids_are_of_all_that_is_found_in_its_order(store: Store) -> None:
    heights = np.array([2.0, 9.0, 4.0, 3.0])
    publish(store, frame(["a", "b", "c", "d"], height_m=heights))
    tall = {"op": ">", "args": [{"property": "height_m"}, 2]}
    falling = [("height_m", True)]
    asked = ItemQuery(limit=1, offset=1, filter=tall, sortby=falling)
    assert store.ids(LAYER, 1, asked) == ["b", "c", "d"]


@pytest.mark.parametrize("side", [3, 40])  # by the tables alone, and by a pack
def test_ids_of_a_box_are_those_of_its_items(store: Store, side: int) -> None:
    publish(store, grid(side))
    asked = ItemQuery(bbox=(113.2, 23.1, 113.2015, 23.1015), limit=100)
    assert store.ids(LAYER, 1, asked) == ids(store, 1, asked)
    assert len(store.ids(LAYER, 1, asked)) == 4


def test_a_feature_is_found_by_its_id(store: Store) -> None:
    publish(store, frame(["a/一 b"], name_zh=["荔"]))
    found = store.item(LAYER, 1, "a/一 b")
    assert found is not None
    assert orjson.loads(found)["properties"]["name_zh"] == "荔"
    assert store.item(LAYER, 1, "b") is None


# -- frame lane --------------------------------------------------------------------
def test_a_frame_has_every_column_and_the_measures(store: Store) -> None:
    publish(
        store, frame(["b", "a"], height_m=np.array([2.0, np.nan]), 权属=["x", None])
    )
    read = store.frame(LAYER, 1)
    assert read.ids.tolist() == ["a", "b"]
    assert set(read.columns) >= {f.name for f in FIELDS} | {"权属", "area_plane_m2"}
    assert np.isnan(read.columns["height_m"][0])
    assert read.columns["权属"].tolist() == [None, "x"]


def test_a_frame_keeps_geometry_to_the_last_bit(store: Store) -> None:
    exact = shapely.Point(113.2 + 1e-13, 23.1 + 1e-13)
    publish(store, frame(["a", "b"], [exact, None]))
    read = store.frame(LAYER, 1)
    assert shapely.equals_exact(read.geometry[0], exact, 0)
    assert read.geometry[1] is None


def test_a_frame_can_be_of_a_part(store: Store) -> None:
    publish(store, grid(10))
    query = ItemQuery(
        bbox=(113.2, 23.1, 113.2049, 23.1049),
        filter={"op": "=", "args": [{"property": "code"}, "00"]},
        limit=1,
    )
    part = store.frame(LAYER, 1, query=query)
    assert len(part) == 5
    assert set(part.columns["code"]) == {"00"}


def test_an_empty_version_is_an_empty_frame(store: Store) -> None:
    publish(store)
    assert len(store.frame(LAYER, 1)) == 0
    assert store.items(LAYER, 1, EVERYTHING).matched == 0


def test_a_frame_kept_on_disk_is_the_one_of_the_tables(store: Store) -> None:
    tags = [["x", {"y": 0.1}], None, {}, "z"]
    heights = np.array([0.1, np.nan, 1e300, -0.0])
    shapes = [square(0), None, square(2).union(square(4)), square(6)]
    columns = {"height_m": heights, "tags": tags, "listed": [True, None, False, True]}
    dates = ["2024-01-01", None, "2024-01-01", "2024-01-01"]
    given = frame(list("abcd"), shapes, **columns, valid_from=dates, 权属=["国有"] * 4)
    publish(store, given)
    read = store.frame(LAYER, 1)
    kept = KeptFrame(*laid_down(read))
    assert kept.ids.tolist() == read.ids.tolist()
    assert shapely.to_wkb(kept.geometry).tolist() == (
        shapely.to_wkb(read.geometry).tolist()
    )
    assert repr({n: v.tolist() for n, v in kept.columns.items()}) == repr(
        {n: v.tolist() for n, v in read.columns.items()}
    )
