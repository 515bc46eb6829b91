"""Who comes to the page: at a desk or on a phone, logged in or not."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, expect

DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


def visitor(browser: Browser, **more: Any) -> BrowserContext:
    """A fresh visitor, at a desk unless told otherwise. Nothing is kept for a time
    without the service: to keep it costs more than the visit."""
    wanted: dict[str, Any] = {"viewport": DESK, "service_workers": "block", **more}
    made = browser.new_context(**wanted)
    made.set_default_timeout(60_000)
    return made


def someone(browser: Browser, url: str, token: str) -> Page:
    """A page, still empty, of a person who is logged in."""
    context = visitor(browser)
    log_in(context, url, token)
    return context.new_page()


def log_in(context: BrowserContext, url: str, token: str) -> None:
    """As the dialog does."""
    asked = {"content-type": "application/json", "origin": url}
    body = json.dumps({"token": token})
    answer = context.request.post(f"{url}/api/session", data=body, headers=asked)
    assert answer.ok, answer.text()


def log_in_by_dialog(page: Page, token: str) -> None:
    """Through the dialog."""
    page.locator(".person").click()
    page.locator("#token").fill(token)
    page.locator("dialog button[type=submit]").click()
    expect(page.locator('.person[data-in="true"]')).to_be_visible()
