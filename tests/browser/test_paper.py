"""The page printed as it stands: light, named, dated, whole."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit

pytestmark = pytest.mark.browser
INK = """() => {
  const map = document.getElementById("paper-map");
  const { data } = map.getContext("2d").getImageData(0, 0, map.width, map.height);
  return new Set(new Uint32Array(data.buffer)).size;
}"""


@pytest.mark.parametrize(
    ("lang", "app"), [("zh", "荔湾规划一图"), ("en", "Liwan Plan Map")]
)
def test_a_dark_page_is_light_on_paper_and_dark_again(
    page: Page, visit: Visit, lang: str, app: str
) -> None:
    visit(f"/f/functional-groups/grp-julong?theme=dark&lang={lang}")
    expect(page.locator("#inspector h1")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    head = page.locator("#paper-head")
    expect(head).to_contain_text(app)
    expect(head).to_contain_text(re.compile(r"/f/functional-groups/grp-julong.*v="))
    assert page.evaluate(INK) > 20
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_paper_holds_all_of_a_feature(page: Page, visit: Visit, tmp_path: Path) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    visit("/f/functional-groups/grp-julong?lang=en")
    expect(page.locator(".near .link").first).to_be_visible()
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    told = subprocess.run(
        ["pdftotext", str(tmp_path / "page.pdf"), "-"], capture_output=True, check=True
    ).stdout.decode()
    for words in ("Baietan Julong Group", "Ellipsoid", "Not for approval", "Metro"):
        assert words in " ".join(told.split())


def test_the_keyboard_goes_where_the_search_led(page: Page, visit: Visit) -> None:
    visit("/?lang=en")
    page.locator("#map").focus()
    page.keyboard.press("/")
    page.keyboard.type("baietan julong")
    expect(page.locator("#search-list [role=option]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#search-list")).to_be_hidden()
    expect(page.locator("#search-input")).to_be_focused()
    page.keyboard.type(" ")
    expect(page.locator("#search-list [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#inspect-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#map")).to_be_focused()


DRAW = """async (ring) => {
  const { state } = await import("/static/js/state.js");
  state.set({ tool: "draw", drawn: { type: "Polygon", coordinates: [ring] } });
}"""
#: Reaches over the river, out of the district.
RING = [[113.222, 23.085], [113.245, 23.083], [113.249, 23.1], [113.222, 23.085]]


@pytest.mark.parametrize(
    ("lang", "told"),
    [("zh", ("椭球面积", "不符合")), ("en", ("Ellipsoid", "violates"))],
)
def test_a_drawn_shape_is_reported_on_one_page(
    page: Page, visit: Visit, tmp_path: Path, lang: str, told: tuple[str, ...]
) -> None:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is not installed")
    page.add_init_script("window.print = () => document.body.dataset.printed = 1;")
    visit(f"/?lang={lang}")
    page.evaluate(DRAW, RING)
    expect(page.locator(".draw-checks [data-outcome=violates]")).to_be_visible()
    expect(page.locator(".draw-results .overlap-row").first).to_be_visible()
    page.locator("[data-act=report]").click()
    expect(page.locator("body[data-printed]")).to_be_attached()
    page.pdf(path=tmp_path / "page.pdf", format="A4")
    text = subprocess.run(
        ["pdftotext", str(tmp_path / "page.pdf"), "-"], capture_output=True, check=True
    ).stdout.decode()
    assert text.count("\f") == 1
    assert all(word in text for word in told)


WRITTEN = """() => {
  window.written = [];
  const write = OffscreenCanvasRenderingContext2D.prototype.fillText;
  OffscreenCanvasRenderingContext2D.prototype.fillText = function (text, ...more) {
    window.written.push(text);
    return write.call(this, text, ...more);
  };
}"""


def test_the_map_of_a_report_says_how_large_the_shape_is(
    page: Page, visit: Visit
) -> None:
    visit("/?unit=ha")
    page.evaluate(DRAW, RING)
    expect(page.locator(".draw-results .overlap-row").first).to_be_visible()
    page.evaluate(WRITTEN)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    told = page.locator("[data-unit=ha][data-basis=ellipsoidal]").inner_text()
    page.wait_for_function(f"window.written.includes('{told} 公顷')")
