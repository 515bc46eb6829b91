import numpy as np
import pytest
import shapely

from service.statistics.proximity import proximity_statistics
from tests.geo.shapes import square
from tests.service.statistics.readings import reading, text

STATION = shapely.Point(0, 0)


def _ask(one, to, *distances, **more):
    return proximity_statistics(one, to, distances=list(distances), **more)


def test_the_share_within_a_distance_is_that_of_the_circle() -> None:
    group = reading("functional-groups", square(4000, -2000, -2000))
    answer = _ask(group, reading("metro-stations", STATION), 800)
    (feature,) = answer["features"]
    assert feature["area_m2"] == pytest.approx(np.pi * 800**2, rel=1e-5)
    assert feature["share"] == pytest.approx(np.pi * 800**2 / 4000**2, rel=1e-3)


def test_overlapping_catchments_are_counted_once() -> None:
    group = reading("functional-groups", square(4000, -2000, -2000))
    twice = _ask(group, reading("metro-stations", STATION, STATION), 800)
    once = _ask(group, reading("metro-stations", STATION), 800)
    assert twice["total"]["area_m2"] == pytest.approx(once["total"]["area_m2"])


def test_the_nearest_feature_is_named_with_its_distance() -> None:
    stations = reading("metro-stations", STATION, shapely.Point(3000, 0))
    village = reading("old-villages", square(10, 2000, 0))
    nearest = _ask(village, stations, 800)["features"][0]["nearest"]
    assert (nearest["id"], nearest["name_zh"]) == ("b", "要素1")
    assert nearest["distance_m"] == pytest.approx(990, rel=1e-3)


def test_rings_sum_to_the_reach() -> None:
    group = reading("functional-groups", square(4000, -2000, -2000))
    answer = _ask(group, reading("metro-stations", STATION), 0, 500, 800, 1500)
    (feature,) = answer["features"]
    assert [(r["from_m"], r["to_m"]) for r in feature["rings"]] == [
        (0, 500),
        (500, 800),
        (800, 1500),
    ]
    rings = sum(ring["area_m2"] for ring in feature["rings"])
    assert rings == pytest.approx(feature["area_m2"], rel=1e-9)


def test_points_are_counted() -> None:
    here = reading("metro-stations", shapely.Point(100, 0), shapely.Point(5000, 0))
    answer = _ask(here, reading("old-villages", square(50)), 800)
    assert [f["count"] for f in answer["features"]] == [1, 0]
    assert answer["total"]["share"] == pytest.approx(0.5)


def test_a_field_splits_the_catchments() -> None:
    stations = reading(
        "metro-stations", STATION, shapely.Point(9000, 0), lines=text("1", "5")
    )
    group = reading("functional-groups", square(400, -200, -200))
    (feature,) = _ask(group, stations, 100, by="lines")["features"]
    assert [part["key"] for part in feature["by"]] == ["1"]


def test_without_anything_to_be_near_to_nothing_is_near() -> None:
    nothing = reading("metro-stations", located=np.zeros(0, dtype=object))
    answer = _ask(reading("old-villages", square(100)), nothing, 800)
    assert answer["features"][0]["nearest"] is None
    assert answer["total"]["area_m2"] == 0


def test_features_that_are_measured_to_themselves_are_told() -> None:
    stations = reading("metro-stations", STATION, shapely.Point(3000, 0))
    (note,) = _ask(stations, stations, 800)["notes"]
    assert note["code"] == "of_itself" and note["en"].startswith("2 features")
    apart = _ask(stations.narrowed([0]), stations.narrowed([1]), 800)
    assert apart["notes"] == []
