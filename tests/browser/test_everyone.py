"""For everyone: axe finds nothing, keys do the work, the page stays light."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
STATIC = Path(__file__).resolve().parents[2] / "static"
AXE = STATIC / "vendor" / "axe-core" / "axe.min.js"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
SCREENS = {
    "map": "/",
    "feature": "/f/functional-groups/grp-julong",
    "overlaps": "/f/functional-groups/grp-julong?tab=overlaps",
    "comparison": "/?pair=functional-groups/grp-julong,old-villages/vil-01-xijiao",
    "statistics": "/?drawer=area&sl=functional-groups",
    "table": "/?drawer=table&sl=old-villages",
    "uploads": "/uploads",
    "reviews": "/reviews",
    "documents": "/docs",
    "indicators": "/indicators",
    "print": "/print",
}
MAX_SCRIPT_GZIP = 300_000


def findings(page: Page) -> list[str]:
    """What axe has to say: rule and element."""
    if not AXE.is_file():
        pytest.skip("axe-core is not set up (make setup brings it)")
    page.evaluate(AXE.read_text())
    found = page.evaluate("options => axe.run(document, options)", RULES)
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("screen", SCREENS)
def test_axe_finds_nothing(visit, screen: str) -> None:
    page = visit(SCREENS[screen])
    page.wait_for_timeout(900)
    assert findings(page) == []


@pytest.mark.parametrize("screen", ["feature", "statistics", "documents"])
def test_axe_finds_nothing_in_the_dark(visit, screen: str) -> None:
    path = SCREENS[screen]
    page = visit(f"{path}{'&' if '?' in path else '?'}theme=dark&lang=en")
    page.wait_for_timeout(900)
    assert findings(page) == []


def test_axe_finds_nothing_on_a_phone(browser: Browser, live_url: str) -> None:
    phone = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = phone.new_page()
    page.goto(f"{live_url}/f/functional-groups/grp-julong")
    expect(page.locator("#inspector h1")).to_be_visible()
    page.wait_for_timeout(800)
    assert findings(page) == []
    phone.close()


def test_focus_is_always_visible(visit) -> None:
    page = visit()
    for _ in range(12):
        page.keyboard.press("Tab")
        width = page.evaluate(
            "() => { const e = document.activeElement.closest('label, .search-box')"
            " || document.activeElement; return ["
            "getComputedStyle(document.activeElement).outlineWidth,"
            " getComputedStyle(e).outlineWidth,"
            " getComputedStyle(document.activeElement.nextElementSibling || e)"
            ".outlineWidth]; }"
        )
        assert any(parts not in ("0px", "") for parts in width)


def test_keys_open_statistics_and_escape_closes(visit) -> None:
    page = visit()
    page.keyboard.press("t")
    expect(page.locator("#drawer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()


def test_the_list_of_keys_is_a_key_away(visit) -> None:
    page = visit()
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_contain_text("Esc")


def test_the_page_is_light() -> None:
    """JavaScript we ship, Leaflet and all, compressed file by file."""
    ours = [*(STATIC / "js").rglob("*.js"), *STATIC.glob("vendor/leaflet/leaflet.js")]
    size = sum(len(gzip.compress(path.read_bytes(), 6)) for path in ours)
    assert size < MAX_SCRIPT_GZIP
