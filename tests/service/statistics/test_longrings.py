import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from service.statistics import drawn
from service.statistics.drawn import shape_of
from service.statistics.longrings import long_polygons
from tests.geo.shapes import square

RING = [[113, 23], [113.01, 23], [113.01, 23.01], [113, 23.01], [113, 23]]
HOLE = [[113.002, 23.002], [113.004, 23.002], [113.004, 23.004], [113.002, 23.002]]
AWAY = [[x + 1, y, 5.5] for x, y in RING]


def _given(kind, coordinates):
    return {"type": kind, "coordinates": coordinates}


@pytest.mark.parametrize(
    "given",
    [
        _given("Polygon", [RING, HOLE]),
        _given("Polygon", [AWAY]),
        _given("MultiPolygon", [[RING, HOLE], [AWAY]]),
    ],
)
def test_long_polygons_are_what_their_text_says(given, monkeypatch) -> None:
    slowly = shape_of(given)
    monkeypatch.setattr(drawn, "_LONG", 0)
    assert shapely.equals_exact(shape_of(given), slowly)
    assert shapely.equals_exact(long_polygons(given), slowly)


@pytest.mark.parametrize(
    "given",
    [
        _given("LineString", RING),
        _given("Polygon", None),
        _given("Polygon", []),
        _given("Polygon", [[]]),
        _given("Polygon", [RING[:-1]]),
        _given("Polygon", [RING[:2] + RING[:1]]),
        _given("Polygon", [[*RING, "113,23"]]),
        _given("Polygon", [[["113", "23"], *RING[1:]]]),
        _given("Polygon", [[[True, 23], *RING[1:-1], [True, 23]]]),
        _given("Polygon", [[[113, 23, 4], *RING[1:]]]),
        _given("Polygon", [[[float("inf"), 23], *RING[1:-1], [float("inf"), 23]]]),
        _given("MultiPolygon", []),
        _given("MultiPolygon", [[RING], None]),
        _given("MultiPolygon", {"a": 1}),
    ],
)
def test_whatever_is_odd_is_looked_at_more_closely(given) -> None:
    assert long_polygons(given) is None


@given(st.integers(3, 40), st.floats(1, 1e4))
@settings(max_examples=20, deadline=None)
def test_no_digit_is_lost(corners: int, size: float) -> None:
    ring = square(size, 113, 23).buffer(size, quad_segs=corners).exterior
    told = _given("Polygon", [[list(each) for each in ring.coords]])
    made = long_polygons(told)
    assert list(made.exterior.coords) == list(ring.coords)
