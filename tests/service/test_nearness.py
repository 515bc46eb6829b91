"""Questions of what lies near what, asked in words."""

import pytest

from layers.catalogue import Catalogue
from service.nearness import Near, answered_by, asked_near

LAYERS = list(Catalogue.load())


@pytest.mark.parametrize(
    ("asked", "layer", "metres"),
    [
        ("地铁站附近的旧村", "old-villages", 800),
        ("old villages near metro stations", "old-villages", 800),
        ("Which old villages are near the metro?", "old-villages", 800),
        ("离地铁站500米以内的旧村", "old-villages", 500),
        ("villages within 500 m of a metro station", "old-villages", 500),
        ("旧村离地铁多远", "old-villages", 800),
        ("地铁周边有哪些旧厂", "old-factories", 800),
        ("parcels near metro lines", "parcels", 800),
    ],
)
def test_what_lies_near_the_metro_is_answered_by_its_statistic(
    asked: str, layer: str, metres: int
) -> None:
    near = asked_near(asked)
    assert near is not None
    [answer] = answered_by(near, LAYERS)
    assert (answer["layer"], answer["distance"]) == (layer, metres)
    assert str(metres) in answer["title_zh"] and str(metres) in answer["title_en"]


def test_near_a_place_of_its_own_there_is_no_statistic_of_a_whole_layer() -> None:
    near = asked_near("芳村站附近的旧村")
    assert near == Near("旧村", "芳村站", 800)
    assert answered_by(near, LAYERS) == []


@pytest.mark.parametrize("query", ["聚龙湾", "附近", "near", "西塱站附近", "AF040203"])
def test_a_name_asks_nothing(query: str) -> None:
    assert asked_near(query) is None
