"""For everyone: axe finds nothing, keys do the work, the page stays light."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import findings
from .visitors import PHONE, visitor

pytestmark = pytest.mark.browser
STATIC = Path(__file__).resolve().parents[2] / "static"
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


GO = """async (path) => {
  const { state } = await import("/static/js/state.js");
  const url = new URL(path, location.origin);
  const { readAddress } = await import("/static/js/url.js");
  const nothing = {
    drawer: null, drawn: null, tool: "select", compare: [], tab: "overview" };
  history.replaceState(null, "", url);
  state.set({ ...nothing, ...readAddress(url) });
}"""
BUSY = ".skeleton:not(.near *), [aria-busy='true']:not(img)"
QUIET = f"""() => [...document.querySelectorAll("{BUSY}")]
  .every((e) => !e.getClientRects().length)"""


def walk_to(page: Page, path: str) -> None:
    """Another state of the same page, drawn to its end."""
    page.evaluate(GO, path)
    page.wait_for_function(QUIET)


LOOKS = {"zh-light": [*SCREENS], "en-dark": ["feature", "statistics", "documents"]}


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_on_any_screen(visit, look: str) -> None:
    lang, theme = look.split("-")
    page = visit(f"/?lang={lang}&theme={theme}")
    found = {}
    for screen in LOOKS[look]:
        walk_to(page, SCREENS[screen])
        found[screen] = findings(page)
    assert {screen: said for screen, said in found.items() if said} == {}


def test_axe_finds_nothing_on_a_phone(browser: Browser, live_url: str) -> None:
    phone = visitor(browser, viewport=PHONE, has_touch=True)
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
    """JavaScript that a browser is sent, Leaflet and the tiles' worker and all."""
    joined = [*(STATIC / "built").glob("*.js")]
    if not joined:
        pytest.skip("the page is not joined here")
    size = sum(len(gzip.compress(path.read_bytes(), 6)) for path in joined)
    assert 100_000 < size < MAX_SCRIPT_GZIP


#: What a panel shows at once of its contents, and whatever sticks out of the window.
REFLOWED = """() => {
  const shown = (e) => e.offsetParent && getComputedStyle(e).visibility !== "hidden";
  const far = [...document.querySelectorAll("button, a, input, h1, h2, p, .panel")]
    .filter((e) => shown(e) && !e.closest("#map, .sr, .scroll, #chips, .tablist"))
    .filter((e) => { const r = e.getBoundingClientRect();
      return r.width && (r.right > innerWidth + 2 || r.left < -2)
        && !e.closest("details:not([open])"); })
    .map((e) => e.outerHTML.slice(0, 100));
  const panel = [...document.querySelectorAll(
    "#inspector, #drawer, .page-panel, .print-settings")].find(shown);
  let box = panel;
  while (box && box.scrollHeight <= box.clientHeight + 1) box = box.parentElement;
  return { far, room: box ? Math.min(box.clientHeight, innerHeight) : innerHeight };
}"""


def test_at_400_percent_nothing_is_cut_off_or_covered_and_panels_can_be_read(
    browser: Browser, live_url: str
) -> None:
    """1280 by 1024 points at 400 % are 320 by 256."""
    desk = visitor(browser, viewport={"width": 320, "height": 256}).new_page()
    desk.goto(live_url)
    desk.wait_for_selector("body[data-ready]")
    for screen in ("feature", "statistics", "table", "print"):
        walk_to(desk, SCREENS[screen])
        found = desk.evaluate(REFLOWED)
        assert found["far"] == [], screen
        assert found["room"] > 150, screen
        assert screen == "print" or desk.locator("#search, #map").evaluate_all(
            "all => all.every((e) => !e.checkVisibility({visibilityProperty: true}))"
        )  # what a panel covers takes no focus
    desk.context.close()


def test_at_200_percent_what_is_counted_has_the_height_and_covers_no_control(
    browser: Browser, live_url: str
) -> None:
    desk = browser.new_page(viewport={"width": 720, "height": 450})
    desk.goto(live_url)
    desk.wait_for_selector("body[data-ready]")
    for screen in ("statistics", "table"):
        walk_to(desk, SCREENS[screen])
        assert desk.locator(".drawer-body").bounding_box()["height"] > 150, screen
        expect(desk.locator("#toolbar")).to_be_hidden()
        expect(desk.locator("#map")).to_be_hidden()
    desk.close()


SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
    word-spacing: .16em !important; } p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
  return [...document.querySelectorAll("button, a, h1, h2, h3, label, p, th, td")]
    .filter((e) => !e.closest("#map, .sr") && e.offsetParent && e.textContent.trim())
    .filter((e) => /hidden|clip/.test(getComputedStyle(e).overflowY)
      && e.scrollHeight > e.clientHeight + 3)
    .map((e) => e.outerHTML.slice(0, 100));
}"""


def test_wider_text_spacing_cuts_nothing_off(visit) -> None:
    page = visit()
    for screen in ("feature", "statistics", "uploads"):
        walk_to(page, SCREENS[screen])
        assert page.evaluate(SPACED) == [], screen


def test_whoever_wants_no_motion_sees_none(browser: Browser, live_url: str) -> None:
    page = visitor(browser, reduced_motion="reduce").new_page()
    page.goto(f"{live_url}/f/functional-groups/grp-julong")
    page.wait_for_selector("body[data-ready]")
    moving = page.evaluate(
        "() => [...document.querySelectorAll('*')].filter((e) =>"
        " parseFloat(getComputedStyle(e).transitionDuration) > 0.01)"
        ".map((e) => e.outerHTML.slice(0, 80))"
    )
    page.context.close()
    assert moving == []
