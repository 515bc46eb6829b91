"""Files made to harm: each is refused or read harmlessly, and says which."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from service.errors import TooLarge, Unprocessable, UnsupportedMedia
from service.uploads.drivers import pyogrio
from service.uploads.workbook import Sheet
from tests.service.uploads.bench_folder import ANY, about, codes, diagnosed, written
from tests.service.uploads.files import feature, geojson, square, zipped

SQUARE = geojson(feature(square(113.24, 23.12), a=1))
KML = (
    '<kml xmlns="http://www.opengis.net/kml/2.2"><Document>%s<Placemark><name>a</name>'
    "<Point><coordinates>113.24,23.12</coordinates></Point></Placemark></Document></kml>"
)
DOCTYPE = '<!DOCTYPE x [<!ENTITY a "b">]>'


def read(folder: Path, name: str, content: bytes | str, **said: Any) -> Any:
    return diagnosed(folder, [written(folder, name, content)], ANY, **said)


@pytest.mark.parametrize(
    "name",
    ["a" * 300 + ".geojson", "a" + ".x" * 200 + ".geojson", "a.b|c=d!e.geojson",
     "CON.geojson", "-rf.geojson", "$(id).geojson", "\u202egpj.geojson",
     "a/" * 200 + "x.geojson"],
)  # fmt: skip
def test_a_member_of_any_name_is_unpacked_under_a_plain_one(
    tmp_path: Path, name: str
) -> None:
    upload = read(tmp_path, "a.zip", zipped({name: SQUARE}))
    assert about(upload)["feature_count"] == 1


def test_two_members_of_one_name_are_refused(tmp_path: Path) -> None:
    twice = zipped({"a.geojson": SQUARE, "A.GEOJSON": SQUARE})
    with pytest.raises(Unprocessable, match="two files called"):
        read(tmp_path, "a.zip", twice)


def packed_as(method: int) -> bytes:
    raw = bytearray(zipped({"a.geojson": SQUARE}))
    raw[8] = raw[raw.index(b"PK\x01\x02") + 10] = method
    return bytes(raw)


@pytest.mark.parametrize(
    ("method", "told"),
    [(9, "method"), (99, "method"), (12, "damaged"), (14, "damaged")],
)
def test_an_odd_way_of_packing_is_told(tmp_path: Path, method: int, told: str) -> None:
    with pytest.raises(Unprocessable, match=told):
        read(tmp_path, "a.zip", packed_as(method))


@pytest.mark.parametrize("name", ["a.rar", "a.7z", "a.tar.gz"])
def test_other_archives_are_asked_for_as_zip(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsupportedMedia, match=r"\.zip"):
        read(tmp_path, name, b"Rar!")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32-be"])
def test_declarations_are_found_in_every_encoding(
    tmp_path: Path, encoding: str
) -> None:
    with pytest.raises(Unprocessable):
        read(tmp_path, "a.kml", (DOCTYPE + KML % "").encode(encoding))


def test_broken_xml_is_told_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(Unprocessable, match="line 1, column") as refusal:
        read(tmp_path, "a.kml", (KML % "")[:150])
    assert "第 1 行" in refusal.value.detail_zh


@pytest.mark.parametrize(
    "elsewhere",
    [
        "<NetworkLink><Link><href>http://127.0.0.1:9/a.kml</href></Link></NetworkLink>",
        "<GroundOverlay><Icon><href>http://127.0.0.1:9/a.png</href></Icon><LatLonBox>"
        "<north>1</north><south>0</south><east>1</east><west>0</west></LatLonBox>"
        "</GroundOverlay>",
    ],
)
def test_what_lies_elsewhere_is_told_and_not_read(
    tmp_path: Path, elsewhere: str
) -> None:
    upload = read(tmp_path, "a.kml", KML % elsewhere)
    assert about(upload)["feature_count"] == 1
    assert codes(upload) in ({"remote_references"}, {"overlaid_pictures"})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (SQUARE[:60], "line 1, column"),
        (SQUARE.replace(b"113.241", b"1e999"), "line 1, column"),
        (b'{"type":"FeatureCollection","features":' + b"[" * 9999, "nested too deeply"),
    ],
)
def test_broken_json_is_told_with_its_place(
    tmp_path: Path, content: bytes, told: str
) -> None:
    with pytest.raises(Unprocessable, match=told):
        read(tmp_path, "a.geojson", content)


def test_coordinates_that_are_no_numbers_are_no_question_of_the_crs(
    tmp_path: Path,
) -> None:
    content = SQUARE.replace(b"113.24,", b"Infinity,")
    assert codes(read(tmp_path, "a.geojson", content)) == {"invalid_coordinate"}


def test_a_ring_that_begins_at_no_number_is_told_and_the_rest_is_read(
    tmp_path: Path,
) -> None:
    broken = feature(square(113.24, 23.12))
    broken["geometry"]["coordinates"][0][0][0] = float("nan")
    broken["geometry"]["coordinates"][0][-1][0] = float("nan")
    content = geojson(broken, feature(square(113.24, 23.12)))
    upload = read(tmp_path, "a.geojson", content)
    assert about(upload)["located_count"] == 1
    assert "unreadable_geometry" in codes(upload)


@pytest.mark.parametrize("name", ["EPSG:99999999", "/etc/passwd", "http://x/y"])
def test_an_unknown_crs_is_not_replaced_in_silence(tmp_path: Path, name: str) -> None:
    crs = {"type": "name", "properties": {"name": name}}
    content = geojson(feature(square(113.24, 23.12)), crs=crs)
    upload = read(tmp_path, "a.geojson", content)
    assert "unknown_crs_name" in codes(upload)
    assert about(upload)["crs_evidence"]["source"] == "format"


def test_a_topology_that_unfolds_without_end_is_refused(tmp_path: Path) -> None:
    arcs = b",".join([b"[1,1]"] * 10_000)
    used = b",".join([b"[0]"] * 2_000)
    content = (
        b'{"type":"Topology","arcs":[[' + arcs + b']],"objects":{"a":'
        b'{"type":"MultiLineString","arcs":[' + used + b"]}}}"
    )
    with pytest.raises(TooLarge, match="20,000,000 vertices"):
        read(tmp_path, "a.topojson", content)


def test_a_thousand_columns_are_enough(tmp_path: Path) -> None:
    many = {f"k{n}": n for n in range(1_001)}
    with pytest.raises(Unprocessable, match="columns"):
        read(tmp_path, "a.geojson", geojson(feature(square(113.24, 23.12), **many)))


def test_control_characters_are_taken_out_and_told(tmp_path: Path) -> None:
    content = "id,lon,lat,name\n1,113.24,23.12,a\x01b\x7f\n"
    upload = read(tmp_path, "a.csv", content)
    assert upload.read_frame().columns["name_zh"][0] == "ab"
    assert "control_characters" in codes(upload)


def package(folder: Path, *statements: str) -> Path:
    path = folder / "a.gpkg"
    shapes = shapely.to_wkb(np.array([shapely.box(113.24, 23.12, 113.25, 23.13)]))
    pyogrio.raw.write(
        path, shapes, [np.array(["x"], dtype=object)], ["name"], layer="t",
        driver="GPKG", geometry_type="Polygon", crs="EPSG:4326",
    )  # fmt: skip
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
    return path


VIEW = (
    "CREATE VIEW v AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r)"
    " SELECT i AS fid, (SELECT geom FROM t) AS geom FROM r",
    "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
    " VALUES ('v', 'features', 'v', 4326)",
    "INSERT INTO gpkg_geometry_columns VALUES ('v', 'geom', 'POLYGON', 4326, 0, 0)",
)


def test_a_view_of_a_geopackage_is_not_run(tmp_path: Path) -> None:
    upload = diagnosed(tmp_path, [package(tmp_path, *VIEW)], ANY)
    assert about(upload)["feature_count"] == 1


def test_a_geopackage_of_views_only_is_explained(tmp_path: Path) -> None:
    path = package(tmp_path, *VIEW, "DELETE FROM gpkg_contents WHERE table_name = 't'")
    with pytest.raises(Unprocessable, match="views"):
        diagnosed(tmp_path, [path], ANY)


def test_a_triggered_geopackage_is_only_read(tmp_path: Path) -> None:
    trigger = "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM t; END"
    upload = diagnosed(tmp_path, [package(tmp_path, trigger)], ANY)
    assert about(upload)["feature_count"] == 1


def test_a_zip_that_lies_about_sizes_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.geojson", b" " * 1_000_000)
    raw = buffer.getvalue().replace((1_000_000).to_bytes(4, "little"), b"\x64\0\0\0")
    with pytest.raises(Unprocessable, match="damaged"):
        read(tmp_path, "a.zip", raw)


def test_merged_cells_that_cover_more_than_any_sheet_are_refused() -> None:
    sheet = Sheet("a", [[1]], [(0, 0, 1_000_000)] * 6)
    with pytest.raises(TooLarge, match="Merged cells"):
        sheet.fill_down(0)
