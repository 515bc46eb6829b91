"""Pages of what was found and sorted: cut from one order, kept for its version."""

from __future__ import annotations

import numpy as np
import pytest

from service.stores import orders
from service.stores.base import ItemQuery, Store

from .samples import LAYER, frame, grid, ids, publish

TALL = {"op": ">=", "args": [{"property": "height_m"}, 2]}


@pytest.mark.parametrize("filter", [None, TALL])
def test_sorted_pages_together_are_the_sorted_whole(
    store: Store, filter: dict[str, object] | None
) -> None:
    publish(store, grid(7))
    falling = [("height_m", True), ("code", False)]
    whole = ids(store, 1, ItemQuery(filter=filter, sortby=falling, limit=100))
    pages = [
        ids(store, 1, ItemQuery(filter=filter, sortby=falling, limit=9, offset=o))
        for o in range(0, 54, 9)
    ]
    assert [id for page in pages for id in page] == whole
    assert len(whole) == (49 if filter is None else 35)


def test_a_page_of_an_order_counts_all_that_match(store: Store) -> None:
    publish(store, grid(7))
    asked = ItemQuery(filter=TALL, sortby=[("code", False)], limit=4, offset=33)
    page = store.items(LAYER, 1, asked)
    assert (page.returned, page.matched) == (2, 35)


def test_pages_beyond_the_end_of_an_order_are_empty(store: Store) -> None:
    publish(store, grid(3))
    page = store.items(LAYER, 1, ItemQuery(sortby=[("code", False)], offset=50))
    assert (page.features, page.returned, page.matched) == (b"", 0, 9)


def test_an_order_belongs_to_its_version(store: Store) -> None:
    publish(store, frame(["a", "b"], height_m=np.array([1.0, 2.0])))
    rising = ItemQuery(sortby=[("height_m", False)], offset=1)
    assert ids(store, 1, rising) == ["b"]
    publish(store, frame(["a"], height_m=np.array([3.0])))
    assert ids(store, 2, rising) == ["a"]
    assert ids(store, 1, rising) == ["b"]


def test_the_least_recently_read_order_makes_room(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, grid(3))
    monkeypatch.setattr(orders, "KEPT_ROWS", 10)
    for name in ("code", "height_m", "code"):
        page = store.items(LAYER, 1, ItemQuery(sortby=[(name, False)], offset=4))
        assert page.returned == 5


NAMES = [
    "芳村",
    "apple",
    "2号地块",
    "荔湾",
    None,
    "白鹤洞",
    "Zoo",
    "鹤洞",
    "花地",
    "滘口",
]
BY_PINYIN = [
    "2号地块",
    "白鹤洞",
    "芳村",
    "鹤洞",
    "花地",
    "滘口",
    "荔湾",
    "apple",
    "Zoo",
]


@pytest.mark.parametrize("falling", [False, True])
def test_words_are_in_the_order_of_their_pinyin(store: Store, falling: bool) -> None:
    marks = [f"f{n}" for n in range(len(NAMES))]
    publish(store, frame(marks, name_zh=NAMES))
    query = ItemQuery(sortby=[("name_zh", falling)])
    found = [NAMES[int(id[1:])] for id in ids(store, 1, query)]
    assert found == [*(BY_PINYIN[::-1] if falling else BY_PINYIN), None]


def test_the_first_page_of_words_leaves_its_order_for_the_others(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(store, frame(["a", "b", "c"], name_zh=["芳村", "白鹤洞", "滘口"]))
    by_name = ItemQuery(sortby=[("name_zh", False)], limit=2)
    assert ids(store, 1, by_name) == ["b", "a"]
    monkeypatch.setattr(type(store), "_rids", None)
    assert ids(store, 1, ItemQuery(sortby=by_name.sortby, offset=2)) == ["c"]
