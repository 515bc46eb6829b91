import shapely

from service.statistics.identify import identify
from tests.geo.shapes import on_plane, square
from tests.service.statistics.readings import reading


def _at(x: float, y: float, tolerance: float, *layers):
    (here,) = on_plane(shapely.Point(x, y))
    near = [reading.near for reading in layers]
    found = identify(here.x, here.y, tolerance, near)
    return [(f["layer"], f["id"]) for f in found["features"]]


GROUPS = reading("functional-groups", square(1000), square(100, 400, 400))
STATIONS = reading("metro-stations", shapely.Point(460, 450))


def test_the_nearest_and_smallest_comes_first() -> None:
    assert _at(450, 450, 50, GROUPS, STATIONS) == [
        ("functional-groups", "b"),
        ("functional-groups", "a"),
        ("metro-stations", "a"),
    ]


def test_what_is_beyond_the_tolerance_is_not_there() -> None:
    assert _at(450, 450, 9, STATIONS) == []
    assert _at(450, 450, 10.1, STATIONS) == [("metro-stations", "a")]


def test_without_tolerance_only_what_covers_the_position_is_there() -> None:
    assert _at(10, 10, 0, GROUPS, STATIONS) == [("functional-groups", "a")]
