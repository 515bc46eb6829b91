"""A file's path: upload, repair, submit, a second person approves, see it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser
WEST, SOUTH, SIDE = 113.22, 23.09, 0.002


def square(i: int, *, crossed: bool = False) -> dict[str, object]:
    """A parcel; ``crossed`` makes its ring cross itself."""
    x, y = WEST + i * SIDE * 1.5, SOUTH
    ring = [[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]
    if crossed:
        ring[1], ring[2] = ring[2], ring[1]
    return {
        "type": "Feature",
        "properties": {"parcel_code": f"LW-{i}", "landuse_code": "0701"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


@pytest.fixture
def parcels(tmp_path: Path) -> Path:
    """Three parcels, one of them crossing itself."""
    features = [square(0), square(1), square(2, crossed=True)]
    path = tmp_path / "parcels.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def someone(browser: Browser, url: str, token: str) -> Page:
    """A page where that person is logged in, through the dialog."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.goto(url)
    page.locator(".person").click()
    page.locator("#token").fill(token)
    page.get_by_role("button", name="登录", exact=True).last.click()
    expect(page.locator('.person[data-in="true"]')).to_be_visible()
    return page


def hand_in(page: Page) -> None:
    """From the problems over the differences to the reviewer."""
    page.locator('[data-act="diff"]').click()
    expect(page.locator(".change-row").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^送审$|^Submit for")).click()


def test_a_wrong_token_is_refused_in_words(page: Page, live_url: str) -> None:
    page.goto(live_url)
    page.locator(".person").click()
    page.locator("#token").fill("not-a-token")
    page.get_by_role("button", name="登录", exact=True).last.click()
    expect(page.locator("dialog .field-error")).not_to_be_empty()


def test_upload_repair_submit_approve_and_see_it(
    browser: Browser, live_url: str, people: dict[str, str], parcels: Path
) -> None:
    editor = someone(browser, live_url, people["editor"])
    editor.locator(".nav-link", has_text="上传").click()
    editor.set_input_files("#upload-file", parcels)
    editor.get_by_role("button", name="上传并诊断").click()
    broken = editor.locator('.problem[data-code="invalid_geometry"]')
    expect(broken).to_be_visible()
    expect(editor.locator(".problem-pin.error").first).to_be_visible()
    expect(editor.locator('[data-act="diff"]')).to_be_disabled()

    editor.locator('[data-act="repair"]').click()
    expect(editor.locator(".problem-head.error")).to_have_count(0)
    expect(editor.locator(".problem-head.repaired")).to_be_visible()
    hand_in(editor)
    expect(editor.locator(".page-panel.right")).to_contain_text("已送审")

    reviewer = someone(browser, live_url, people["reviewer"])
    reviewer.locator(".nav-link", has_text="审核").click()
    reviewer.locator("[data-changeset]").first.click()
    expect(reviewer.locator(".change-row")).to_have_count(3)
    expect(reviewer.locator("details.origin")).to_contain_text("parcels.geojson")
    reviewer.locator('[data-act="approve"]').click()
    reviewer.locator('[data-act="publish"]').click()
    expect(reviewer.locator("#toasts")).to_contain_text("第 2 版")

    reviewer.goto(f"{live_url}/?drawer=area&sl=parcels")
    expect(reviewer.locator("#drawer tbody tr")).to_contain_text("城镇住宅")
    count = reviewer.locator('[data-layer-row="parcels"] .tree-count')
    reviewer.locator("#layers .icon-btn").first.click()
    expect(count).to_have_text("3")
    for page in (editor, reviewer):
        page.context.close()


def test_the_submitter_cannot_approve(
    browser: Browser, live_url: str, people: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "one.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [square(9)]}))
    page = someone(browser, live_url, people["reviewer"])
    page.goto(f"{live_url}/uploads")
    page.set_input_files("#upload-file", path)
    page.get_by_role("button", name="上传并诊断").click()
    hand_in(page)
    page.locator(".page-panel.right").get_by_role("button", name="审核").click()
    expect(page.locator(".page-panel.right")).to_contain_text("不能审核自己提交的内容")
    page.context.close()
