"""The planner's job without a mouse: walk the map, open, read, leave."""

from __future__ import annotations

import re

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


def test_who_changes_the_basis_by_key_stays_there_and_gets_back_by_escape(
    visit,
) -> None:
    page = visit("/")
    page.locator('[data-tool="stats"]').press("Enter")
    plane = page.locator('#drawer [type="radio"][value="plane"]')
    plane.press("Space")
    expect(page).to_have_url(re.compile("basis=plane"))
    expect(plane).to_be_checked()
    expect(plane).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator('[data-tool="stats"]')).to_be_focused()


def test_a_layers_legend_opened_by_key_leaves_the_focus_on_its_name(visit) -> None:
    page = visit("/")
    name = page.locator('[data-layer-row="functional-groups"] .tree-name')
    name.press("Enter")
    expect(name).to_have_attribute("aria-expanded", "true")
    expect(name).to_be_focused()


def test_the_layer_tree_is_one_tab_stop_walked_by_arrows_and_letters(visit) -> None:
    page = visit("/?lang=en")
    page.locator('[data-group="transport"]').focus()
    expect(page.locator('[role="treegrid"] [tabindex="0"]')).to_have_count(1)
    page.keyboard.press("ArrowDown")
    expect(page.locator("#layer-metro-lines")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(
        page.locator('[data-layer-row="metro-lines"] .icon-btn:focus')
    ).to_be_visible()
    page.keyboard.type("riv")
    expect(page.locator("#layer-rivers")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.locator("#layer-rivers")).to_be_focused()
    expect(page.locator("#layer-rivers")).to_be_checked()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('[data-group="base"]')).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator('[data-group="base"]')).to_have_attribute(
        "aria-expanded", "false"
    )
    page.keyboard.press("Tab")
    assert not page.evaluate("!!document.activeElement.closest('[role=treegrid]')")


def test_under_a_page_that_covers_it_nobody_stands_on_the_map(visit) -> None:
    page = visit("/indicators")
    expect(page.get_by_role("table")).to_be_visible()
    assert page.evaluate("document.getElementById('map').inert")
    page.locator('#page [type="radio"][value="indicators"]').press("ArrowLeft")
    expect(page.locator(".doc-row").first).to_be_visible()
    expect(page.locator('#page [type="radio"][value="docs"]')).to_be_focused()
