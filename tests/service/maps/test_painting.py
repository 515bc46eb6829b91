"""Pixels: the same on every run and thread, and what the other formats show."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray
from PIL import Image

from geo.frame import Frame
from service.maps import canvas
from service.maps.canvas import Canvas, Ink, Lines, Stroke
from service.maps.glyphs import Line, letters
from service.maps.painting import painted
from service.maps.png import png, sheet_png
from service.maps.sheet import Sheet
from service.maps.typesetting import typeset

SheetMaker = Callable[..., Sheet]
FrameMaker = Callable[..., Frame]
SQUARE = np.array([(2, 2), (2, 8), (8, 8), (8, 2), (2, 2)], dtype=float)


def grey(content: bytes) -> NDArray[np.float64]:
    """A picture as the eye takes it in from some way off."""
    image = Image.open(BytesIO(content)).convert("L")
    return np.asarray(image.reduce(4), dtype=float)


def fabric(frame_of: FrameMaker) -> Frame:
    """Sixteen parcels that share their borders."""
    x, y = 421_000.0, 2_553_000.0
    squares = [
        shapely.box(x + 50 * i, y + 50 * j, x + 50 * i + 50, y + 50 * j + 50)
        for i in range(4)
        for j in range(4)
    ]
    codes = ["0701", "0901", "1401", "1207"] * 4
    return frame_of(
        squares,
        landuse_code=codes,
        landuse_scheme=["mnr2023"] * 16,
        evidence=["surveyed"] * 16,
    )


@pytest.mark.parametrize("dpi", [96, 300])
def test_the_picture_shows_what_the_pdf_shows(
    sheet_of: SheetMaker, frame_of: FrameMaker, dpi: int, tmp_path: Path
) -> None:
    if shutil.which("pdftocairo") is None:
        pytest.skip("pdftocairo (poppler-utils) is not installed")
    frames = {"parcels": fabric(frame_of), "old-villages": None, "metro-stations": None}
    box = "113.2286,23.0745,113.2315,23.0775"
    sheet = sheet_of(frames, width=800, height=600, dpi=dpi, bbox=box)
    path = tmp_path / "map.pdf"
    path.write_bytes(typeset([sheet], "", "zh"))
    command = ["pdftocairo", "-png", "-r", str(dpi), "-singlefile", path, "-"]
    pdf = subprocess.run(command, capture_output=True, check=True).stdout
    apart = np.abs(grey(sheet_png(sheet)) - grey(pdf))
    assert apart.mean() < 1.5
    assert (apart > 48).mean() < 0.01


def test_threads_at_work_together_paint_the_same(sheet_of: SheetMaker) -> None:
    sheet = sheet_of({"old-villages": None, "metro-lines": None}, width=500, height=400)
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(sheet_png, [sheet] * 8))
    assert len(made) == 1


def test_no_ground_shows_between_neighbours(
    sheet_of: SheetMaker, frame_of: FrameMaker
) -> None:
    given = {"width": 400, "height": 400, "layout": "map", "legend": False}
    box = "113.2288,23.0748,113.2300,23.0760"
    frame = fabric(frame_of)
    picture = painted(sheet_of({"parcels": frame}, bbox=box, **given))
    ground = np.abs(picture[:, :, :3].astype(int) - (233, 236, 231)).max(axis=2)
    inside = ground[180:220]  # rows that cross parcels from edge to edge
    among = inside[:, 120:280]
    assert (among > 3).mean() > 0.97


def test_a_square_covers_its_pixels_and_no_others() -> None:
    made = Canvas(10, 10)
    made.draw(Lines(SQUARE, np.array([0]), True), Ink("#FF0000"), None)
    assert (made.pixels[:, :, 3] > 0).sum() == 36
    assert made.pixels[5, 5].tolist() == [255, 0, 0, 255]


def test_nothing_is_painted_outside_the_clip() -> None:
    made = Canvas(10, 10)
    made.clip = (0, 0, 5, 10)
    made.draw(Lines(SQUARE, np.array([0]), True), Ink("#FF0000"), None)
    assert not made.pixels[:, 5:, 3].any() and made.pixels[:, :5, 3].any()


def test_lines_in_many_pieces_are_painted_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    places = np.random.default_rng(0).permutation(100)[:40]
    squares = np.concatenate([SQUARE + 10 * np.array(divmod(n, 10)) for n in places])
    lines = Lines(squares, np.arange(40) * 5, True)
    whole, pieces = Canvas(100, 100), Canvas(100, 100)
    whole.draw(lines, Ink("#00FF00"), Stroke(Ink("#000000"), 1.0))
    monkeypatch.setattr(canvas, "_AT_ONCE", 12)
    pieces.draw(lines, Ink("#00FF00"), Stroke(Ink("#000000"), 1.0))
    assert np.array_equal(whole.pixels, pieces.pixels)


def test_letters_stand_on_their_line() -> None:
    made = letters([Line("口", 10.0, 50.0, 40.0)])
    low, high = made.xy.min(axis=0), made.xy.max(axis=0)
    assert low[0] >= 10 and high[0] <= 50 and 10 < low[1] < high[1] < 55


def test_a_png_holds_its_pixels_and_its_resolution() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (7, 5, 4), dtype=np.uint8)
    read = Image.open(BytesIO(png(picture, 300.0)))
    assert np.array_equal(np.asarray(read), picture[:, :, :3])
    assert read.info["dpi"] == pytest.approx((300, 300), abs=0.1)
