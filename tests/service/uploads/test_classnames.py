"""A land-use name that is another class's than the code's."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.testclient import TestClient

from service.uploads.classnames import contradictions
from service.uploads.problems import Problem
from service.uploads.table import object_array
from tests.service.uploads.files import Headers, feature, geojson, send, square


def found(code: str | None, name: str | None, scheme: str | None) -> list[Problem]:
    told = {"landuse_code": code, "landuse_name": name, "landuse_scheme": scheme}
    columns = {key: object_array([value]) for key, value in told.items()}
    return list(contradictions(columns))


@pytest.mark.parametrize(
    ("code", "name", "scheme"),
    [
        ("0701", "城镇住宅用地", "mnr2023"),
        ("0701", " 城镇住宅 用地（R2）", "mnr2023"),
        ("0701", "居住用地", "mnr2023"),
        ("07", "城镇住宅用地", "mnr2023"),
        ("070101", "城镇住宅用地", "mnr2023"),
        ("1001", "工业", "mnr2023"),
        ("M1", "工业用地", "gb50137"),
        ("0601", "工业用地", "sandiao"),
        ("0701", "电子厂房", "mnr2023"),
        ("9999", "工业用地", "mnr2023"),
        ("0701", None, "mnr2023"),
        (None, "工业用地", "mnr2023"),
        ("0701", "工业用地", None),
    ],
)
def test_a_name_that_fits_or_is_no_classs_is_let_pass(
    code: str | None, name: str | None, scheme: str | None
) -> None:
    assert found(code, name, scheme) == []


def test_the_name_of_another_class_is_told_with_both() -> None:
    (told,) = found("0701", "工业用地", "mnr2023")
    assert (told.code, told.row, told.field) == (
        "name_contradicts_code",
        0,
        "landuse_name",
    )
    assert told.values["proper_zh"] == "城镇住宅用地"
    assert (told.values["name"], told.values["named"]) == ("工业用地", "1001")
    assert told.values["hint"] == ""


def test_a_name_that_the_code_has_in_another_scheme_says_which() -> None:
    (told,) = found("0601", "工业用地", "mnr2023")
    assert "第三次国土调查" in told.values["hint_zh"]
    assert "Third national land survey" in told.values["hint"]


def test_it_is_counted_told_in_both_languages_and_downloadable(
    client: TestClient, as_role: dict[str, Headers]
) -> None:
    rows = [("0701", "城镇住宅用地"), ("0701", "工业用地"), ("1001", "工业用地")]
    shapes = (square(113.235 + i * 0.003, 23.09) for i in range(len(rows)))
    content = geojson(
        *(
            feature(shape, id=f"S-{i}", landuse_code=code, DLMC=name,
                    landuse_scheme="mnr2023")
            for i, (shape, (code, name)) in enumerate(zip(shapes, rows, strict=True))
        )
    )  # fmt: skip
    headers = as_role["editor"]
    upload = send(client, headers, "a.geojson", content).json()
    (told,) = (p for p in upload["problems"] if p["code"] == "name_contradicts_code")
    assert (told["severity"], told["feature"]) == ("warning", "S-1")
    assert "城镇住宅用地" in told["message_zh"] and "工业用地" in told["message"]
    url = f"/api/uploads/{upload['id']}/problems?code=name_contradicts_code"
    listed = client.get(url, headers=headers).json()
    assert (listed["count"], listed["codes"]["name_contradicts_code"]) == (1, 1)
    sheet = client.get(f"{url}&f=csv", headers=headers).content.decode("utf-8-sig")
    assert [row["feature"] for row in csv.DictReader(io.StringIO(sheet))] == ["S-1"]
