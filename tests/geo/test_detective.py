"""Which coordinate system: the right one stands first, with its share."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geo import detective
from geo.gcj02 import to_gcj02

DISTRICT = shapely.box(113.17, 23.03, 113.27, 23.15)
GRID = np.array([(x, y) for x in np.linspace(113.18, 113.26, 9) for y in (23.05, 23.1)])


def projected(epsg: int) -> np.ndarray:
    transformer = Transformer.from_crs(4326, epsg, always_xy=True)
    return np.column_stack(transformer.transform(GRID[:, 0], GRID[:, 1]))


@pytest.mark.parametrize("epsg", [4547, 4526, 4546, 4525, 4497, 3857])
def test_a_projected_crs_is_recognised(epsg: int) -> None:
    best = detective.hypotheses(projected(epsg), DISTRICT)[0]
    assert (best.id, best.swapped, best.inside) == (f"EPSG:{epsg}", False, 1.0)


def test_readings_that_fit_as_well_are_told_too() -> None:
    readings = detective.hypotheses(projected(32649), DISTRICT)
    fitting = [reading.id for reading in readings if reading.inside == 1]
    assert fitting == ["EPSG:4546", "EPSG:32649"]


@pytest.mark.parametrize("epsg", [4547, 4526])
def test_exchanged_axes_are_recognised(epsg: int) -> None:
    best = detective.hypotheses(projected(epsg)[:, ::-1], DISTRICT)[0]
    assert (best.id, best.swapped) == (f"EPSG:{epsg}:yx", True)


def test_degrees_are_recognised_in_either_order() -> None:
    assert detective.hypotheses(GRID, DISTRICT)[0].id == "OGC:CRS84"
    assert detective.hypotheses(GRID[:, ::-1], DISTRICT)[0].id == "OGC:CRS84:yx"


def test_an_offset_shows_in_the_share_inside() -> None:
    edge = DISTRICT.bounds[2] - 0.001 - np.linspace(0, 0.004, 20)
    shifted = to_gcj02(np.column_stack([edge, np.full(20, 23.1)]))
    gcj = detective.offsets(shifted, DISTRICT)[0]
    assert detective.share_inside(shifted, DISTRICT) < 0.5
    assert (gcj.id, gcj.inside) == ("GCJ-02", 1.0)


def test_the_local_grid_is_suspected_in_either_order() -> None:
    points = np.array([[35_000.0, 228_000.0]])
    assert detective.looks_local(points) and detective.looks_local(points[:, ::-1])
    assert not detective.looks_local(projected(4547))


def test_no_points_have_no_reading() -> None:
    assert detective.hypotheses(np.empty((0, 2)), DISTRICT) == []


def test_anchors_leave_out_what_is_nowhere() -> None:
    shapes = np.array([shapely.box(0, 0, 2, 4), None, shapely.Point(np.nan, 1)])
    assert detective.anchors(shapes).tolist() == [[1.0, 2.0]]
