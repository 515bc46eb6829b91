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
from service.uploads.readings import parse_reading
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


def found(upload: Any, code: str) -> list[dict[str, Any]]:
    return [p for p in upload.read_json("problems.json") if p["code"] == code]


def test_two_readings_that_fit_as_well_must_be_decided(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", csv_of(projected(32649)))
    (tmp_path / "b").mkdir()
    (problem,) = found(diagnosed(tmp_path, [path]), "ambiguous_crs")
    assert problem["severity"] == "error" and "EPSG:32649" in problem["message"]
    decided = diagnosed(tmp_path / "b", [path], crs="EPSG:32649")
    assert not decided.read_json("problems.json")


def test_features_in_other_coordinates_are_named(tmp_path: Path) -> None:
    points = projected(4526).tolist() * 3 + [[113.235, 23.09], [422_000, 2_555_000]]
    upload = diagnosed(tmp_path, [written(tmp_path, "a.csv", csv_of(points))])
    strays = found(upload, "foreign_coordinates")
    assert [problem["index"] for problem in strays] == [12, 13]
    assert "OGC:CRS84" in strays[0]["message"] and "4547" in strays[1]["message"]
    assert not found(upload, "invalid_coordinate")


@pytest.mark.parametrize("scale", [1, 10_000])
def test_minutes_and_seconds_in_disguise_are_suspected(
    tmp_path: Path, scale: int
) -> None:
    points = np.array([[113.1406, 23.0524], [113.1410, 23.0527]]) * scale
    upload = diagnosed(tmp_path, [written(tmp_path, "a.csv", csv_of(points))])
    (problem,) = found(upload, "packed_degrees")
    assert "113.23" in problem["message"]


def test_a_file_half_in_the_district_is_not_beyond_suspicion(tmp_path: Path) -> None:
    """Undoing the offset need not bring all inside to be what happened."""
    west, south, east, north = district().bounds
    lon, lat = np.meshgrid(np.linspace(west, east, 60), np.linspace(south, north, 60))
    grid = np.column_stack([lon.ravel(), lat.ravel()])
    inside = grid[shapely.contains_xy(district(), grid)]
    crossed = to_gcj02(inside)
    crossed = crossed[~shapely.contains_xy(district(), crossed)]
    points = np.vstack(
        [crossed[:40], [(east + 0.02 + n / 1e4, north) for n in range(8)]]
    )
    path = written(tmp_path, "a.csv", csv_of(points, "id,lon,lat"))
    assert "suspected_gcj02" in codes(diagnosed(tmp_path, [path]))


def test_an_empty_table_has_words_for_evidence(tmp_path: Path) -> None:
    evidence = about(diagnosed(tmp_path, [written(tmp_path, "a.csv", "id,x,y\n")]))
    assert evidence["crs_evidence"]["text"] == "the file holds no coordinates"


@pytest.mark.parametrize("sign", "-: ")
def test_plain_signs_part_minutes_and_seconds(tmp_path: Path, sign: str) -> None:
    angles = sign.join(("113", "14", "06")), sign.join(("23", "05", "24"))
    content = "id,lon,lat\nA," + ",".join(angles)
    upload = diagnosed(tmp_path, [written(tmp_path, "a.csv", content)])
    (point,) = upload.read_frame().geometry
    assert (point.x, point.y) == pytest.approx((113.235, 23.09))


def test_strays_do_not_widen_the_map(tmp_path: Path) -> None:
    points = [*CORNERS, (116.4, 39.9)]
    path = written(tmp_path, "a.csv", csv_of(points, "id,lon,lat"))
    told = about(diagnosed(tmp_path, [path]))
    assert told["far"] == {"count": 1, "features": [{"feature": "P4", "index": 4}]}
    assert told["home"] == pytest.approx([113.235, 23.09, 113.236, 23.091])
