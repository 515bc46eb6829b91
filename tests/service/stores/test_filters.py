"""CQL2 filters mean the same in every store."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import shapely

from service.errors import BadRequest
from service.stores.base import ItemQuery, Store

from .samples import LAYER, frame, ids, publish, square

Node = dict[str, Any]


def op(name: str, *args: Any) -> Node:
    return {"op": name, "args": list(args)}


def prop(name: str) -> Node:
    return {"property": name}


def day(text: str) -> Node:
    return {"date": text}


def box(*corners: float) -> Node:
    return {"bbox": list(corners)}


NEAR_A = box(113.2, 23.1, 113.2005, 23.1005)
SQUARE_B: Node = shapely.geometry.mapping(square(1))
HOLDS = {"interval": [prop("valid_from"), prop("valid_to")]}
HEIGHT, NAME, FLOORS = prop("height_m"), prop("name_zh"), prop("floors")
CASES: list[tuple[str, Node | bool, str]] = [
    ("equal text", op("=", NAME, "荔湾"), "a"),
    ("equal number", op("=", HEIGHT, 20), "b"),
    ("turned round", op("=", 20, HEIGHT), "b"),
    ("unlike leaves missing out", op("<>", HEIGHT, 20), "ac"),
    ("below", op("<", HEIGHT, 20), "a"),
    ("at least", op(">=", HEIGHT, 20), "bc"),
    ("text has an order", op("<", prop("code"), "02"), "ab"),
    ("truth", op("=", prop("listed"), True), "a"),
    ("a bare truth", prop("listed"), "a"),
    ("both", op("and", op(">", HEIGHT, 5), op("<", HEIGHT, 25)), "ab"),
    ("either", op("or", op("=", prop("id"), "a"), op("=", prop("id"), "d")), "ad"),
    ("not", op("not", op("=", HEIGHT, 20)), "ac"),
    ("missing", op("isNull", HEIGHT), "d"),
    ("without a place", op("isNull", prop("geometry")), "d"),
    ("like", op("like", NAME, "荔%"), "a"),
    ("like one letter", op("like", NAME, "_ld Town"), "b"),
    ("like tells case", op("like", NAME, "old%"), ""),
    ("like escaped", op("like", NAME, "100\\%"), "c"),
    ("between", op("between", HEIGHT, 15, 30), "bc"),
    ("in", op("in", prop("code"), ["00", "02"]), "ac"),
    ("in many", op("in", prop("code"), ["00", "02", *map(str, range(999))]), "ac"),
    ("without case", op("=", op("casei", NAME), op("casei", "OLD TOWN")), "b"),
    ("like without case", op("like", op("casei", NAME), op("casei", "OLD%")), "b"),
    ("without accents", op("=", op("accenti", NAME), op("accenti", "Càfé")), "d"),
    ("beyond ASCII", op("like", op("casei", NAME), op("casei", "CAFÉ%")), "d"),
    ("both foldings", op("=", op("casei", op("accenti", NAME)), "cafe"), "d"),
    ("property with property", op(">", HEIGHT, FLOORS), "abc"),
    ("sum", op("=", op("+", HEIGHT, 5), 25), "b"),
    ("product", op("=", op("*", FLOORS, 10), HEIGHT), "b"),
    ("quotient", op("=", op("/", FLOORS, 2), 1.5), "a"),
    ("whole quotient", op("=", op("div", FLOORS, 2), 1), "ab"),
    ("rest", op("=", op("%", FLOORS, 2), 1), "acd"),
    ("power", op("=", op("^", FLOORS, 2), 4), "b"),
    ("through nothing is unknown", op("=", op("/", FLOORS, 0), 1), ""),
    ("area", op(">", prop("area_m2"), 1), "abc"),
    ("meets", op("s_intersects", prop("geometry"), NEAR_A), "a"),
    ("is met", op("s_intersects", NEAR_A, prop("geometry")), "a"),
    ("apart", op("s_disjoint", prop("geometry"), NEAR_A), "bc"),
    ("not met", op("not", op("s_intersects", prop("geometry"), NEAR_A)), "bc"),
    ("within", op("s_within", prop("geometry"), box(113.1, 23, 113.2009, 24)), "a"),
    (
        "holds",
        op("s_contains", prop("geometry"), box(113.2001, 23.1001, 113.2002, 23.1002)),
        "a",
    ),
    ("held by", op("s_contains", box(113.1, 23, 113.2009, 24), prop("geometry")), "a"),
    ("the same", op("s_equals", prop("geometry"), SQUARE_B), "b"),
    (
        "touches",
        op("s_touches", prop("geometry"), box(113.2008, 23.1, 113.2009, 23.2)),
        "a",
    ),
    ("overlaps", op("s_overlaps", prop("geometry"), NEAR_A), ""),
    ("after", op("t_after", prop("valid_from"), day("2020-01-01")), "b"),
    ("before", op("t_before", prop("valid_from"), day("2020-01-01")), ""),
    ("equal days", op("t_equals", prop("valid_from"), day("2020-01-01")), "a"),
    ("days compared", op(">=", prop("valid_from"), day("2020-01-01")), "ab"),
    (
        "during",
        op("t_during", prop("valid_from"), {"interval": ["2020-06-01", ".."]}),
        "b",
    ),
    ("holds then", op("t_intersects", HOLDS, day("2022-01-01")), "bcd"),
    (
        "a moment",
        op("t_after", prop("valid_from"), {"timestamp": "2020-01-01T09:00:00Z"}),
        "b",
    ),
    ("always", True, "abcd"),
    ("never", False, ""),
]


@pytest.fixture
def filled(store: Store) -> Store:
    publish(
        store,
        frame(
            ["a", "b", "c", "d"],
            [square(0), square(1), square(2), None],
            name_zh=["荔湾", "Old Town", "100%", "Café"],
            height_m=np.array([10.0, 20.0, 30.0, np.nan]),
            floors=np.array([3.0, 2.0, 1.0, 5.0]),
            listed=[True, False, None, None],
            code=["00", "01", "02", "03"],
            valid_from=["2020-01-01", "2021-05-01", None, None],
            valid_to=["2021-01-01", None, None, None],
        ),
    )
    return store


def test_filters_find_what_they_say(filled: Store) -> None:
    wrong = {}
    for name, node, expected in CASES:
        query = ItemQuery(filter=node, limit=100)  # type: ignore[arg-type]
        found = "".join(sorted(ids(filled, 1, query)))
        if found != expected:
            wrong[name] = (found, expected)
    assert wrong == {}


REFUSED: dict[str, Any] = {
    "no such property": op("=", prop("nope"), 1),
    "text with number": op("=", HEIGHT, "tall"),
    "number with text": op("=", NAME, 7),
    "unknown operator": op("explode", NAME, 7),
    "too few arguments": op("=", NAME),
    "no arguments": {"op": "="},
    "an empty list": op("in", NAME, []),
    "no date": op("t_after", prop("valid_from"), day("yesterday")),
    "no geometry": op("s_intersects", prop("geometry"), {"type": "Blob"}),
    "a word": "荔湾",
    "no NUL": op("=", NAME, "a\0b"),
}


@pytest.mark.parametrize("node", REFUSED.values(), ids=REFUSED.keys())
def test_what_makes_no_sense_is_refused(filled: Store, node: Any) -> None:
    with pytest.raises(BadRequest) as refused:
        filled.items(LAYER, 1, ItemQuery(filter=node))
    assert refused.value.extra["parameter"] == "filter"


def test_too_deep_a_filter_is_refused(filled: Store) -> None:
    node: Node = op("=", NAME, "x")
    for _ in range(500):
        node = op("not", node)
    with pytest.raises(BadRequest):
        filled.items(LAYER, 1, ItemQuery(filter=node))


def test_a_long_list_of_choices_works(filled: Store) -> None:
    many = op("or", *(op("=", prop("id"), f"x{i}") for i in range(3000)))
    assert ids(
        filled, 1, ItemQuery(filter=op("or", many, op("=", prop("id"), "a")))
    ) == ["a"]


def test_a_filter_and_a_bbox_both_hold(filled: Store) -> None:
    query = ItemQuery(
        bbox=(113.2, 23.1, 113.2015, 23.2), filter=op(">", HEIGHT, 15), limit=5
    )
    assert ids(filled, 1, query) == ["b"]
    assert filled.items(LAYER, 1, query).matched == 1
