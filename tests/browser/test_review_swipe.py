"""What is in force against what was submitted, on each side of a divider."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .axe import findings
from .conftest import Visit, hand_in
from .parcels import square
from .visitors import log_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def submitted(live_url: str, people: dict[str, str]) -> str:
    """A changeset that waits: two parcels, where there are none."""
    return hand_in(live_url, people["editor"], [square(0), square(1)])


@pytest.fixture
def reviewer(page: Page, live_url: str, people: dict[str, str]) -> Page:
    """A page where the reviewer is logged in."""
    log_in(page.context, live_url, people["reviewer"])
    return page


def drawn(page: Page, pane: str) -> bool:
    """Whether anything is drawn there within its side of the divider."""
    script = """(canvas) => {
      if (!canvas.width) return false;
      const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d");
      copy.drawImage(canvas, 0, 0);
      return copy.getImageData(0, 0, canvas.width, canvas.height).data.some((v) => v);
    }"""
    return bool(page.locator(f".pane-{pane} canvas").evaluate(script))


def test_the_divider_shows_before_and_after_and_stands_in_the_address(
    reviewer: Page, visit: Visit, submitted: str
) -> None:
    page = reviewer
    visit(f"/reviews/{submitted}?l=none")
    page.locator("[data-act=swipe-proposal]").click()
    expect(page.locator(".swipe-chip.right")).to_contain_text("送审后")
    expect(page).to_have_url(re.compile(r"c=113[^&]*&.*swipe=proposed:0\.\d"))
    page.locator(".swipe-handle").focus()
    page.keyboard.press("Home")
    expect(page).to_have_url(re.compile("swipe=proposed:0(&|$)"))
    assert not drawn(page, "swipe")
    assert drawn(page, "swipe-right")
    assert findings(page) == []


def test_the_link_opens_where_it_was_sent_from_and_leaving_ends_it(
    reviewer: Page, visit: Visit, submitted: str
) -> None:
    page = reviewer
    visit(f"/reviews/{submitted}?c=113.25000,23.11000&z=14&swipe=proposed:0.4")
    expect(page.locator(".swipe-handle")).to_have_attribute("aria-valuenow", "40")
    page.locator(".bar-title").click()
    page.keyboard.press("b")
    expect(page.locator(".swipe-handle")).to_have_attribute("aria-valuenow", "100")
    expect(page).to_have_url(re.compile(r"c=113\.25000,23\.11000&z=14&.*proposed:1"))
    page.locator(".nav-link", has_text="地图").click()
    expect(page.locator(".swipe")).to_be_hidden()
    expect(page).not_to_have_url(re.compile("swipe="))
