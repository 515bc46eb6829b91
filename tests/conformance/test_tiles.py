"""Vector tiles as a stranger reads them: at every zoom, nothing is lost, nothing gapes
at the borders between tiles, and the properties are those of the features."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from starlette.testclient import TestClient

from bench.plots import plots
from geo.crs import unproject_xy
from geo.frame import Frame
from geo.paths import to_square
from service.atlas import Atlas
from service.stores.base import Changes, Publication

EXTENT = 4096
TILE = shapely.box(0, 0, EXTENT, EXTENT)
SIDE = 142
CODES = ("0701", "0901", "1401", "1201")
Feature = dict[str, Any]


def tile(client: TestClient, layer: str, z: int, x: int, y: int) -> list[Feature]:
    """A tile's features, shapes in units of the tile with y downwards."""
    url = f"/api/collections/{layer}/tiles/WebMercatorQuad/{z}/{y}/{x}"
    answer = client.get(url)
    if answer.status_code == 204:
        assert answer.content == b""
        return []
    assert answer.status_code == 200, answer.text
    decoded = mapbox_vector_tile.decode(
        answer.content, default_options={"y_coord_down": True}
    )
    assert decoded.keys() == {layer}
    assert decoded[layer]["extent"] == EXTENT
    found: list[Feature] = decoded[layer]["features"]
    for feature in found:
        feature["shape"] = shapely.geometry.shape(feature["geometry"])
    return found


def in_world(shape: Any, z: int, x: int, y: int) -> Any:
    """Tile units to units of the whole zoom level."""
    origin = np.array([x, y]) * EXTENT
    return shapely.transform(shape, lambda xy: xy + origin)


def on_level(shape: Any, z: int) -> Any:
    """Degrees to units of the whole zoom level."""
    return shapely.transform(
        shape, lambda xy: to_square(np.asarray(xy)).T * EXTENT * 2**z
    )


def range_of(box: tuple[float, ...], z: int) -> Iterator[tuple[int, int]]:
    west, south, east, north = box
    corners = to_square(np.array([[west, north], [east, south]])) * 2**z
    (left, right), (top, bottom) = corners.astype(int).tolist()
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            yield x, y


def level(client: TestClient, layer: str, z: int, box: Any) -> list[Feature]:
    """All pieces of a zoom level, each cut to its own tile, in units of the level."""
    pieces = []
    for x, y in range_of(box, z):
        for feature in tile(client, layer, z, x, y):
            cut = shapely.intersection(shapely.make_valid(feature["shape"]), TILE)
            pieces.append({**feature, "cut": in_world(cut, z, x, y)})
    return pieces


def items(client: TestClient, layer: str) -> list[Feature]:
    url = f"/api/collections/{layer}/items"
    return client.get(url, params={"limit": 1000}).json()["features"]


def located(client: TestClient, layer: str) -> dict[str, Any]:
    return {
        one["id"]: shapely.geometry.shape(one["geometry"])
        for one in items(client, layer)
        if one["geometry"]
    }


# -- a real layer whose areas lie edge to edge -------------------------------------
@pytest.mark.parametrize("z", range(15))
def test_groups_tile_the_belt_without_cracks_at_every_zoom(
    client: TestClient, z: int
) -> None:
    shapes = located(client, "functional-groups")
    box = shapely.total_bounds(list(shapes.values()))
    pieces = level(client, "functional-groups", z, box)
    assert {piece["properties"]["id"] for piece in pieces} == shapes.keys()
    areas = [p["cut"] for p in pieces if p["shape"].area > 0]
    if z < 9:
        return  # hardly more than points
    drawn = shapely.union_all([shapely.buffer(one, 1.5) for one in areas])
    whole = on_level(shapely.union_all(list(shapes.values())), z)
    assert shapely.covers(drawn, whole)  # no gap wider than rounding
    assert shapely.covers(shapely.buffer(whole, 1.5), shapely.union_all(areas))


@pytest.mark.parametrize("layer", ["functional-groups", "metro-lines", "old-villages"])
@pytest.mark.parametrize("z", [12, 14, 16])
def test_neighbouring_tiles_meet(client: TestClient, layer: str, z: int) -> None:
    """What crosses the border between two tiles crosses it at the same place in
    both."""
    shapes = located(client, layer)
    anywhere = shapely.union_all(list(shapes.values()))
    west, south, east, north = anywhere.bounds
    border = shapely.LineString([(0, 0), (0, EXTENT)])
    crossed = 0
    for x, y in list(range_of((west, south, east, north), z))[:60]:
        left = {f["properties"]["id"]: f for f in tile(client, layer, z, x, y)}
        right = {f["properties"]["id"]: f for f in tile(client, layer, z, x + 1, y)}
        for id in left.keys() & right.keys():
            one = shapely.transform(left[id]["shape"], lambda p: p - [EXTENT, 0])
            here, there = (
                shapely.intersection(shapely.make_valid(shape), border)
                for shape in (one, right[id]["shape"])
            )
            if shapely.is_empty(here) != shapely.is_empty(there):
                thin = here if shapely.is_empty(there) else there
                assert shapely.length(thin) <= 2
            elif not shapely.is_empty(here):
                crossed += 1
                assert shapely.hausdorff_distance(here, there) <= 2
    assert crossed or z == 12


@pytest.mark.parametrize(
    "layer", ["functional-groups", "metro-lines", "metro-stations"]
)
@pytest.mark.parametrize("z", range(15, 23))
def test_close_up_a_feature_is_where_it_should_be(
    client: TestClient, layer: str, z: int
) -> None:
    for id, shape in list(located(client, layer).items())[:4]:
        lon, lat = shapely.point_on_surface(shape).coords[0]
        x, y = (to_square(np.array([[lon, lat]]))[:, 0] * 2**z).astype(int).tolist()
        at = next(
            f for f in tile(client, layer, z, x, y) if f["properties"]["id"] == id
        )
        here = on_level(shapely.Point(lon, lat), z)
        assert shapely.distance(in_world(at["shape"], z, x, y), here) <= 2


@pytest.mark.parametrize(
    "layer", ["functional-groups", "metro-lines", "metro-stations"]
)
def test_a_tile_s_properties_are_the_feature_s(client: TestClient, layer: str) -> None:
    by_id = {one["id"]: one["properties"] for one in items(client, layer)}
    box = shapely.total_bounds(list(located(client, layer).values()))
    x, y = next(range_of(box, 8))
    found = tile(client, layer, 8, x, y)
    assert found
    for feature in found:
        told = dict(feature["properties"])
        properties = by_id[told.pop("id")]
        assert told == {name: properties[name] for name in told}
        missing = {k for k, v in properties.items() if v is not None} - told.keys()
        assert not {"name_zh", "status", "evidence", "accuracy_m"} & missing


# -- twenty thousand parcels -------------------------------------------------------
@pytest.fixture(scope="module")
def parcels(client: TestClient, atlas: Atlas) -> Frame:
    """A sheet of parcels edge to edge, in four classes, published."""
    shapes = unproject_xy(plots(SIDE, SIDE))
    count = len(shapes)
    ids = np.array([f"p{n:05}" for n in range(count)], dtype=object)
    codes = np.array([CODES[n % 4] for n in range(count)], dtype=object)
    status = np.full(count, "existing", dtype=object)
    frame = Frame(ids, shapes, {"landuse_code": codes, "status": status})
    nothing = np.array([], dtype=object)
    base = atlas.store.current_version("parcels")
    atlas.store.publish(Changes(frame, nothing), Publication("parcels", base, "Chen"))
    return frame


def test_no_parcel_is_lost(client: TestClient, parcels: Frame) -> None:
    code = dict(zip(parcels.ids, parcels.columns["landuse_code"], strict=True))
    seen = set()
    for x, y in range_of(shapely.total_bounds(parcels.geometry), 14):
        for feature in tile(client, "parcels", 14, x, y):
            id = feature["properties"]["id"]
            assert feature["properties"]["landuse_code"] == code[id]
            seen.add(id)
    assert seen == set(parcels.ids)


@pytest.mark.parametrize("z", [15, 17])
def test_parcels_leave_no_cracks_between_tiles(
    client: TestClient, parcels: Frame, z: int
) -> None:
    """Where four tiles meet in the middle of the sheet."""
    lon, lat = np.mean(shapely.total_bounds(parcels.geometry).reshape(2, 2), axis=0)
    x, y = (to_square(np.array([[lon, lat]]))[:, 0] * 2**z).astype(int).tolist()
    cut = [
        in_world(shapely.intersection(shapely.make_valid(f["shape"]), TILE), z, *at)
        for at in [(x + i, y + j) for i in (0, 1) for j in (0, 1)]
        for f in tile(client, "parcels", z, *at)
    ]
    drawn = shapely.union_all(shapely.buffer([one for one in cut if one.area], 1))
    square = shapely.box(*np.array([x, y]) * EXTENT, *np.array([x + 2, y + 2]) * EXTENT)
    ground = on_level(shapely.coverage_union_all(parcels.geometry), z)
    there = shapely.intersection(ground, square)
    assert shapely.area(shapely.difference(there, drawn)) == 0


@pytest.mark.parametrize("z", [3, 8, 12])
def test_from_afar_parcels_are_joined_and_counted(
    client: TestClient, parcels: Frame, z: int
) -> None:
    box = shapely.total_bounds(parcels.geometry)
    pieces = level(client, "parcels", z, box)
    counts = {
        p["properties"]["landuse_code"]: p["properties"]["feature_count"]
        for p in pieces
    }
    assert counts == dict.fromkeys(CODES, len(parcels) / 4)
    if z == 12:  # further out, a parcel alone among others is a point
        drawn = shapely.union_all([shapely.buffer(p["cut"], 8) for p in pieces])
        ground = on_level(shapely.coverage_union_all(parcels.geometry), z)
        assert shapely.covers(drawn, ground)
