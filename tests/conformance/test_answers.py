"""Answers are exactly those of shapely on the same features, in every store.

All coordinates lie on one lattice, so that boxes touch edges, run along borders, pass
through corners and shrink to lines and points all the time; some features lie on
either side of the antimeridian.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from uuid import uuid4

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from geo.frame import Frame
from service.app import create_app
from service.settings import Settings
from service.stores.base import Changes, Publication

EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
#: Steps of 1/128 degree: seven decimals, and exact in binary, so that no engine has to
#: round. Odd places lie between the features'.
STEP = 1 / 128
BEFORE, LAST = 180 - STEP, 180 - 2 * STEP
LON = [-180.0, -BEFORE, -LAST, *(113.203125 + n * STEP for n in range(19)),
       LAST, BEFORE, 180.0]  # fmt: skip
LAT = [23.046875 + n * STEP for n in range(19)]
LAYERS = {"parcels": "polygon", "metro-lines": "line", "metro-stations": "point"}
Features = dict[str, dict[str, tuple[Any, float]]]


def corner(random: Random, near: int = 3) -> tuple[float, float]:
    return LON[2 * random.randrange(2, 11)], LAT[2 * random.randrange(9)]


def shape(kind: str, random: Random) -> Any:
    """A polygon, line or point with its corners on the lattice's even places."""
    if kind == "point":
        return shapely.Point(corner(random))
    if kind == "line":
        corners = dict.fromkeys(corner(random) for _ in range(4))
        return shapely.LineString([*corners, (LON[4], LAT[1])])
    xs, ys = (sorted(random.sample(range(9), 2)) for _ in range(2))
    west, east = (LON[2 * x + 3] for x in xs)
    south, north = (LAT[2 * y] for y in ys)
    whole = shapely.box(west, south, east, north)
    dent = shapely.Polygon([(west, south), (east, south), (east, north)])
    hole = whole.buffer(-STEP, join_style="mitre")
    return random.choice([whole, dent, whole.difference(hole)])


def drawn(kind: str) -> dict[str, tuple[Any, float]]:
    """Forty features, and two by the antimeridian: shape and a number."""
    random = Random(kind)
    made = {f"{kind} {n}/地": (shape(kind, random), float(n % 7)) for n in range(40)}
    edges = {
        "polygon": [shapely.box(LAST, LAT[0], 180, LAT[2]),
                    shapely.box(-180, LAT[0], -LAST, LAT[2])],
        "line": [shapely.LineString([(LAST, LAT[0]), (180, LAT[2])]),
                 shapely.LineString([(-180, LAT[2]), (-LAST, LAT[0])])],
        "point": [shapely.Point(180, LAT[0]), shapely.Point(-180, LAT[0])],
    }  # fmt: skip
    return made | {f"edge {n}": (one, 1.0) for n, one in enumerate(edges[kind])}


FEATURES: Features = {layer: drawn(kind) for layer, kind in LAYERS.items()}


def store_of(name: str, folder: Path) -> str:
    if name == "gpkg":
        return f"gpkg:{folder / 'atlas.gpkg'}"
    server = os.environ.get("ATLAS_TEST_POSTGIS")
    if not server:
        pytest.skip("ATLAS_TEST_POSTGIS is not set: no PostGIS to test against")
    mark = "&" if "?" in server else "?"
    return f"{server}{mark}options=-csearch_path%3Dt{uuid4().hex[:12]},public"


@pytest.fixture(
    scope="module",
    params=["gpkg", pytest.param("postgis", marks=pytest.mark.postgis)],
)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient]:
    """The application over one of the stores, with the features published."""
    folder = tmp_path_factory.mktemp("answers")
    store = store_of(request.param, folder)
    app = create_app(Settings(data_dir=folder, store=store, access_log=False))
    with TestClient(app, raise_server_exceptions=False) as client:
        for layer, features in FEATURES.items():
            publish(app.state.atlas.store, layer, features)
        yield client


def publish(store: Any, layer: str, features: dict[str, tuple[Any, float]]) -> None:
    """These features instead of those that were there."""
    base = store.current_version(layer)
    old = store.frame(layer, base).ids
    ids = np.array([*features], dtype=object)
    shapes, numbers = (np.array(one) for one in zip(*features.values(), strict=True))
    frame = Frame(ids, shapes.astype(object), {"accuracy_m": numbers.astype(float)})
    store.publish(Changes(frame, old), Publication(layer, base, "Chen"))


def ids(client: TestClient, layer: str, **query: object) -> set[str]:
    url = f"/api/collections/{layer}/items"
    answer = client.get(url, params={"limit": 1000, **query})
    assert answer.status_code == 200, answer.text
    body = answer.json()
    found = [feature["id"] for feature in body["features"]]
    assert body["numberMatched"] == body["numberReturned"] == len(set(found))
    return set(found)


def expected(layer: str, test: Any) -> set[str]:
    return {id for id, (one, number) in FEATURES[layer].items() if test(one, number)}


# -- what is asked -----------------------------------------------------------------
def between(values: list[float]) -> st.SearchStrategy[tuple[float, float]]:
    pairs = st.tuples(st.sampled_from(values), st.sampled_from(values))
    return pairs.map(lambda pair: (min(pair), max(pair)))


boxes = st.tuples(between(LON), between(LAT)).map(
    lambda b: (b[0][0], b[1][0], b[0][1], b[1][1])
)
places = st.tuples(st.sampled_from(LON[3:-3]), st.sampled_from(LAT))
outlines = st.lists(places, min_size=3, max_size=6, unique=True).map(shapely.Polygon)
areas = outlines.filter(lambda one: one.is_valid and one.area > 1e-9)
# Level ones: whether sloped lines touch or cross is the GEOS's own rounding, and the
# database has another than shapely.
lines = (
    st.tuples(places, places)
    .filter(lambda ends: ends[0][0] != ends[1][0])
    .map(lambda ends: shapely.LineString([ends[0], (ends[1][0], ends[0][1])]))
)
literals = st.one_of(areas, lines, places.map(shapely.Point))
layers = st.sampled_from([*LAYERS])
numbers = st.sampled_from([-1, 0, 2.5, 3, 6, 99])
patiently = settings(
    derandomize=True,
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def box_of(box: tuple[float, ...]) -> Any:
    """A box that is a line or a point where it has no width."""
    west, south, east, north = box
    if west < east and south < north:
        return shapely.box(*box)
    if (west, south) == (east, north):
        return shapely.Point(west, south)
    return shapely.LineString([(west, south), (east, north)])


@patiently
@given(layer=layers, box=boxes, number=numbers)
def test_boxes_and_conditions(
    service: TestClient, layer: str, box: tuple[float, ...], number: float
) -> None:
    there = box_of(box)
    text = ",".join(map(str, box))
    met = expected(layer, lambda one, _: shapely.intersects(one, there))
    assert ids(service, layer, bbox=text) == met
    above = expected(layer, lambda _, value: value > number)
    found = ids(service, layer, bbox=text, filter=f"accuracy_m > {number}")
    assert found == met & above


@patiently
@given(layer=layers, box=boxes, crs=st.sampled_from([4326, 4490]))
def test_boxes_with_latitude_first(
    service: TestClient, layer: str, box: tuple[float, ...], crs: int
) -> None:
    west, south, east, north = box
    query = {"bbox": f"{south},{west},{north},{east}", "bbox-crs": f"{EPSG}{crs}"}
    there = box_of(box)
    assert ids(service, layer, **query) == expected(
        layer, lambda one, _: shapely.intersects(one, there)
    )


@pytest.mark.parametrize("layer", [*LAYERS])
def test_the_halves_of_a_box_over_the_antimeridian(
    service: TestClient, layer: str
) -> None:
    west = ids(service, layer, bbox="179.9,23,180,24")
    east = ids(service, layer, bbox="-180,23,-179.9,24")
    assert (west, east) == ({"edge 0"}, {"edge 1"})
    query = {"bbox": "179.9,23,-179.9,24"}
    refused = service.get(f"/api/collections/{layer}/items", params=query)
    assert (refused.status_code, refused.json()["parameter"]) == (400, "bbox")


PREDICATES = {
    "S_INTERSECTS": shapely.intersects, "S_DISJOINT": shapely.disjoint,
    "S_WITHIN": shapely.within, "S_CONTAINS": shapely.contains,
    "S_TOUCHES": shapely.touches, "S_CROSSES": shapely.crosses,
    "S_OVERLAPS": shapely.overlaps, "S_EQUALS": shapely.equals,
}  # fmt: skip


@patiently
@given(layer=layers, name=st.sampled_from([*PREDICATES]), literal=literals,
       negated=st.booleans())  # fmt: skip
def test_spatial_predicates(
    service: TestClient, layer: str, name: str, literal: Any, negated: bool
) -> None:
    text = f"{name}(geometry, {shapely.to_wkt(literal, rounding_precision=-1)})"
    found = ids(service, layer, filter=f"NOT ({text})" if negated else text)
    holds = PREDICATES[name]
    assert found == expected(layer, lambda one, _: holds(one, literal) != negated)


@cache
def transformer(code: int) -> pyproj.Transformer:
    """To make one takes longer than a question and its answer."""
    return pyproj.Transformer.from_crs(4490, code)


@patiently
@given(layer=layers, literal=areas, code=st.sampled_from([4547, 4526, 3857]))
def test_shapes_in_other_systems(
    service: TestClient, layer: str, literal: Any, code: int
) -> None:
    """Moved off the lattice: what merely touches may fall to either side."""
    there = shapely.transform(literal, lambda xy: xy + 0.00013)
    move = transformer(code)

    def registered(xy: Any) -> Any:
        return np.column_stack(move.transform(xy[:, 1], xy[:, 0]))

    text = shapely.to_wkt(shapely.transform(there, registered), rounding_precision=-1)
    query = {"filter": f"S_INTERSECTS(geometry, {text})", "filter-crs": f"{EPSG}{code}"}
    found = ids(service, layer, **query)
    sure = expected(layer, lambda one, _: shapely.intersects(one, there.buffer(-1e-8)))
    perhaps = expected(
        layer, lambda one, _: shapely.intersects(one, there.buffer(1e-8))
    )
    assert sure <= found <= perhaps


@pytest.mark.parametrize("code", [4326, 4490, 4547, 4526, 3857])
@pytest.mark.parametrize("layer", [*LAYERS])
def test_coordinates_in_other_systems(
    service: TestClient, layer: str, code: int
) -> None:
    url = f"/api/collections/{layer}/items"
    query = {"limit": 1000, "crs": f"{EPSG}{code}", "filter": "NOT (id LIKE 'edge%')"}
    body = service.get(url, params=query).json()
    move = transformer(code)
    for feature in body["features"]:
        lon, lat = shapely.get_coordinates(FEATURES[layer][feature["id"]][0]).T
        told = shapely.get_coordinates(shapely.geometry.shape(feature["geometry"]))
        wanted = np.column_stack(move.transform(lat, lon))
        limit = 1e-7 if code in (4326, 4490) else 1e-3
        assert shapely.hausdorff_distance(
            shapely.MultiPoint(told), shapely.MultiPoint(wanted)
        ) <= limit  # fmt: skip
