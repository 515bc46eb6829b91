"""Where a file belongs: declared, inferred, contradicted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from geo.gcj02 import to_gcj02
from service.errors import BadRequest
from service.uploads.coordinates import parse_reading
from tests.service.uploads.bench_folder import (
    about,
    codes,
    diagnosed,
    district,
    written,
)
from tests.service.uploads.files import feature, geojson

CORNERS = [(113.235, 23.09), (113.236, 23.09), (113.236, 23.091), (113.235, 23.091)]


def csv_of(points: Any, header: str = "id,x,y") -> str:
    rows = [f"P{i},{x!r},{y!r}" for i, (x, y) in enumerate(np.asarray(points).tolist())]
    return "\n".join([header, *rows])


def projected(epsg: int) -> np.ndarray:
    to = Transformer.from_crs(4326, epsg, always_xy=True)
    return np.array([to.transform(*corner) for corner in CORNERS])


@pytest.mark.parametrize("epsg", [4547, 4526])
def test_bare_coordinates_are_read_with_evidence(tmp_path: Path, epsg: int) -> None:
    upload = diagnosed(tmp_path, [written(tmp_path, "a.csv", csv_of(projected(epsg)))])
    assert about(upload)["crs"] == f"EPSG:{epsg}"
    assert about(upload)["crs_evidence"]["hypotheses"][0]["inside"] == 1
    assert "crs_inferred" in codes(upload)


def test_a_named_crs_is_no_guess(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", csv_of(projected(4547)))
    upload = diagnosed(tmp_path, [path], crs="EPSG:4547")
    assert "crs_inferred" not in codes(upload)


def test_surveyors_axes_are_inferred_exchanged(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", csv_of(projected(4526)[:, ::-1]))
    upload = diagnosed(tmp_path, [path])
    assert about(upload)["crs"] == "EPSG:4526"
    assert about(upload)["crs_evidence"]["swapped"] is True


def geojson_of(ring: list[Any], **members: Any) -> bytes:
    shape = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return geojson(feature(shape, id="A"), **members)


def test_lat_lon_geojson_stands_in_the_way_until_confirmed(tmp_path: Path) -> None:
    path = written(tmp_path, "a.geojson", geojson_of([(y, x) for x, y in CORNERS]))
    (tmp_path / "b").mkdir()
    assert "swapped_axes" in codes(diagnosed(tmp_path, [path]))
    confirmed = diagnosed(tmp_path / "b", [path], crs="CRS84:yx")
    assert about(confirmed)["crs_evidence"]["inside"] == 1
    severities = {p["severity"] for p in confirmed.read_json("problems.json")}
    assert "error" not in severities


def test_a_missing_zone_number_is_told(tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4526"}}
    content = geojson_of(projected(4547).tolist(), crs=crs)
    upload = diagnosed(tmp_path, [written(tmp_path, "a.geojson", content)])
    (problem,) = [
        p for p in upload.read_json("problems.json") if p["severity"] == "error"
    ]
    assert problem["code"] == "missing_zone_prefix"
    assert "EPSG:4547" in problem["remedy"]


def test_projected_geojson_without_a_crs_is_inferred(tmp_path: Path) -> None:
    content = geojson_of(projected(4547).tolist())
    upload = diagnosed(tmp_path, [written(tmp_path, "a.geojson", content)])
    assert about(upload)["crs"] == "EPSG:4547"


def test_the_local_grid_is_refused(tmp_path: Path) -> None:
    points = [(35_000.5, 228_000.25), (35_100, 228_100)]
    upload = diagnosed(tmp_path, [written(tmp_path, "a.csv", csv_of(points))])
    assert "suspected_local_grid" in codes(upload)


def test_a_web_maps_offset_is_suspected_and_nothing_is_moved(tmp_path: Path) -> None:
    west, south, east, north = district().bounds
    lon, lat = np.meshgrid(np.linspace(west, east, 40), np.linspace(south, north, 40))
    everywhere = np.column_stack([lon.ravel(), lat.ravel()])
    inside = everywhere[shapely.contains_xy(district(), everywhere)]
    shifted = to_gcj02(inside)
    path = written(tmp_path, "a.csv", csv_of(shifted, "id,lon,lat"))
    upload = diagnosed(tmp_path, [path])
    assert "suspected_gcj02" in codes(upload)
    kept = shapely.get_coordinates(upload.read_frame().geometry)
    assert kept == pytest.approx(shifted, abs=1e-9)


def test_a_legacy_datum_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", csv_of(projected(4547)))
    assert "legacy_datum" in codes(diagnosed(tmp_path, [path], crs="EPSG:2383"))


@pytest.mark.parametrize(
    ("text", "name", "swapped"),
    [
        ("4547", "EPSG:4547", False),
        ("http://www.opengis.net/def/crs/EPSG/0/4526", "EPSG:4526", False),
        ("urn:ogc:def:crs:EPSG::4490", "EPSG:4490", False),
        ("CRS84", "OGC:CRS84", False),
        ("EPSG:4547:yx", "EPSG:4547", True),
    ],
)
def test_a_crs_has_many_spellings(text: str, name: str, swapped: bool) -> None:
    reading = parse_reading(text)
    assert (reading.name, reading.swapped) == (name, swapped)


@pytest.mark.parametrize("text", ["EPSG:1", "广州2000", "/etc/passwd", "+proj=merc"])
def test_an_unknown_crs_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        parse_reading(text)
