import pytest
import shapely

from geo.measures import MEASURES, measures
from tests.geo.shapes import geoms, on_plane, square


def test_every_measure_is_there() -> None:
    assert tuple(measures(geoms())) == MEASURES


def test_a_polygon_has_areas_and_a_line_lengths() -> None:
    line = shapely.LineString([(0, 0), (0, 100)])
    found = measures(on_plane(square(100), line))
    assert found["area_plane_m2"] == pytest.approx([10_000, 0], abs=1e-4)
    assert found["length_plane_m"] == pytest.approx([0, 100], abs=1e-6)
    assert found["area_m2"][0] < found["area_plane_m2"][0]
