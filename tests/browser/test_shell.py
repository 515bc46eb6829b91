"""The page before its modules: painted at once, and nothing of it shifts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from .conftest import STATIC
from .visitors import visitor

pytestmark = pytest.mark.browser
SIZES = {"desk": (1440, 900), "small": (1024, 768), "phone": (390, 844)}
#: Where the words stand that the shell and the page have in common.
PLACES = """() => Object.fromEntries([
    ".brand", ".brand strong", ".nav-link:nth-child(1)", ".nav-link:nth-child(5)",
    ".search-box", "#layers", "#layers h2", ".tabbar-item:nth-child(1)",
    ".tabbar-item:nth-child(3)", ".tabbar-item:nth-child(5)",
  ].map((name) => [name, document.querySelector(name)])
  .filter(([, found]) => found?.getClientRects().length)
  .map(([name, found]) => {
    const { x, y, width, height } = found.getBoundingClientRect();
    return [name, [found.innerText.split("\\n")[0], x, y, width, height]];
  }))"""
SHIFTED = """() => new Promise((tell) => {
  let all = 0;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) all += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => tell(all), 200);
})"""


@pytest.fixture(scope="session")
def static_dir(written_dir: Path) -> Path:
    """Module by module: the shell stands while they are away."""
    return written_dir


def _found(browser: Browser, url: str, size: tuple[int, int], *, modules: bool) -> Any:
    context = visitor(browser, viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    if not modules:
        page.route(
            re.compile(r"/js/(?!theme)|/leaflet\.js"), lambda route: route.abort()
        )
    page.goto(url)
    if modules:
        page.wait_for_selector("body[data-ready]")
    found = page.evaluate(PLACES)
    context.close()
    return found


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
def test_what_is_painted_first_stays_where_it_is(
    browser: Browser, live_url: str, size: str, lang: str
) -> None:
    url = f"{live_url}/?lang={lang}"
    first = _found(browser, url, SIZES[size], modules=False)
    then = _found(browser, url, SIZES[size], modules=True)
    assert len(first) >= 4
    for name, (text, *box) in first.items():
        if name not in ("#layers", ".brand", ".search-box"):  # of several texts
            assert then[name][0] == text, name
        assert then[name][1:] == pytest.approx(box, abs=1), name


@pytest.mark.parametrize("path", ["/", "/docs", "/uploads", "/embed"])
def test_nothing_shifts_while_the_page_comes(
    page: Page, live_url: str, path: str
) -> None:
    page.goto(live_url + path)
    page.wait_for_selector("body[data-ready]")
    assert page.evaluate(SHIFTED) < 0.02


def test_the_ground_is_that_of_the_map() -> None:
    palette = (STATIC / "js/map/palette.js").read_text(encoding="utf-8")
    styles = (STATIC / "css/shell.css").read_text(encoding="utf-8")
    outside = re.findall(r'outside: "(#\w+)"', palette)
    assert re.findall(r"#map { background: (#\w+)", styles) == outside
