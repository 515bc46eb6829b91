"""GeoPackage blobs hold exactly the geometry that was given."""

from __future__ import annotations

import struct

import pytest
import shapely

from service.stores.gpkg.blob import HEAD, WKB_AT, bounds_of, from_blobs, to_blobs

from .samples import objects

HOLED = shapely.Polygon(
    [(0, 0), (9, 0), (9, 9), (0, 9)], [[(1, 1), (2, 1), (2, 2), (1, 2)]]
)
SHAPES = {
    "polygon": shapely.box(113.1 + 1e-13, 23, 113.2, 23.3),
    "holed polygon": HOLED,
    "multipolygon": shapely.MultiPolygon([HOLED, shapely.box(20, 20, 21, 21)]),
    "line": shapely.LineString([(0, 0), (1, 2), (3, 1)]),
    "point": shapely.Point(113.2, 23.1),
    "raised point": shapely.Point(1, 2, 3),
    "raised polygon": shapely.Polygon([(0, 0, 1), (1, 0, 1), (1, 1, 2)]),
    "collection": shapely.GeometryCollection([shapely.Point(1, 1), HOLED]),
}


def blobs(shapes: list[shapely.Geometry | None]) -> list[bytes]:
    listed = objects(shapes)
    return to_blobs(listed, shapely.bounds(listed)).listed()


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_shape_comes_back_to_the_last_bit(shape: shapely.Geometry) -> None:
    (back,) = from_blobs(blobs([shape]))
    assert shapely.equals_exact(back, shape, 0)
    assert shapely.has_z(back) == shapely.has_z(shape)


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_the_body_is_what_geos_writes(shape: shapely.Geometry) -> None:
    (blob,) = blobs([shape])
    assert blob[WKB_AT:] == shapely.to_wkb(shape, byte_order=1, flavor="iso")


def test_the_header_holds_the_envelope() -> None:
    (blob,) = blobs([HOLED])
    assert struct.unpack("<4d", blob[len(HEAD) : WKB_AT]) == (0, 9, 0, 9)
    assert bounds_of([blob[len(HEAD) : WKB_AT]]).tolist() == [[0, 0, 9, 9]]


def test_shapes_of_all_kinds_keep_their_rows() -> None:
    back = from_blobs(blobs([None, *SHAPES.values(), shapely.Polygon(), None]))
    assert [b is None for b in back] == [True, *[False] * len(SHAPES), True, True]
    assert all(map(shapely.equals, back[1:-2], SHAPES.values()))


def test_nothing_gives_nothing() -> None:
    assert blobs([]) == []
