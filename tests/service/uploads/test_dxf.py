"""What a drawing holds besides parcels."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ezdxf
import pytest

from service.errors import UnsupportedMedia
from service.uploads.staging import Folder
from tests.service.uploads.bench_folder import (
    CATALOGUE,
    about,
    codes,
    diagnosed,
    written,
)

EAST, NORTH = 422583.954, 2558680.91


def square(offset: float = 0.0, scale: float = 1.0) -> list[tuple[float, float]]:
    corners = [(0, 0), (100, 0), (100, 100), (0, 100)]
    return [((EAST + offset + x) * scale, (NORTH + y) * scale) for x, y in corners]


def read(folder: Path, draw: Callable[[Any], object]) -> tuple[int, set[str]]:
    drawing = ezdxf.new("R2018")  # type: ignore[attr-defined]
    draw(drawing)
    text = io.StringIO()
    drawing.write(text)
    path = written(folder, "a.dxf", text.getvalue())
    upload = diagnosed(folder, [path], CATALOGUE.get("parcels"))
    return about(upload)["feature_count"], codes(upload) - {"crs_inferred"}


def test_arrow_heads_are_no_parcels(tmp_path: Path) -> None:
    def draw(drawing: Any) -> None:
        space = drawing.modelspace()
        space.add_lwpolyline(square(), close=True)
        first, second = square()[:2]
        space.add_linear_dim(base=(EAST, NORTH - 5), p1=first, p2=second).render()
        space.add_leader([first, second])

    assert read(tmp_path, draw) == (1, set())


def test_what_stands_on_a_sheet_is_no_parcel(tmp_path: Path) -> None:
    def draw(drawing: Any) -> None:
        drawing.modelspace().add_lwpolyline(square(), close=True)
        drawing.paperspace().add_lwpolyline([(0, 0), (420, 0), (420, 297)], close=True)

    assert read(tmp_path, draw) == (1, {"paper_space"})


def test_a_curve_that_nobody_can_read_does_not_cost_the_rest(tmp_path: Path) -> None:
    def draw(drawing: Any) -> None:
        drawing.modelspace().add_lwpolyline(square(), close=True)
        drawing.modelspace().add_spline(square(300))

    assert read(tmp_path, draw) == (1, {"ignored_entities"})


def test_heights_of_nought_are_no_heights(tmp_path: Path) -> None:
    def draw(drawing: Any) -> None:
        drawing.modelspace().add_polyline3d(
            [(x, y, 0) for x, y in square()], close=True
        )

    assert read(tmp_path, draw) == (1, set())


def test_heights_are_told(tmp_path: Path) -> None:
    def draw(drawing: Any) -> None:
        drawing.modelspace().add_polyline3d(
            [(x, y, 5) for x, y in square()], close=True
        )

    assert read(tmp_path, draw) == (1, {"dropped_dimension"})


@pytest.mark.parametrize("scale", [1000.0, 0.001, 1 / 0.3048])
def test_another_unit_is_suspected_and_not_converted(
    tmp_path: Path, scale: float
) -> None:
    def draw(drawing: Any) -> None:
        drawing.modelspace().add_lwpolyline(square(scale=scale), close=True)

    assert read(tmp_path, draw) == (1, {"suspected_unit"})


@pytest.mark.parametrize("name", ["a.dwg", "a.dxf"])
def test_a_dwg_is_known_by_its_content(tmp_path: Path, name: str) -> None:
    with pytest.raises(UnsupportedMedia, match="DXF"):
        diagnosed(tmp_path, [written(tmp_path, name, b"AC1032" + bytes(90))])


def test_a_sign_within_a_parcel_is_no_parcel_and_keeps_no_number(
    tmp_path: Path,
) -> None:
    def draw(drawing: Any) -> None:
        space = drawing.modelspace()
        space.add_lwpolyline(square(), close=True)
        drawing.blocks.new("N").add_circle((0, 0), 3)
        middle = (EAST + 50, NORTH + 50)
        space.add_blockref("N", middle).add_attrib("NO", "乙-02", middle)

    _, found = read(tmp_path, draw)
    assert {"ignored_entities", "blocks_unfolded"} <= found
    frame = Folder(tmp_path / "upload").read_frame()
    assert frame.columns["注记"].tolist() == ["乙-02"]


def test_parcels_drawn_by_a_block_are_parcels_and_told(tmp_path: Path) -> None:
    def draw(drawing: Any) -> None:
        drawing.blocks.new("地块块").add_lwpolyline(square(), close=True)
        drawing.modelspace().add_blockref("地块块", (0, 0))

    assert read(tmp_path, draw) == (1, {"blocks_unfolded"})
    found = Folder(tmp_path / "upload").read_json("problems.json")
    (told,) = [p["message_zh"] for p in found if p["code"] == "blocks_unfolded"]
    assert "地块块" in told


def test_lines_that_nearly_close_are_told_with_their_place(tmp_path: Path) -> None:
    def draw(drawing: Any) -> None:
        drawing.modelspace().add_lwpolyline(square(), close=True)
        around = [*square(300), (EAST + 300.004, NORTH)]
        drawing.modelspace().add_lwpolyline(around)
        drawing.modelspace().add_lwpolyline(square(600))

    assert read(tmp_path, draw) == (1, {"ignored_entities", "nearly_closed"})
    found = Folder(tmp_path / "upload").read_json("problems.json")
    (told,) = [p["message"] for p in found if p["code"] == "nearly_closed"]
    assert "422883.958, 2558680.910" in told and told.startswith("1 lines")
