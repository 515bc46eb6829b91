"""Features of an upload, looked at before anything is published."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from geo.frame import Frame
from layers.catalogue import Catalogue
from service.uploads.preview import preview

FAR = (0.0, 0.0, 0.0, 0.0)
HERE = (113.2, 23.0, 113.3, 23.1)


@pytest.mark.parametrize(("box", "count"), [(FAR, 0), (HERE, 1), (None, 1)])
def test_a_box_finds_what_meets_it_and_may_find_nothing(
    box: tuple[float, float, float, float] | None, count: int
) -> None:
    shapes = np.array([shapely.box(113.21, 23.01, 113.22, 23.02)], dtype=object)
    frame = Frame(np.array(["a"], dtype=object), shapes, {})
    layer = Catalogue.load().get("parcels")
    found = preview(frame, layer, bbox=box, limit=5, offset=0)
    assert (found["numberMatched"], len(found["features"])) == (count, count)
