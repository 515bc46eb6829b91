"""Values that formats stumble over: out and back without a difference, or told."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from geo.crs import parse_crs
from geo.frame import Frame
from layers.catalogue import Catalogue
from service.exports.datasets import distinct
from service.exports.shapefile import write_gbk_shapefile
from service.uploads.comparison import is_same
from tests.service.exports.test_round_trip import FULL, back, fetched
from tests.service.uploads.files import Headers, feature, geojson, send, settled, square

Roles = dict[str, Headers]
HARD: dict[str, Any] = {
    "规划用地性质详细说明文字": "甲",
    "规划用地性质详细说明编号": "乙",
    "日期": "2026-01-02",
    "时刻": "2026-01-02T03:04:05+08:00",
    "真": True,
    "数": 123456.789012345,
    "长号": 900719925474099,
    "微小": 1.234567891e-06,
    "换行": "一\n二\t三",
    "表情": "😀",
    "生僻": "滘漖塱㙟𠮷",
    "前导零": "007",
    "像数": "1e5",
    "像空": "null",
    "公式": "=1+1",
    "带撇": "'=x",
    "负": "-5",
    "列表": [1, "二"],
    "对象": {"a": 1},
    "标点": ",;\"'<>&|@",
}


@pytest.fixture(scope="module")
def published(client: TestClient, as_role: Roles) -> None:
    ring, hole = (square(113.235, 23.09, s)["coordinates"][0] for s in (0.001, 0.0002))
    hole = [[x + 0.0003, y + 0.0003] for x, y in hole]
    east = [[[x + 0.002, y] for x, y in part] for part in (ring, hole)]
    parts = {"type": "MultiPolygon", "coordinates": [[ring, hole], east]}
    blank = dict.fromkeys(HARD)
    content = geojson(
        feature(parts, id="H-1", name_zh="甲㙟", landuse_code="0701", **HARD),
        feature(square(113.24, 23.09), id="H-2", name_zh="乙", **blank),
        feature(None, id="H-3", name_zh="没有图形", **blank),
    )
    upload = send(client, as_role["editor"], "a.geojson", content).json()
    upload = settled(client, as_role["editor"], upload)
    url = f"/api/uploads/{upload['id']}/submit"
    changeset = client.post(url, headers=as_role["editor"]).json()
    url = f"/api/changesets/{changeset['id']}/approve"
    assert client.post(url, headers=as_role["reviewer"]).status_code == 200


@pytest.mark.parametrize(("form", "name"), FULL)
def test_hard_values_come_back_without_any_difference(
    client: TestClient, as_role: Roles, published: None, form: str, name: str
) -> None:
    upload = back(client, as_role, name, fetched(client, f"f={form}"), mode="replace")
    upload = settled(client, as_role["editor"], upload)
    assert upload["summary"]["unchanged"] == 3, upload["summary"]


def test_what_was_read_is_what_was_said(client: TestClient, published: None) -> None:
    items = client.get("/api/collections/parcels/items/H-1").json()["properties"]
    assert {name: items[name] for name in HARD} == HARD
    assert items["真"] is True


def test_a_missing_number_does_not_make_the_others_fractions(
    client: TestClient, published: None
) -> None:
    assert '"长号":900719925474099,' in fetched(client, "f=json").decode()
    assert ",900719925474099," in fetched(client, "f=csv").decode("utf-8-sig")


def test_numbers_too_long_to_be_read_exactly_stand_in_the_way(
    client: TestClient, as_role: Roles
) -> None:
    content = geojson(
        feature(square(113.235, 23.09), 单元号=440103001001000001),
        feature(square(113.237, 23.09), 单元号=None),
    )
    upload = back(client, as_role, "a.geojson", content)
    assert "rounded_numbers" in {p["code"] for p in upload["problems"]}


def frame_of(**columns: str) -> Frame:
    values = {n: np.array([v], dtype=object) for n, v in columns.items()}
    nowhere = np.array([None], dtype=object)
    return Frame(np.array(["a"], dtype=object), nowhere, values)


def test_characters_beyond_gbk_are_written_in_gb18030() -> None:
    layer = Catalogue.load().get("parcels")
    for text, encoding in (("滘漖", b"GBK"), ("㙟😀", b"GB18030")):
        raw = write_gbk_shapefile(frame_of(name_zh=text), layer, parse_crs("EPSG:4490"))
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            assert archive.read("parcels.cpg").strip() == encoding
            assert text.encode("gb18030") in archive.read("parcels.dbf")


def test_texts_cut_at_export_are_told_when_they_come_back(
    client: TestClient, as_role: Roles
) -> None:
    long = feature(square(113.235, 23.09), id="L-1", 长文="荔" * 3000)
    upload = back(client, as_role, "a.geojson", geojson(long), mode="append")
    url = f"/api/uploads/{upload['id']}/submit"
    changeset = client.post(url, headers=as_role["editor"]).json()
    url = f"/api/changesets/{changeset['id']}/approve"
    assert client.post(url, headers=as_role["reviewer"]).status_code == 200
    upload = back(client, as_role, "a.zip", fetched(client, "f=shp&id=L-1"))
    told = [
        p["field"] for p in upload["problems"] if p["code"] == "shortened_at_export"
    ]
    assert told == ["长文"]


def test_names_that_differ_by_capitals_only_are_told_apart() -> None:
    assert distinct(["A", "a", "Fid", "geom"]) == ["A", "a_2", "Fid_2", "geom_2"]


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (900719925474099, 900719925474098, False),
        (900719925474099.0, 900719925474098.0, False),
        ("440103001001000001", 440103001001000002, False),
        (0.1 + 0.2, 0.3, True),
        ("1.50", 1.5, True),
        ("true", True, True),
        ("1", True, False),
        ('{"a": [1]}', {"a": [1]}, True),
        ("一\r\n二", "一\n二", True),
        (" ", None, True),
        ("甲", "甲 ", False),
    ],
)
def test_values_say_the_same_or_not(a: Any, b: Any, same: bool) -> None:
    assert is_same(a, b) is same
