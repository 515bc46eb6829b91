"""What goes out comes back the same: every format, re-imported, changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.service.uploads.files import Headers, feature, geojson, send, square

Roles = dict[str, Headers]
WEST, SOUTH = 113.235, 23.09
LONG = "荔" * 80
FULL = [  # formats that hold everything, and what a file of theirs is called
    ("json", "a.geojson"),
    ("csv", "a.csv"),
    ("xlsx", "a.xlsx"),
    ("gpkg", "a.gpkg"),
    ("shp", "a.zip"),
    ("shp-gbk", "a.zip"),
    ("kml", "a.kml"),
]


def parcels() -> list[dict[str, Any]]:
    """Names and numbers, a hole, two parts, and everything that a format can lose."""
    ring = square(WEST, SOUTH)["coordinates"][0]
    hole = square(WEST + 0.0002, SOUTH + 0.0002, 0.0002)["coordinates"][0]
    holed = {"type": "Polygon", "coordinates": [ring, hole]}
    parts = [square(WEST + x, SOUTH, 0.0007)["coordinates"] for x in (0.002, 0.003)]
    several = {"type": "MultiPolygon", "coordinates": parts}
    common = {"evidence": "surveyed", "source_title": "勘测定界图", "accuracy_m": 0.05}
    return [
        feature(
            holed,
            id="LW-001",
            name_zh="甲地块，一期",
            landuse_code="0701",
            parcel_code="LW-001",
            规划用地性质说明="城镇住宅",
            容积率=2.5,
            **common,
        ),
        feature(
            several,
            id="LW-002",
            name_zh='乙"地块"',
            landuse_code="1001",
            parcel_code="LW-002",
            规划用地性质说明="=1+1",
            **common,
        ),
    ]


@pytest.fixture(scope="module")
def published(client: TestClient, as_role: Roles) -> None:
    content = geojson(*parcels())
    upload = send(client, as_role["editor"], "a.geojson", content).json()
    url = f"/api/uploads/{upload['id']}/submit"
    changeset = client.post(url, headers=as_role["editor"]).json()
    url = f"/api/changesets/{changeset['id']}/approve"
    assert client.post(url, headers=as_role["reviewer"]).status_code == 200


def fetched(client: TestClient, query: str) -> bytes:
    answer = client.get(f"/api/collections/parcels/items?{query}")
    assert answer.status_code == 200, answer.text
    return answer.content


def back(
    client: TestClient, as_role: Roles, name: str, content: bytes, **fields: Any
) -> Any:
    answer = send(client, as_role["editor"], name, content, **fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize(("form", "name"), FULL)
def test_a_full_format_comes_back_without_any_difference(
    client: TestClient, as_role: Roles, published: None, form: str, name: str
) -> None:
    content = fetched(client, f"f={form}")
    summary = back(client, as_role, name, content, mode="replace")["summary"]
    assert summary["unchanged"] == 2, summary
    assert summary["adds"] == summary["changes"] == summary["removes"] == 0


def test_boundary_points_come_back_within_a_millimetre(
    client: TestClient, as_role: Roles, published: None
) -> None:
    content = fetched(client, "f=txt")
    upload = back(client, as_role, "a.txt", content)
    assert upload["summary"]["unchanged"] == 2, upload["summary"]
    assert upload["summary"]["changes"] == upload["summary"]["adds"] == 0
    assert upload["diagnosis"]["crs"] == "EPSG:4526"


def test_a_drawing_comes_back_with_its_parts_and_ids(
    client: TestClient, as_role: Roles, published: None
) -> None:
    content = fetched(client, "f=dxf")
    upload = back(client, as_role, "a.dxf", content)
    assert upload["diagnosis"]["crs"] == "EPSG:4547"
    assert upload["summary"]["unchanged"] == 2, upload["summary"]
    assert upload["summary"]["changes"] == upload["summary"]["adds"] == 0


def test_what_a_draughtsman_adds_to_our_drawing_is_called_by_its_text(
    client: TestClient, as_role: Roles, published: None
) -> None:
    content = fetched(client, "f=dxf&id=LW-001").decode("gb18030")
    copied = content[
        content.index("  0\r\nPOLYLINE") : content.index("  0\r\nENDSEC", 900)
    ]
    plain = copied.replace("liwan-atlas", "somebody").replace("LW-001", "LW-009")
    plain = plain.replace("\r\n421", "\r\n422")  # a kilometre to the east
    added = content.replace(copied, copied + plain).encode("gb18030")
    summary = back(client, as_role, "a.dxf", added)["summary"]
    assert (summary["unchanged"], summary["adds"]) == (1, 1), summary


def test_a_shapefile_in_another_crs_comes_back_the_same(
    client: TestClient, as_role: Roles, published: None
) -> None:
    content = fetched(client, "f=shp&crs=http://www.opengis.net/def/crs/EPSG/0/4547")
    upload = back(client, as_role, "a.zip", content)
    assert upload["diagnosis"]["crs"] == "EPSG:4547"
    assert upload["summary"]["unchanged"] == 2


def test_csv_opens_in_excel_and_runs_no_formula(
    client: TestClient, published: None
) -> None:
    content = fetched(client, "f=csv")
    assert content.startswith(b"\xef\xbb\xbf")
    assert "'=1+1" in content.decode("utf-8-sig")


def test_a_download_is_named_after_layer_and_version(
    client: TestClient, published: None
) -> None:
    answer = client.get("/api/collections/parcels/items?f=xlsx")
    assert 'filename="parcels-v2.xlsx"' in answer.headers["content-disposition"]
