"""Vector tiles, read back with an independent decoder."""

from __future__ import annotations

from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import shape

from geo.frame import Frame
from geo.paths import to_square
from geo.tile import TileSource, covering, encode_tile
from geo.window import BUFFER, EXTENT

LON, LAT = 113.24, 23.11
DEGREE = 360 / 2**14 / EXTENT  # a unit of a zoom 14 tile, in degrees of longitude


def source(*geoms: Any, **columns: list[Any]) -> TileSource:
    """A layer of these geometries, with ids f0, f1 …"""
    geometry = np.empty(len(geoms), dtype=object)
    geometry[:] = geoms
    ids = np.array([f"f{n}" for n in range(len(geoms))], dtype=object)
    arrays = {
        name: np.array(values, dtype=None if isinstance(values[0], float) else object)
        for name, values in columns.items()
    }
    return TileSource.of("parcels", Frame(ids, geometry, arrays))


def address(lon: float, lat: float, z: int) -> tuple[int, int, int]:
    x, y = to_square(np.array([[lon, lat]]))[:, 0] * 2**z
    return z, int(x), int(y)


def decode(tile: bytes) -> list[dict[str, Any]]:
    if not tile:
        return []
    layers = mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})
    features: list[dict[str, Any]] = layers["parcels"]["features"]
    return features


def in_tile(geom: Any, z: int, x: int, y: int) -> Any:
    """The geometry in tile units, by shapely."""

    def move(lonlat: np.ndarray) -> np.ndarray:
        return (to_square(lonlat) * 2**z - np.array([[x], [y]])).T * EXTENT

    return shapely.transform(geom, move)


WINDOW = shapely.box(-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
AT = address(LON, LAT, 14)


def square(lon: float, lat: float, size: float) -> Any:
    return shapely.box(lon, lat, lon + size, lat + size)


def test_a_feature_carries_its_id_and_its_properties() -> None:
    layer = source(
        square(LON, LAT, 0.001),
        name=["石围塘"],
        floor_area_ratio=[2.5],
        storeys=[12.0],
        flooded=[True],
    )
    (feature,) = decode(encode_tile(layer, *AT))
    assert feature["properties"] == {
        "id": "f0",
        "name": "石围塘",
        "floor_area_ratio": 2.5,
        "storeys": 12,
        "flooded": True,
    }


def test_missing_values_are_left_out() -> None:
    layer = source(square(LON, LAT, 0.001), name=[None], height=[float("nan")])
    (feature,) = decode(encode_tile(layer, *AT))
    assert feature["properties"] == {"id": "f0"}


def test_equal_values_of_different_types_stay_apart() -> None:
    point = shapely.Point(LON, LAT)
    layer = source(point, point, point, value=[True, 1, "1"])
    values = [f["properties"]["value"] for f in decode(encode_tile(layer, *AT))]
    assert [type(value) for value in values] == [bool, int, str]


def test_nested_values_travel_as_json_text() -> None:
    layer = source(shapely.Point(LON, LAT), facts=[{"亩": 58}])
    (feature,) = decode(encode_tile(layer, *AT))
    assert feature["properties"]["facts"] == '{"亩": 58}'


def test_a_tile_with_nothing_in_it_has_no_bytes() -> None:
    layer = source(square(LON, LAT, 0.001))
    assert encode_tile(layer, *address(-60, 10, 14)) == b""


def test_a_layer_without_features_or_geometries_has_no_bytes() -> None:
    assert encode_tile(source(), *AT) == b""
    assert encode_tile(source(None, shapely.Polygon()), *AT) == b""


@pytest.mark.parametrize("kind", ["Point", "LineString", "Polygon"])
def test_every_geometry_type_comes_through_beside_missing_ones(kind: str) -> None:
    geom = {
        "Point": shapely.Point(LON, LAT),
        "LineString": shapely.LineString([(LON, LAT), (LON + 0.001, LAT)]),
        "Polygon": square(LON, LAT, 0.001),
    }[kind]
    features = decode(encode_tile(source(None, geom, None), *AT))
    assert [f["properties"]["id"] for f in features] == ["f1"]
    assert features[0]["geometry"]["type"] == kind


def test_parts_of_one_feature_stay_one_feature() -> None:
    parts = shapely.union_all(
        [square(LON, LAT, 0.001), square(LON + 0.004, LAT, 0.001)]
    )
    (feature,) = decode(encode_tile(source(parts), *AT))
    assert feature["geometry"]["type"] == "MultiPolygon"


def test_a_collection_comes_once_per_type() -> None:
    mixed = shapely.GeometryCollection(
        [square(LON, LAT, 0.001), shapely.MultiPoint([(LON, LAT), (LON + 0.001, LAT)])]
    )
    features = decode(encode_tile(source(mixed), *AT))
    assert [f["geometry"]["type"] for f in features] == ["Polygon", "MultiPoint"]


def test_holes_stay_holes() -> None:
    outer, hole = square(LON, LAT, 0.003), square(LON + 0.001, LAT + 0.001, 0.001)
    (feature,) = decode(encode_tile(source(outer - hole), *AT))
    polygon = shape(feature["geometry"])
    assert len(polygon.interiors) == 1
    assert polygon.area == pytest.approx(in_tile(outer - hole, *AT).area, rel=0.01)


@pytest.mark.parametrize("z", [3, 10, 14])
def test_what_is_smaller_than_a_pixel_becomes_a_point_with_its_properties(
    z: int,
) -> None:
    layer = source(square(LON, LAT, 0.00002), use=["0701"])
    (feature,) = decode(encode_tile(layer, *address(LON, LAT, z)))
    assert feature["geometry"]["type"] == "Point"
    assert feature["properties"] == {"id": "f0", "use": "0701"}


def test_a_sliver_too_thin_to_draw_becomes_a_point() -> None:
    sliver = shapely.box(LON, LAT, LON + 0.003, LAT + DEGREE / 50)
    (feature,) = decode(encode_tile(source(sliver), *AT))
    assert feature["geometry"]["type"] == "Point"


stars = st.tuples(
    st.floats(-0.2, 1.2),
    st.floats(-0.2, 1.2),
    st.lists(st.floats(0.02, 0.6), min_size=3, max_size=9),
)


def star(x: float, y: float, radii: list[float]) -> Any:
    """A polygon placed by fractions of the tile, seldom convex, often across its
    edges."""
    turn = np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    z, column, row = AT
    px = (column + x + np.cos(turn) * radii) / 2**z
    py = (row + y + np.sin(turn) * radii) / 2**z
    lat = np.degrees(np.arctan(np.sinh((0.5 - py) * 2 * np.pi)))
    return shapely.Polygon(np.column_stack(((px - 0.5) * 360, lat)))


@given(st.lists(stars, min_size=1, max_size=6))
def test_at_the_border_nothing_is_lost_and_areas_hold(shapes: list[Any]) -> None:
    polygons = [star(*each) for each in shapes]
    found = {
        f["properties"]["id"]: shape(f["geometry"]).area
        for f in decode(encode_tile(source(*polygons), *AT))
    }
    for n, polygon in enumerate(polygons):
        seen = in_tile(polygon, *AT).intersection(WINDOW)
        # Rounding moves every edge by up to 0.71 units.
        slack = 1 + seen.length
        assert found.get(f"f{n}", 0.0) == pytest.approx(seen.area, abs=slack)


@given(st.lists(stars, min_size=1, max_size=3))
@settings(max_examples=40)
def test_neighbouring_tiles_agree_where_they_meet(shapes: list[Any]) -> None:
    layer = source(*(star(*each) for each in shapes))
    z, x, y = AT
    west, east = (decode(encode_tile(layer, z, column, y)) for column in (x, x + 1))
    band = shapely.box(0, -BUFFER, BUFFER, EXTENT + BUFFER)
    here = shapely.union_all([_moved(f, -EXTENT) & band for f in west])
    there = shapely.union_all([_moved(f, 0) & band for f in east])
    assert here.symmetric_difference(there).area <= 2 * (1 + here.length + there.length)


def _moved(feature: dict[str, Any], dx: int) -> Any:
    geom = shapely.transform(shape(feature["geometry"]), lambda xy: np.add(xy, (dx, 0)))
    return shapely.make_valid(geom)


@given(st.integers(0, 22), st.floats(-180, 179.9), st.floats(-85, 85))
def test_a_point_is_where_it_should_be_at_every_zoom(
    z: int, lon: float, lat: float
) -> None:
    at = address(lon, lat, z)
    (feature,) = decode(encode_tile(source(shapely.Point(lon, lat)), *at))
    expected = in_tile(shapely.Point(lon, lat), *at).coords[0]
    assert feature["geometry"]["coordinates"] == pytest.approx(expected, abs=0.6)


def test_an_invalid_polygon_is_drawn_not_refused() -> None:
    bow = [(0, 0), (0.01, 0.01), (0.01, 0), (0, 0.01)]
    tie = shapely.Polygon([(LON + x, LAT + y) for x, y in bow])
    assert encode_tile(source(tie), *AT)


def test_many_features_are_all_there_with_their_own_values() -> None:
    step = 0.0005
    boxes = [
        square(LON + step * (n % 40), LAT + step * (n // 40), step) for n in range(800)
    ]
    names = [f"地块{n}" for n in range(800)]
    z, x, y = address(LON + 0.01, LAT + 0.005, 12)
    features = decode(encode_tile(source(*boxes, name=names), z, x, y))
    pairs = {(f["properties"]["id"], f["properties"]["name"]) for f in features}
    assert pairs == {(f"f{n}", f"地块{n}") for n in range(800)}


@given(st.floats(-180, 180), st.floats(-85, 85), st.floats(0, 5), st.integers(0, 12))
def test_a_box_is_covered_by_the_tiles_of_its_corners_and_those_between(
    lon: float, lat: float, size: float, z: int
) -> None:
    east, north = min(lon + size, 180.0), min(lat + size, 85.0)
    columns, rows = covering((lon, lat, east, north), z)
    last = 2**z - 1
    _, x, y = address(lon, lat, z)
    assert (columns[0], rows[-1]) == (min(x, last), min(y, last))
    _, x, y = address(east, north, z)
    assert (columns[-1], rows[0]) == (min(x, last), min(y, last))
