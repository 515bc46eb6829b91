"""Land-use schemes in a file: what is none is told before it is published, and so is a
layer that could not be added up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from geo.frame import Frame
from service.uploads.schemes import check_schemes, named_schemes
from service.uploads.table import object_array
from tests.service.uploads.files import Headers, feature, geojson, send, square

Roles = dict[str, Headers]


def content(*schemes: str | None) -> bytes:
    shapes = (square(113.235 + i * 0.003, 23.09) for i in range(len(schemes)))
    return geojson(
        *(
            feature(shape, id=f"S-{i}", landuse_code="0701", landuse_scheme=name)
            for i, (shape, name) in enumerate(zip(shapes, schemes, strict=True))
        )
    )


def of(upload: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [problem for problem in upload["problems"] if problem["code"] == code]


def layer(*rows: tuple[str | None, str | None]) -> Frame:
    nothing = np.full(len(rows), None, dtype=object)
    codes, schemes = zip(*rows, strict=True)
    columns = {"landuse_code": codes, "landuse_scheme": schemes}
    columns = {name: object_array(list(values)) for name, values in columns.items()}
    return Frame(object_array([str(i) for i in range(len(rows))]), nothing, columns)


def test_an_unknown_scheme_stands_in_the_way(
    client: TestClient, as_role: Roles
) -> None:
    headers = as_role["editor"]
    upload = send(client, headers, "a.geojson", content("mnr2023", "GB/T 1")).json()
    (told,) = of(upload, "unknown_scheme")
    assert (told["severity"], told["feature"]) == ("error", "S-1")
    assert "mnr2023" in told["remedy"] and "mnr2023" in told["remedy_zh"]
    assert (
        client.post(f"/api/uploads/{upload['id']}/submit", headers=headers).status_code
        == 409
    )


def test_an_unknown_scheme_can_be_left_to_the_codes(
    client: TestClient, as_role: Roles
) -> None:
    headers = as_role["editor"]
    file = content("某分类", "某分类")
    upload = send(client, headers, "a.geojson", file, repair="unknown_scheme").json()
    assert upload["errors"] == 0
    assert all(told["repaired"] for told in of(upload, "unknown_scheme"))
    preview = client.get(f"/api/uploads/{upload['id']}/items", headers=headers).json()
    names = {f["properties"]["landuse_scheme"] for f in preview["features"]}
    assert names == {"mnr2023"}


@pytest.mark.parametrize("written", ["MNR2023 ", "国土空间用地用海分类（2023）"])
def test_a_scheme_may_be_written_by_its_title(written: str) -> None:
    schemes, problems = named_schemes(object_array([written, None]))
    assert (schemes.tolist(), problems) == (["mnr2023", None], [])


@pytest.mark.parametrize(
    "rows",
    [
        [("0701", "mnr2023"), ("0701", "sandiao")],
        [("0701", "mnr2023"), ("R2", "mnr2023")],
        [("0701", "mnr2023"), ("R2", None)],
        [("0701", None), ("R2", None)],
        [("0701", "某分类")],
    ],
)
def test_a_layer_of_several_schemes_is_told(
    rows: list[tuple[str | None, str | None]],
) -> None:
    (told,) = check_schemes(layer(*rows))
    assert told.code == "no_single_scheme"


@pytest.mark.parametrize(
    "rows",
    [
        [("0701", "mnr2023"), ("9999", "mnr2023"), (None, None)],
        [("0701", "mnr2023"), ("0801", None)],
        [("9999", None)],
    ],
)
def test_a_layer_that_adds_up_is_not(
    rows: list[tuple[str | None, str | None]],
) -> None:
    assert not list(check_schemes(layer(*rows)))


def test_what_is_told_is_what_the_balance_refuses(
    client: TestClient, as_role: Roles
) -> None:
    editor, reviewer = as_role["editor"], as_role["reviewer"]
    for file in (content("mnr2023"), content(None, "gb50137")):
        upload = send(client, editor, "a.geojson", file).json()
        url = f"/api/uploads/{upload['id']}/submit"
        changeset = client.post(url, headers=editor).json()["id"]
        client.post(f"/api/changesets/{changeset}/approve", headers=reviewer)
        balance = client.get("/api/statistics/balance?layer=parcels")
        refused = balance.status_code == 422
        assert refused == bool(of(upload, "no_single_scheme"))
    assert refused
