"""GDAL's OGC API – Features driver, through pyogrio, as QGIS and others use it."""

from __future__ import annotations

import numpy as np
import pyogrio
import pytest
import shapely

from layers.catalogue import Catalogue
from layers.initial import initial_frame

LAYERS = [layer.id for layer in Catalogue.load()]
#: Empty until somebody uploads something.
UPLOADED = ("parcels", "existing-land-use")
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"


@pytest.fixture(scope="module")
def source(live_url: str) -> str:
    return f"OAPIF:{live_url}/api"


def read(source: str, layer: str, **options: object) -> tuple[np.ndarray, dict]:
    """Geometries and columns, in the server's order."""
    meta, _, geometry, values = pyogrio.raw.read(source, layer=layer, **options)
    columns = dict(zip(meta["fields"].tolist(), values, strict=True))
    return shapely.from_wkb(geometry), {**columns, "crs": meta["crs"]}


def test_lists_every_layer(source: str) -> None:
    assert [name for name, _ in pyogrio.list_layers(source)] == LAYERS


@pytest.mark.parametrize("layer", LAYERS)
def test_reads_every_feature_of(source: str, layer: str) -> None:
    frame = initial_frame(Catalogue.load().get(layer))
    geometry, _ = read(source, layer)
    assert len(geometry) == len(frame)


@pytest.mark.parametrize("layer", [one for one in LAYERS if one not in UPLOADED])
def test_geometry_equals_the_file_for(source: str, layer: str) -> None:
    frame = initial_frame(Catalogue.load().get(layer))
    located = dict(zip(frame.ids, frame.geometry, strict=True))
    geometry, columns = read(source, layer)
    expected = np.array([located[id] for id in columns["id"]], dtype=object)
    missing = shapely.is_missing(expected)
    same = shapely.equals_exact(geometry, expected, tolerance=1e-6)
    assert (same | (missing & shapely.is_missing(geometry))).all()


def test_pages_through_more_than_one_answer(source: str) -> None:
    geometry, columns = read(source, "metro-stations", PAGE_SIZE="5")
    assert len(set(columns["id"])) == len(geometry) > 5


def test_an_attribute_filter_is_sent_to_the_server(source: str) -> None:
    geometry, columns = read(
        source, "metro-stations", where="name_en LIKE 'H%' OR accuracy_m > 100000"
    )
    assert len(geometry) > 0
    assert all(name.startswith("H") for name in columns["name_en"])


def test_a_box_is_sent_to_the_server(source: str) -> None:
    geometry, _ = read(source, "metro-stations", bbox=(113.2, 23.1, 113.25, 23.13))
    assert 0 < len(geometry) < len(read(source, "metro-stations")[0])


@pytest.mark.parametrize("code", [4326, 4490, 4547, 4526, 3857])
def test_round_trip_is_exact_to_a_millimetre_in(source: str, code: int) -> None:
    import pyproj

    geometry, columns = read(source, "metro-stations", CRS=f"{EPSG}{code}")
    to_plane = pyproj.Transformer.from_crs(code, 4547, always_xy=True)
    from_lonlat = pyproj.Transformer.from_crs(4490, 4547, always_xy=True)
    moved = np.column_stack(to_plane.transform(*shapely.get_coordinates(geometry).T))
    plain, plain_columns = read(source, "metro-stations")
    expected = np.column_stack(from_lonlat.transform(*shapely.get_coordinates(plain).T))
    order = [list(columns["id"]).index(id) for id in plain_columns["id"]]
    assert np.abs(moved[order] - expected).max() < 0.001


def test_the_58_mu_park_has_its_area_on_the_plane(source: str) -> None:
    geometry, _ = read(source, "industrial-parks", CRS=f"{EPSG}4547")
    # The plane is 1.48 parts in ten thousand larger here than the ellipsoid.
    expected = 58 * 2000 / 3 * 1.000148
    assert np.nanmin(np.abs(shapely.area(geometry) - expected)) < 3
