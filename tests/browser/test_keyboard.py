"""The planner's job without a mouse: walk the map, open, read, leave."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
LIVE = "#live"


def on_the_map(page: Page) -> Page:
    page.wait_for_timeout(800)
    page.locator("#map").focus()
    return page


@pytest.mark.parametrize(("lang", "words"), [("zh", "共 "), ("en", " of ")])
def test_tab_walks_the_features_and_each_is_announced(
    visit, lang: str, words: str
) -> None:
    page = on_the_map(visit(f"/?lang={lang}"))
    page.keyboard.press("Tab")
    expect(page.locator(LIVE)).to_contain_text(words)
    first = page.locator(LIVE).inner_text()
    page.keyboard.press("Tab")
    expect(page.locator(LIVE)).not_to_have_text(first)
    page.keyboard.press("Shift+Tab")
    expect(page.locator(LIVE)).to_have_text(first)


def test_enter_opens_what_is_walked_on_and_escape_returns_to_the_map(visit) -> None:
    page = on_the_map(visit("/"))
    page.keyboard.press("Tab")
    expect(page.locator(LIVE)).not_to_be_empty()
    page.keyboard.press("Enter")
    expect(page.locator("#inspect-title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#inspector")).to_be_hidden()
    expect(page.locator("#map")).to_be_focused()


def test_before_the_first_feature_the_focus_leaves_the_map(visit) -> None:
    page = on_the_map(visit("/"))
    page.keyboard.press("Tab")
    expect(page.locator(LIVE)).not_to_be_empty()
    page.keyboard.press("Shift+Tab")
    expect(page.locator("#map")).not_to_be_focused()


def test_f6_goes_from_region_to_region(visit) -> None:
    page = visit("/")
    seen = set()
    for _ in range(5):
        page.keyboard.press("F6")
        seen.add(
            page.evaluate(
                "document.activeElement.closest('#topbar, #search, #layers,"
                " #toolbar, #map').id"
            )
        )
    assert seen == {"topbar", "search", "layers", "toolbar", "map"}
