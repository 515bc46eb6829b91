"""What an upload's outlines do to the published features that stay."""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.frame import Frame
from service.uploads.standing import check_standing
from service.uploads.table import object_array

WEST, SOUTH = 113.235, 23.09
WIDE = 0.001


def boxes(**at: tuple[float, float] | None) -> Frame:
    """A frame of squares by id, so many widths east and north of a corner."""
    shapes = [None if place is None else box(*place) for place in at.values()]
    return Frame(object_array(list(at)), object_array(shapes), {})


def box(x: float, y: float) -> shapely.Geometry:
    west, south = WEST + x * WIDE, SOUTH + y * WIDE
    return shapely.box(west, south, west + WIDE, south + WIDE)


def codes(staged: Frame, current: Frame, put: Frame | None = None) -> list[Any]:
    found = check_standing(staged, staged if put is None else put, current)
    return [(one.code, staged.ids[one.row], one.values["other"]) for one in found]


def test_a_new_parcel_on_a_published_one_is_found_with_its_place() -> None:
    staged = boxes(far=(5, 5), new=(0.5, 0))
    (found,) = check_standing(staged, staged, boxes(old=(0, 0), east=(1.5, 0)))[:1]
    assert (found.code, found.row) == ("overlaps_current", 1)
    assert found.place is not None
    assert shapely.covers(staged.geometry[1], shapely.Point(found.place))


def test_neighbours_that_only_touch_are_in_order() -> None:
    assert codes(boxes(new=(1, 0)), boxes(old=(0, 0), north=(1, 1))) == []


def test_the_same_outline_under_another_id_is_called_so() -> None:
    found = codes(boxes(new=(0, 0)), boxes(old=(0, 0)))
    assert found == [("duplicates_current", "new", "old")]


def test_features_that_the_upload_names_are_its_own_affair() -> None:
    staged = boxes(a=(0.5, 0), b=(3, 0))
    assert codes(staged, boxes(a=(0, 0), b=(0.7, 0))) == []


def test_what_keeps_its_outline_was_there_before() -> None:
    current = boxes(a=(0, 0), b=(0.5, 0))
    assert codes(boxes(a=(0, 0)), current) == []


def test_nothing_to_compare_is_nothing_found() -> None:
    nothing = boxes()
    assert codes(nothing, boxes(a=(0, 0))) == []
    assert codes(boxes(a=(0, 0)), nothing) == []
    assert codes(boxes(a=None), boxes(b=(0, 0), c=None)) == []


@given(st.floats(0.01, 0.99), st.floats(-0.99, 0.99))
def test_every_real_overlap_is_told_once(x: float, y: float) -> None:
    found = codes(boxes(new=(x, y)), boxes(old=(0, 0)))
    shared = (1 - abs(x)) * (1 - abs(y)) * np.square(100)
    assert found == ([("overlaps_current", "new", "old")] if shared > 2 else found)
    assert len(found) <= 1
