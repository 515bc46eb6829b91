"""Sheets: every word is data, every file the same twice, every length true."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from html import escape
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import shapely
from PIL import Image

from geo.frame import Frame
from service.maps.font import text_width
from service.maps.png import sheet_png
from service.maps.provenance import Record
from service.maps.sheet import Sheet
from service.maps.svg import sheet_svg
from service.maps.typesetting import typeset

SheetMaker = Callable[..., Sheet]
TOKEN = Record("0.1.0", ("district",), {}, {"district": 1}).token
MARKUP = '<script>alert(1)</script> #panic() $x$ &amp; "quoted" \\ *bold*'


def text_of(pdf: bytes, tmp_path: Path) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    path = tmp_path / "map.pdf"
    path.write_bytes(pdf)
    run = subprocess.run(["pdftotext", path, "-"], capture_output=True, check=True)
    return run.stdout.decode()


def test_markup_in_a_title_is_text_in_svg(sheet_of: SheetMaker) -> None:
    svg = sheet_svg(sheet_of(title=MARKUP), TOKEN).decode()
    assert "<script" not in svg
    assert escape("<script>alert(1)</script> #panic()", quote=False) in svg


def test_markup_in_a_title_is_text_in_pdf(sheet_of: SheetMaker, tmp_path: Path) -> None:
    pdf = typeset([sheet_of(title=MARKUP, width=2000)], TOKEN, "zh")
    assert MARKUP in text_of(pdf, tmp_path)


@pytest.mark.parametrize(
    "written", [lambda sheet: typeset([sheet], TOKEN, "zh"), sheet_png]
)
def test_the_same_sheet_gives_the_same_bytes(
    sheet_of: SheetMaker, written: Callable[[Sheet], bytes]
) -> None:
    given = {"frames": {"functional-groups": None}, "width": 600, "height": 400}
    a, b = (written(sheet_of(**given)) for _ in range(2))
    assert a == b


def test_the_same_sheet_gives_the_same_svg(sheet_of: SheetMaker) -> None:
    assert sheet_svg(sheet_of(), TOKEN) == sheet_svg(sheet_of(), TOKEN)


def test_a_png_has_the_pixels_asked_for(sheet_of: SheetMaker) -> None:
    png = sheet_png(sheet_of(width=641, height=479))
    assert Image.open(BytesIO(png)).size == (641, 479)


def test_rare_names_are_real_text_in_the_pdf(
    sheet_of: SheetMaker, tmp_path: Path
) -> None:
    pdf = typeset([sheet_of(title="滘漖塱㙟漵")], TOKEN, "zh")
    assert "滘漖塱㙟漵" in text_of(pdf, tmp_path)


def test_the_pdf_says_each_name_once(sheet_of: SheetMaker, tmp_path: Path) -> None:
    sheet = sheet_of({"old-villages": None}, paper="A3")
    names = [t.text for t in sheet.texts if t.halo and t.text.endswith("村")]
    words = text_of(typeset([sheet], TOKEN, "zh"), tmp_path)
    assert names and all(words.count(name) == 1 for name in names)


@pytest.mark.parametrize("paper", ["A4", "A3-portrait", "A0"])
def test_no_text_runs_off_the_paper(sheet_of: SheetMaker, paper: str) -> None:
    frames = {"district": None, "functional-groups": None, "old-villages": None}
    sheet = sheet_of(frames, paper=paper, title="荔" * 120, subtitle="x" * 200)
    for text in sheet.texts:
        assert text.x >= 0 and 0 < text.y <= sheet.page.height
        assert text.x + text_width(text.text, text.size) <= sheet.page.width


def test_indicative_shapes_are_flagged_in_words(sheet_of: SheetMaker) -> None:
    words = "".join(t.text for t in sheet_of({"old-villages": None}).texts)
    assert "不作审批依据" in words
    assert "（示意）" in words


@pytest.mark.parametrize("width", [900, 1200])
def test_a_long_name_in_the_legend_still_says_that_it_is_indicative(
    sheet_of: SheetMaker, width: int
) -> None:
    frames = {"functional-groups": None, "old-villages": None}
    sheet = sheet_of(frames, width=width, height=900, lang="en")
    titles = [text.text for text in sheet.texts if "(indicative)" in text.text]
    assert len(titles) == 2
    assert width == 900 or not any("…" in title for title in titles)


def test_a_web_mercator_preview_says_so(sheet_of: SheetMaker) -> None:
    words = "".join(t.text for t in sheet_of(crs="EPSG:3857").texts)
    assert "墨卡托" in words
    assert "1 :" not in words


def test_a_kilometre_is_a_hundred_millimetres_at_one_to_ten_thousand(
    sheet_of: SheetMaker, frame_of: Callable[..., Frame], tmp_path: Path
) -> None:
    """Measured in the PDF at 1200 dpi, where a pixel is 0.021 mm."""
    if shutil.which("pdftoppm") is None:
        pytest.skip("pdftoppm (poppler-utils) is not installed")
    line = shapely.LineString([(421_000, 2_553_000), (422_000, 2_553_000)])
    sheet = sheet_of(
        {"metro-lines": frame_of([line], evidence=["surveyed"])},
        paper="A4", scale=10_000, layout="map", labels=False, legend=False,
        graticule=False,
    )  # fmt: skip
    (tmp_path / "a.pdf").write_bytes(typeset([sheet], TOKEN, "zh"))
    middle = round(210 / 2 / 25.4 * 1200)
    window = ["-x", "0", "-y", str(middle - 4), "-W", "14032", "-H", "8"]
    command = ["pdftoppm", "-r", "1200", "-gray", *window, tmp_path / "a.pdf"]
    grey = subprocess.run(command, capture_output=True, check=True).stdout
    dark = np.asarray(Image.open(BytesIO(grey)))[4] < 128
    columns = np.flatnonzero(dark)
    length = (columns[-1] - columns[0] + 1) / 1200 * 25.4
    assert length == pytest.approx(100.0, abs=0.1)


def test_a_short_legend_on_portrait_paper_keeps_its_words_whole(
    sheet_of: SheetMaker,
) -> None:
    frames = {"district": None, "industrial-parks": None}
    words = [t.text for t in sheet_of(frames, paper="A4-portrait", lang="en").texts]
    assert "Industrial parks (indicative)" in words


def test_notes_that_have_no_room_are_told_to_go_on(sheet_of: SheetMaker) -> None:
    layers = {"old-villages": None, "metro-lines": None, "functional-groups": None}
    small = sheet_of(layers, width=600, height=400)
    assert any(text.text.endswith("…") and len(text.text) > 3 for text in small.texts)
