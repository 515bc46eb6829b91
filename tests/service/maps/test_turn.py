"""A turned map is the same map: as true, as complete, with its words upright."""

from __future__ import annotations

import math
import shutil
import subprocess
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from geo.crs import parse_crs
from geo.frame import Frame
from service.errors import BadRequest
from service.maps.furniture import graticule
from service.maps.page import Rect
from service.maps.provenance import Record
from service.maps.query import parse_map
from service.maps.scene import Scene
from service.maps.sheet import Sheet
from service.maps.svg import sheet_svg
from service.maps.turn import Turn
from service.maps.typesetting import typeset
from service.maps.view import View, view_of

PLANE = parse_crs("EPSG:4547")
FRAME = Rect(10.0, 20.0, 200.0, 100.0)
LIWAN = (421_000.0, 2_553_000.0)
TOKEN = Record("0.1.0", ("district",), {}, {"district": 1}).token
angles = st.floats(-180, 180)


def turned(degrees: float, scale: float = 10_000.0) -> View:
    return View(PLANE, FRAME, LIWAN, scale, turn=Turn(degrees))


def test_a_quarter_turn_clockwise_lays_north_to_the_right() -> None:
    north = turned(90).to_page(np.array([LIWAN, (LIWAN[0], LIWAN[1] + 100.0)]))
    assert north == pytest.approx(np.array([(110.0, 70.0), (120.0, 70.0)]))


@given(angles, angles)
def test_a_kilometre_in_any_direction_is_as_long_at_any_turn(
    degrees: float, way: float
) -> None:
    end = LIWAN[0] + 1000 * math.cos(way), LIWAN[1] + 1000 * math.sin(way)
    a, b = turned(degrees).to_page(np.array([LIWAN, end]))
    assert np.hypot(*(b - a)) == pytest.approx(100.0, abs=1e-6)


@given(angles)
def test_the_ground_of_a_place_on_the_page_is_found_again(degrees: float) -> None:
    page = np.array([(10.0, 20.0), (210.0, 120.0), (33.0, 44.0)])
    view = turned(degrees)
    assert view.to_page(view.to_ground(page)) == pytest.approx(page, abs=1e-6)


@given(angles)
def test_the_window_is_the_frame_on_the_ground(degrees: float) -> None:
    view = turned(degrees)
    corners = view.to_page(shapely.get_coordinates(view.window))
    assert corners.min(axis=0) == pytest.approx((FRAME.x, FRAME.y), abs=1e-6)
    assert corners.max(axis=0) == pytest.approx((FRAME.right, FRAME.bottom), abs=1e-6)
    assert view.window.area == pytest.approx(2000.0 * 1000.0)


@given(angles, st.floats(1, 1e4), st.floats(1, 1e4))
def test_a_turned_view_holds_the_whole_box(
    degrees: float, width: float, height: float
) -> None:
    turn = Turn(degrees)
    box = shapely.box(*LIWAN, LIWAN[0] + width, LIWAN[1] + height)
    bounds = turn.bounds_of(shapely.get_coordinates(box))
    view = view_of(bounds, FRAME, PLANE, round_scale=False, turn=turn)
    assert view.window.buffer(1e-3).covers(box)


def test_what_lies_only_in_the_box_around_the_frame_is_not_counted(
    scene_of: Callable[..., Scene], frame_of: Callable[..., Frame]
) -> None:
    x, y = LIWAN
    middle = shapely.box(x - 10, y - 10, x + 10, y + 10)
    corner = shapely.box(x + 1500, y + 1500, x + 1510, y + 1510)
    frames = {"parcels": frame_of([middle, corner])}
    box = f"{y - 500},{x - 500},{y + 500},{x + 500}"
    scene = scene_of(
        frames, bbox=box, bbox_crs="EPSG:4547", paper="A4", scale=10_000,
        layout="map", rotation=45,
    )  # fmt: skip
    low, high = scene.view.bounds[:2], scene.view.bounds[2:]
    place = x + 1505, y + 1505
    assert all(a < b < c for a, b, c in zip(low, place, high, strict=True))
    assert sum(line.count for line in scene.legend if line.symbol) == 1


def test_names_stay_in_the_frame_of_a_turned_map(
    scene_of: Callable[..., Scene],
) -> None:
    scene = scene_of(
        {"functional-groups": None, "old-villages": None},
        paper="A3", scale=25_000, rotation=37,
    )  # fmt: skip
    frame = scene.view.frame
    assert len(scene.labels) > 8
    assert all(frame.x < n.x < frame.right for n in scene.labels)
    assert all(frame.y < n.y < frame.bottom for n in scene.labels)


def test_grid_numbers_of_a_turned_map_stand_at_their_lines_and_apart() -> None:
    texts = graticule(turned(30), 1.0).texts
    assert {t.text[0] for t in texts} == {"E", "N"}
    for text in texts:
        ground = turned(30).to_ground(np.array([(text.x, text.y)]))[0]
        told = float(text.text[2:]) * 1000
        assert abs(ground["EN".index(text.text[0])] - told) < 150  # 15 mm


def test_nothing_of_the_grid_lies_outside_the_frame() -> None:
    for mark in graticule(turned(-40), 1.0).marks:
        xy = mark.outline.cells / mark.outline.per_mm  # type: ignore[union-attr]
        assert (xy >= (FRAME.x - 1.2, FRAME.y - 1.2)).all()
        assert (xy <= (FRAME.right + 1.2, FRAME.bottom + 1.2)).all()


@pytest.mark.parametrize("degrees", [30, -30])
def test_the_sheet_says_how_it_is_turned(
    sheet_of: Callable[..., Sheet], degrees: int
) -> None:
    words = "".join(t.text for t in sheet_of(paper="A4", rotation=degrees).texts)
    assert ("顺时针旋转 30°" in words) == (degrees > 0)
    assert ("逆时针旋转 30°" in words) == (degrees < 0)


@pytest.mark.parametrize(
    ("text", "degrees"),
    [("0", 0), ("360", 0), ("-360", 0), ("270", -90), ("+1.5", 1.5)],
)
def test_turns_are_told_from_half_a_circle_left_to_half_a_circle_right(
    text: str, degrees: float
) -> None:
    assert parse_map({"collections": "a", "rotation": text}).rotation == degrees


@pytest.mark.parametrize(
    "text", ["NaN", "inf", "1e9", "1000000000", "", "361", "-360.1", "٣٠", "30°", "--1"]
)
def test_no_turn_but_degrees_is_taken(text: str) -> None:
    with pytest.raises(BadRequest, match="rotation"):
        parse_map({"collections": "a", "rotation": text})


def test_an_interactive_page_is_not_turned() -> None:
    with pytest.raises(BadRequest, match="north up"):
        parse_map({"collections": "a", "rotation": "30", "f": "html"})
    assert parse_map({"collections": "a", "rotation": "0", "f": "html"}).rotation == 0


@pytest.mark.parametrize("degrees", [30, 90, -137.5])
def test_a_kilometre_is_a_hundred_millimetres_in_the_turned_pdf(
    sheet_of: Callable[..., Sheet],
    frame_of: Callable[..., Frame],
    tmp_path: Path,
    degrees: float,
) -> None:
    """Measured at 600 dpi, where a pixel is 0.042 mm, along the line's direction."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    line = shapely.LineString([LIWAN, (LIWAN[0] + 1000, LIWAN[1])])
    sheet = sheet_of(
        {"metro-lines": frame_of([line], evidence=["surveyed"])},
        paper="A4", scale=10_000, layout="map", labels="false", legend="false",
        graticule="false", rotation=degrees,
    )  # fmt: skip
    (tmp_path / "a.pdf").write_bytes(typeset([sheet], TOKEN, "zh"))
    command = ["pdftoppm", "-r", "600", "-gray", tmp_path / "a.pdf"]
    grey = subprocess.run(command, capture_output=True, check=True).stdout
    rows, columns = np.nonzero(np.asarray(Image.open(BytesIO(grey))) < 128)
    angle = math.radians(degrees)
    along = columns * math.cos(angle) + rows * math.sin(angle)
    length = (along.max() - along.min() + 1) / 600 * 25.4
    assert length == pytest.approx(100.0, abs=0.1)


@pytest.mark.parametrize("format_", ["svg", "pdf"])
def test_a_turned_map_has_the_same_bytes_twice(
    sheet_of: Callable[..., Sheet], format_: str
) -> None:
    frames = {"functional-groups": None, "metro-stations": None}

    def drawn() -> bytes:
        sheet = sheet_of(frames, paper="A4", rotation=33)
        return (
            sheet_svg(sheet, TOKEN)
            if format_ == "svg"
            else typeset([sheet], TOKEN, "zh")
        )

    assert drawn() == drawn()
