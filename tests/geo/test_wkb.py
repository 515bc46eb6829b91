"""Geometries in their bytes."""

import numpy as np
import shapely
from hypothesis import given
from hypothesis import strategies as st

from geo.corner import rings_of
from geo.wkb import Wkb
from tests.geo.shapes import square

HOLED = shapely.Polygon([(0, 0), (9, 0), (9, 9)], [[(5, 1), (6, 1), (6, 2)]])
KINDS = [
    square(3, 1 / 3, 2),
    HOLED,
    shapely.MultiPolygon([HOLED, square(2, 20, 20)]),
    shapely.Polygon(),
]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=12))
def test_rings_are_read_from_bytes_as_from_objects(kinds: list[int]) -> None:
    geoms = np.array([KINDS[kind] for kind in kinds], dtype=object)
    found = Wkb(shapely.to_wkb(geoms, byte_order=1).tolist()).rings(
        np.arange(len(geoms))
    )
    truth = rings_of(geoms)
    order = np.argsort(found.owner, kind="stable")
    assert found.owner[order].tolist() == truth.owner.tolist()
    assert found.sign[order].tolist() == truth.sign.tolist()
    ends = zip(found.start[order], found.start[order + 1], strict=True)
    corners = [found.xy[:, start:end].tolist() for start, end in ends]
    ends = zip(truth.start[:-1], truth.start[1:], strict=True)
    assert corners == [truth.xy[:, start:end].tolist() for start, end in ends]


def test_objects_are_made_once_and_missing_ones_are_none() -> None:
    given = Wkb([shapely.to_wkb(HOLED, byte_order=1), b""])
    one, none = given.geometry(np.array([0, 1]))
    assert one.equals(HOLED)
    assert none is None
    assert given.geometry(np.array([0]))[0] is one
