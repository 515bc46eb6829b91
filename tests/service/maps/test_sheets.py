"""Several sheets: nothing of the ground is lost, and each knows its neighbours."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from layers.catalogue import Catalogue
from layers.initial import initial_frame
from service.atlas import Atlas
from service.errors import BadRequest
from service.maps.font import text_width
from service.maps.page import Rect
from service.maps.plan import Plan
from service.maps.query import parse_map
from service.maps.rendering import Maps
from service.maps.sheets import MAX_SHEETS, grid_of
from service.maps.text import Text
from service.maps.verifying import verify

GIVEN = {"f": "pdf", "paper": "A3", "scale": "20000", "series": "true"}


@pytest.fixture(scope="module")
def maps(atlas: Atlas) -> Maps:
    return Maps(atlas.store, atlas.snapshots, atlas.catalogue)


def plan_of(maps: Maps, atlas: Atlas, **given: str) -> Plan:
    query = parse_map({**GIVEN, **given}, ["district", "old-villages"])
    return maps.plan(query, list(atlas.catalogue))


def pages_of(pdf: bytes, tmp_path: Path) -> list[str]:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = tmp_path / "sheets.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return run.stdout.decode().split("\f")[:-1]


@given(
    width=st.floats(1, 20_000),
    height=st.floats(1, 20_000),
    scale=st.sampled_from([10_000, 25_000]),
    overlap=st.integers(0, 50),
)
def test_the_sheets_together_cover_the_ground(
    width: float, height: float, scale: int, overlap: int
) -> None:
    ground = (420_000.0, 2_550_000.0, 420_000.0 + width, 2_550_000.0 + height)
    try:
        grid = grid_of(ground, Rect(10, 20, 300, 250), scale, overlap)
    except BadRequest:
        return
    sheets = shapely.union_all([shapely.box(*cell.bounds) for cell in grid.cells])
    assert shapely.box(*ground).difference(sheets.buffer(1e-6)).area == 0


def test_neighbours_share_what_was_asked_for() -> None:
    ground = (0.0, 0.0, 5_000.0, 1_000.0)
    west, east = grid_of(ground, Rect(0, 0, 300, 250), 10_000, 10).cells
    assert west.bounds[2] - east.bounds[0] == pytest.approx(100.0)  # 10 mm
    assert west.bounds[2] - west.bounds[0] == pytest.approx(3_000.0)


def test_too_many_sheets_are_refused_with_a_scale_that_fits() -> None:
    ground, frame = (0.0, 0.0, 10_000.0, 10_000.0), Rect(0, 0, 300, 250)
    with pytest.raises(BadRequest) as refused:
        grid_of(ground, frame, 500, 10)
    enough = int(refused.value.detail.split("scale=")[1].split()[0])
    assert len(grid_of(ground, frame, enough, 10).cells) <= MAX_SHEETS


def test_an_index_comes_first_and_sheets_name_their_neighbours(
    maps: Maps, atlas: Atlas, tmp_path: Path
) -> None:
    pages = pages_of(maps.draw(plan_of(maps, atlas)), tmp_path)
    total = len(pages) - 1
    assert total > 2 and f"图幅索引 · 共 {total} 幅" in pages[0]
    for number, page in enumerate(pages[1:], start=1):
        assert f"第 {number} 幅，共 {total} 幅" in page
        assert "1 : 20,000" in page
    assert "接第 2 幅" in pages[1] and "接第 1 幅" in pages[2]


def test_one_sheet_of_a_series_is_had_by_its_number(
    maps: Maps, atlas: Atlas, tmp_path: Path
) -> None:
    (page,) = pages_of(maps.draw(plan_of(maps, atlas, sheet="2")), tmp_path)
    assert "第 2 幅，共" in page and "接第 1 幅" in page
    with pytest.raises(BadRequest, match="this series has"):
        maps.draw(plan_of(maps, atlas, sheet="99"))


def test_what_fits_one_sheet_is_one_sheet(
    maps: Maps, atlas: Atlas, tmp_path: Path
) -> None:
    made = maps.draw(plan_of(maps, atlas, scale="100000"))
    (page,) = pages_of(made, tmp_path)
    assert "索引" not in page and "幅，共" not in page


def test_a_series_is_verified_by_drawing_it_again(maps: Maps, atlas: Atlas) -> None:
    made = maps.draw(plan_of(maps, atlas, fit="district/dist-liwan"))
    assert verify(made, maps, list(atlas.catalogue)).identical


def test_empty_corners_are_left_out(maps: Maps, atlas: Atlas) -> None:
    told = maps.placed(plan_of(maps, atlas, scale="8000", paper="A4"))
    places = {(sheet["column"], sheet["row"]) for sheet in told["sheets"]}
    columns, rows = (max(numbers) + 1 for numbers in zip(*places, strict=True))
    assert len(places) < columns * rows


def test_turned_sheets_cover_the_district_too(maps: Maps, atlas: Atlas) -> None:
    plan = plan_of(maps, atlas, scale="10000", paper="A3", rotation="33")
    rings = [sheet["ring"] for sheet in maps.placed(plan)["sheets"]]
    ground = shapely.union_all(shapely.polygons(rings)).buffer(1e-6)
    (district,) = initial_frame(Catalogue.load().get("district")).geometry
    assert len(rings) > 4 and ground.covers(district)


@pytest.mark.parametrize(
    "wrong",
    [
        {"scale": ""},
        {"paper": ""},
        {"f": "html"},
        {"layout": "map"},
        {"overlap-mm": "51"},
        {"overlap-mm": "-1"},
        {"series": "", "sheet": "1"},
        {"sheet": "0"},
    ],
)
def test_a_series_needs_paper_and_scale(wrong: dict[str, str]) -> None:
    asked = {k: v for k, v in {**GIVEN, **wrong}.items() if v}
    with pytest.raises(BadRequest):
        parse_map(asked, ["district"])


def test_nothing_is_written_over_the_numbers_of_the_index(
    maps: Maps, atlas: Atlas
) -> None:
    sheet = maps.sheet(plan_of(maps, atlas, scale="10000", rotation="33"))
    numbers = [t for t in sheet.texts if t.text.isdigit() and t.bold]
    others = [t for t in sheet.texts if t not in numbers]
    assert len(numbers) > 4
    for number in numbers:
        box = shapely.box(*corners(number))
        assert not any(shapely.box(*corners(t)).intersects(box) for t in others)


def corners(text: Text) -> tuple[float, float, float, float]:
    right = text.x + text_width(text.text, text.size)
    return text.x, text.y - 0.8 * text.size, right, text.y
