"""Two layers, one on each side of the divider."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .axe import findings
from .conftest import Visit

pytestmark = pytest.mark.browser
PAIR = "swipe=old-villages:functional-groups:0.4"


@pytest.mark.parametrize(
    ("lang", "start", "left", "right"),
    [
        ("zh", "开始对比", "旧村改造", "组团"),
        ("en", "Compare", "Old-village", "groups"),
    ],
)
def test_two_layers_are_chosen_and_held_against_each_other(
    page: Page, visit: Visit, lang: str, start: str, left: str, right: str
) -> None:
    visit(f"/?l=old-villages&lang={lang}")
    page.locator("#map").focus()
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog")
    sides = dialog.locator(".pair select")
    sides.nth(0).select_option("old-villages")
    sides.nth(1).select_option("functional-groups")
    dialog.get_by_role("button", name=start, exact=True).click()
    expect(page.locator(".swipe-chip.left")).to_contain_text(left)
    expect(page.locator(".swipe-chip.right")).to_contain_text(right)
    expect(page).to_have_url(re.compile(r"swipe=old-villages:functional-groups:0\.\d"))
    expect(page).to_have_url(re.compile("l=[^&]*functional-groups"))
    assert findings(page) == []


def test_each_layer_of_the_address_keeps_to_its_side(page: Page, visit: Visit) -> None:
    visit(f"/?{PAIR}")
    expect(page.locator(".swipe-handle")).to_have_attribute("aria-valuenow", "40")
    clip = "e => getComputedStyle(e).clipPath"
    left = page.locator(".pane-swipe").evaluate(clip)
    right = page.locator(".pane-swipe-right").evaluate(clip)
    assert left.startswith("polygon")
    assert right.startswith("polygon")
    assert left != right
    page.locator(".swipe-handle").focus()
    page.keyboard.press("ArrowRight")
    expect(page).to_have_url(re.compile("swipe=old-villages:functional-groups:0.41"))
    for side in ("100", "0"):
        page.keyboard.press("b")
        expect(page.locator(".swipe-handle")).to_have_attribute("aria-valuenow", side)


def test_a_pair_that_does_not_exist_ends_the_comparison(
    page: Page, visit: Visit
) -> None:
    visit("/?swipe=old-villages:nowhere:0.4")
    expect(page.locator(".swipe")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("swipe="))
