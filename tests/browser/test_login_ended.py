"""A login that ends under somebody's hands: they log in again where they are, and
what they were doing goes on."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import findings
from .conftest import ADMIN_TOKEN, ask
from .parcels import choose, hand_in, send, square, written
from .visitors import log_in, someone

pytestmark = pytest.mark.browser
NAME = "ended.geojson"
SAYS = {"zh": "的登录已经结束", "en": "has ended"}


def end_logins(url: str) -> None:
    """What an administrator does, or twelve hours: nobody is logged in any more."""
    authorised = {"authorization": f"Bearer {ADMIN_TOKEN}"}
    listed = urllib.request.Request(f"{url}/api/sessions", headers=authorised)
    with urllib.request.urlopen(listed, timeout=30) as answer:
        ids = [one["id"] for one in json.load(answer)["sessions"]]
    for id in ids:
        end = urllib.request.Request(
            f"{url}/api/sessions/{id}", headers=authorised, method="DELETE"
        )
        urllib.request.urlopen(end, timeout=30).close()


def log_in_again(page: Page, token: str) -> None:
    """In the dialog that came by itself."""
    page.locator("dialog #token").fill(token)
    page.locator("dialog button[type=submit]").click()
    expect(page.locator("dialog")).to_have_count(0)


def described(page: Page, url: str, folder: Path, lang: str = "zh") -> None:
    """A file chosen and described, not sent."""
    choose(page, url, written(folder, NAME, square(30)), lang)
    page.locator("[name=mode]").select_option("append")
    page.locator("[name=source_title]").fill("勘测")


@pytest.fixture
def editor(
    browser: Browser, live_url: str, people: dict[str, str], tmp_path: Path
) -> Iterator[Page]:
    """The page of an editor whose login ends when a file is chosen and described."""
    page = someone(browser, live_url, people["editor"])
    described(page, live_url, tmp_path)
    end_logins(live_url)
    yield page
    page.context.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_upload_goes_on_after_the_login_that_had_ended(
    browser: Browser, live_url: str, people: dict[str, str], tmp_path: Path, lang: str
) -> None:
    page = someone(browser, live_url, people["editor"])
    described(page, live_url, tmp_path, lang)
    end_logins(live_url)
    send(page)
    expect(page.locator("dialog")).to_contain_text(SAYS[lang])
    assert findings(page) == []
    log_in_again(page, people["editor"])
    expect(page).to_have_url(re.compile("/uploads/."))
    expect(page.locator('[data-act="diff"]')).to_be_enabled()
    page.context.close()


def test_logging_out_everywhere_leaves_nothing_on_the_page_and_ends_the_other(
    browser: Browser, live_url: str, people: dict[str, str]
) -> None:
    here, there = (someone(browser, live_url, people["editor"]) for _ in range(2))
    here.goto(f"{live_url}/?lang=zh")
    here.wait_for_selector("body[data-ready]")
    here.evaluate("window.before = true")
    here.locator(".person").click()
    here.get_by_role("button", name="退出所有设备").click()
    expect(here.locator('.person[data-in="false"]')).to_be_visible()
    assert here.evaluate("window.before") is None  # it has begun anew
    there.goto(f"{live_url}/uploads?lang=zh")
    expect(there.locator('.person[data-in="false"]')).to_be_visible()
    here.context.close()
    there.context.close()


def test_who_does_not_log_in_keeps_the_chosen_file(
    editor: Page, people: dict[str, str]
) -> None:
    page = editor
    send(page)
    expect(page.locator("dialog #token")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#banner")).to_contain_text("登录已经结束")
    expect(page.locator(".drop-name")).to_contain_text(NAME)
    page.locator("#banner button").click()
    log_in_again(page, people["editor"])
    expect(page.locator("#banner")).to_be_hidden()
    expect(page.locator("[name=source_title]")).to_have_value("勘测")
    expect(page.locator(".drop-name")).to_contain_text(NAME)


def test_somebody_else_who_logs_in_does_not_send_what_another_chose(
    editor: Page, people: dict[str, str]
) -> None:
    page = editor
    send(page)
    log_in_again(page, people["reviewer"])
    expect(page.locator(".toast")).to_contain_text("已换人登录")
    expect(page.locator(".drop-name")).not_to_contain_text(NAME)
    expect(page).to_have_url(re.compile("/uploads$"))


def test_a_login_in_another_tab_serves_this_one_too(
    editor: Page, live_url: str, people: dict[str, str]
) -> None:
    log_in(editor.context, live_url, people["editor"])
    send(editor)
    expect(editor).to_have_url(re.compile("/uploads/."))
    expect(editor.locator("dialog")).to_have_count(0)


def test_a_reviewers_reason_is_sent_after_the_login_that_had_ended(
    browser: Browser, live_url: str, people: dict[str, str], tmp_path: Path
) -> None:
    editor = someone(browser, live_url, people["editor"])
    described(editor, live_url, tmp_path)
    send(editor)
    hand_in(editor)
    expect(editor.locator(".page-panel.right")).to_contain_text("已送审")
    page = someone(browser, live_url, people["reviewer"])
    page.goto(f"{live_url}/reviews")
    page.locator("[data-changeset]").first.click()
    page.locator("textarea").fill("界址点与图不符")
    end_logins(live_url)
    page.get_by_role("button", name="退回").click()
    log_in_again(page, people["reviewer"])
    expect(page.locator(".toast")).to_be_visible()
    expect(page).to_have_url(re.compile("/reviews$"))
    for one in (editor, page):
        one.context.close()


def test_a_message_names_the_role_in_chinese(
    browser: Browser, live_url: str, tmp_path: Path
) -> None:
    token = ask(
        f"{live_url}/api/tokens", ADMIN_TOKEN, {"name": "读者", "role": "viewer"}
    )["token"]
    page = someone(browser, live_url, token)
    page.goto(live_url)
    expect(page.locator(".person")).to_have_attribute("aria-label", "读者 · 查看员")
    page.context.close()


def test_a_drawn_shape_is_kept_and_handed_in_after_the_login_that_had_ended(
    browser: Browser, live_url: str, people: dict[str, str]
) -> None:
    page = someone(browser, live_url, people["editor"])
    shape = json.dumps(square(37)["geometry"], separators=(",", ":"))
    page.goto(f"{live_url}/?draw={shape}")
    keep = page.locator('[data-act="keep"]')
    expect(keep).to_be_enabled()
    end_logins(live_url)
    keep.click()
    log_in_again(page, people["editor"])
    expect(page).to_have_url(re.compile("/uploads/."))
    page.context.close()
