"""The whole job without a mouse: find and read a place, hand a file in, approve it as
another person, take a sheet. Only keys are pressed; every control is reached by Tab, is
seen, and covered by nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .parcels import square, written
from .visitors import visitor

pytestmark = pytest.mark.browser
MOST_TABS = 120
#: Whether the focus stands there; and what is wrong with how it is seen.
STANDS = """(selector) => {
  const at = document.activeElement;
  if (!at.matches(selector)) return null;
  const seen = at.type === 'file' || at.type === 'radio' ? at.closest('label') : at;
  const box = seen.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const style = [at, seen, at.nextElementSibling ?? at].map((e) => getComputedStyle(e));
  const marked = style.some((s) => s.outlineStyle !== 'none' || s.boxShadow !== 'none');
  return [!marked && 'not marked', !seen.contains(top) && 'covered'].filter(Boolean);
}"""


def reach(page: Page, selector: str, key: str = "Tab") -> None:
    """Press Tab until the focus is there."""
    expect(page.locator(selector).first).to_be_visible()
    for _ in range(MOST_TABS):
        found = page.evaluate(STANDS, selector)
        if found is not None:
            assert found == [], f"{selector}: {found}"
            return
        page.keyboard.press(key)
    pytest.fail(f"{selector} is not reached by {key}")


def press(page: Page, selector: str, key: str = "Enter") -> None:
    reach(page, selector)
    page.keyboard.press(key)


def go_to(page: Page, place: str) -> None:
    """F6 leads past the map, whose features Tab would walk, to the bar on top."""
    reach(page, "#topbar *", "F6")
    press(page, f'nav a[href="/{place}"]')


def log_in(page: Page, token: str) -> None:
    press(page, ".person")
    page.keyboard.type(token)
    page.keyboard.press("Enter")
    expect(page.locator('.person[data-in="true"]')).to_be_visible()


def person(browser: Browser, url: str, token: str) -> Page:
    page = visitor(browser).new_page()
    page.goto(f"{url}/?lang=zh")
    page.wait_for_selector("body[data-ready]")
    log_in(page, token)
    return page


def test_from_a_search_to_an_approved_file_and_a_sheet(
    browser: Browser, live_url: str, people: dict[str, str], tmp_path: Path
) -> None:
    page = person(browser, live_url, people["editor"])
    read_a_place(page)
    hand_in(page, tmp_path)
    approve(person(browser, live_url, people["reviewer"]))
    take_a_sheet(page)


def read_a_place(page: Page) -> None:
    page.keyboard.press("/")
    page.keyboard.type("西塱村")
    expect(page.locator("#search-list [role=option]").first).to_contain_text("西塱")
    page.keyboard.press("Enter")
    expect(page.locator("#inspect-title")).to_be_focused()
    reach(page, "#inspector [role=tab]")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#inspector [role=tab][aria-selected=true]")).to_be_focused()
    expect(page.locator("#inspector [data-overlap-layer]").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#inspector")).to_be_hidden()


def hand_in(page: Page, folder: Path) -> None:
    path = written(folder, "parcels.geojson", square(0), square(1))
    go_to(page, "uploads")
    reach(page, "#upload-file")
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(path)
    press(page, ".upload-form [type=submit]")
    press(page, '[data-act="diff"]')
    expect(page.locator(".change-row").first).to_be_visible()
    press(page, ".page-panel.right .panel-foot .btn.primary")
    expect(page.locator(".page-panel.right")).to_contain_text("已送审")


def approve(page: Page) -> None:
    go_to(page, "reviews")
    press(page, "#page .work-row")
    press(page, '[data-act="approve"]')
    press(page, 'dialog [data-act="publish"]')
    expect(page.locator("#toasts")).to_contain_text("已发布")


def take_a_sheet(page: Page) -> None:
    go_to(page, "print")
    reach(page, ".print-settings .panel-foot .btn.primary")
    with page.expect_download() as sheet:
        page.keyboard.press("Enter")
    assert sheet.value.suggested_filename.endswith(".pdf")
