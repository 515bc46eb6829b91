"""A file's path: upload, repair, submit, a second person approves, see it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .parcels import choose, hand_in, send, square, written
from .visitors import log_in_by_dialog, someone, visitor

pytestmark = pytest.mark.browser


@pytest.fixture
def parcels(tmp_path: Path) -> Path:
    """Three parcels, one of them crossing itself."""
    three = square(0), square(1), square(2, crossed=True)
    return written(tmp_path, "parcels.geojson", *three)


def at_the_dialog(browser: Browser, url: str, token: str) -> Page:
    """Logged in as everybody does it."""
    page = visitor(browser).new_page()
    page.goto(url)
    log_in_by_dialog(page, token)
    return page


def test_a_wrong_token_is_refused_in_words(page: Page, live_url: str) -> None:
    page.goto(live_url)
    page.locator(".person").click()
    page.locator("#token").fill("not-a-token")
    page.get_by_role("button", name="登录", exact=True).last.click()
    expect(page.locator("dialog .field-error")).not_to_be_empty()


def test_upload_repair_submit_approve_and_see_it(
    browser: Browser, live_url: str, people: dict[str, str], parcels: Path
) -> None:
    editor = at_the_dialog(browser, live_url, people["editor"])
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

    reviewer = at_the_dialog(browser, live_url, people["reviewer"])
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
    path = written(tmp_path, "one.geojson", square(9))
    page = someone(browser, live_url, people["reviewer"])
    choose(page, live_url, path)
    send(page)
    hand_in(page)
    page.locator(".page-panel.right").get_by_role("button", name="审核").click()
    expect(page.locator(".page-panel.right")).to_contain_text("不能审核自己提交的内容")
    page.context.close()
