"""Columns that look like a field: proposed with the reason, taken only when said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely

from service.uploads.inscriptions import kind_of
from service.uploads.staging import Folder
from tests.service.uploads.bench_folder import (
    CATALOGUE,
    about,
    codes,
    diagnosed,
    written,
)

PARCELS = CATALOGUE.get("parcels")
EAST, NORTH = 421_900.0, 2_558_680.0
LAND_USES = ["0701", "0901", "1401"]


def outline(place: int) -> str:
    x = EAST + place * 120
    corners = [(x, NORTH), (x + 100, NORTH), (x + 100, NORTH + 99), (x, NORTH + 99)]
    points = "".join(f"10\n{x}\n20\n{y}\n" for x, y in corners)
    return f"0\nLWPOLYLINE\n8\nDK\n90\n4\n70\n1\n{points}"


def text(layer: str, place: int, content: str) -> str:
    at = f"10\n{EAST + place * 120 + 50}\n20\n{NORTH + 50}\n"
    return f"0\nTEXT\n8\n{layer}\n{at}40\n2\n1\n{content}\n"


def drawing(folder: Path, *entities: str, **said: object) -> Folder:
    body = "".join(entities)
    content = f"0\nSECTION\n2\nENTITIES\n{body}0\nENDSEC\n0\nEOF\n"
    path = folder / "a.dxf"
    path.write_text(content, encoding="utf-8")
    return diagnosed(folder, [path], PARCELS, **said)


def proposed(upload: Folder) -> dict[str, str]:
    return {one["field"]: one["column"] for one in about(upload)["proposals"]}


def test_texts_in_outlines_are_proposed_as_numbers_and_not_taken(
    tmp_path: Path,
) -> None:
    entities = [outline(n) + text("T", n, f"AF-0{n}") for n in range(3)]
    upload = drawing(tmp_path, *entities)
    assert proposed(upload) == {"parcel_code": "注记"}
    assert "mapping_proposed" in codes(upload)
    assert upload.read_frame().columns["parcel_code"].tolist() == [None] * 3


def test_a_proposal_that_is_agreed_to_is_no_longer_one(tmp_path: Path) -> None:
    entities = [outline(n) + text("T", n, f"AF-0{n}") for n in range(3)]
    upload = drawing(tmp_path, *entities, mapping={"parcel_code": "注记"})
    assert "mapping_proposed" not in codes(upload)
    assert upload.read_frame().columns["parcel_code"].tolist()[1] == "AF-01"


def test_texts_on_several_layers_are_told_apart(tmp_path: Path) -> None:
    entities = [
        outline(n) + text("地块编号", n, f"AF-0{n}") + text("YT", n, code)
        for n, code in enumerate(LAND_USES)
    ]
    assert proposed(drawing(tmp_path, *entities)) == {
        "parcel_code": "注记（地块编号）",
        "landuse_code": "注记（YT）",
    }


def test_several_texts_on_one_layer_are_told_apart_by_kind(tmp_path: Path) -> None:
    entities = [
        outline(n) + text("T", n, f"AF-0{n}") + text("T", n, code) + text("T", n, "1.5")
        for n, code in enumerate(LAND_USES)
    ]
    found = proposed(drawing(tmp_path, *entities))
    assert found == {"parcel_code": "注记：编号", "landuse_code": "注记：用地代码"}


@pytest.mark.parametrize(
    ("content", "kind"),
    [("0701", "用地代码"), ("R2", "用地代码"), ("12", "数值"), ("AF0201", "编号"),
     ("聚龙湾", "名称"), ("1.25", "数值")],
)  # fmt: skip
def test_a_text_is_of_one_kind(content: str, kind: str) -> None:
    assert kind_of(content) == kind


def test_names_that_a_shapefile_cut_are_proposed(tmp_path: Path) -> None:
    boxes = [shapely.box(EAST + n * 120, NORTH, EAST + n * 120 + 100, NORTH + 100)
             for n in range(3)]  # fmt: skip
    told = {
        "地块编": ["A", "B", "C"],
        "用地分": LAND_USES,
        "用地面": ["9999", "10001", "10000"],
    }
    path = tmp_path / "a.shp"
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(boxes, dtype=object)),
        [np.array(values, dtype=object) for values in told.values()],
        list(told),
        geometry_type="Polygon",
        crs="EPSG:4547",
        encoding="UTF-8",
    )
    upload = diagnosed(tmp_path, sorted(tmp_path.glob("a.*")), PARCELS)
    assert proposed(upload) == {
        "parcel_code": "地块编",
        "landuse_code": "用地分",
        "area_declared_m2": "用地面",
    }


def test_a_column_of_areas_is_proposed_by_what_it_holds(tmp_path: Path) -> None:
    wkt = shapely.to_wkt(shapely.box(113.23, 23.12, 113.231, 23.121))
    path = written(tmp_path, "a.csv", f'wkt,MJ\n"{wkt}",11350\n')
    assert proposed(diagnosed(tmp_path, [path], PARCELS)) == {"area_declared_m2": "MJ"}
