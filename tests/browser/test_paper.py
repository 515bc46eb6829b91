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
