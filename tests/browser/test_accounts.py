"""Who may do what, in the page: somebody is added, changed, disabled; the last
administrator stays; everyone makes tokens of their own."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import findings
from .conftest import ADMIN_TOKEN
from .visitors import someone
from .words import said

pytestmark = pytest.mark.browser
Made = dict[str, str]


def made_token(page: Page, name: str) -> str:
    """Through the dialog, by keyboard; its text is shown once."""
    page.locator("[data-act=add]").press("Enter")
    page.locator("dialog [name=name]").fill(name)
    page.keyboard.press("Enter")
    token = page.locator("#new-token")
    expect(token).to_be_focused()
    text = token.input_value()
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    return text


def opens(page: Page, url: str, token: str) -> bool:
    answer = page.request.get(
        f"{url}/api/collections", headers={"authorization": f"Bearer {token}"}
    )
    return bool(answer.ok)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_administrator_adds_changes_and_disables_somebody(
    browser: Browser, live_url: str, lang: str
) -> None:
    page = someone(browser, live_url, ADMIN_TOKEN)
    page.goto(f"{live_url}/accounts?lang={lang}")
    name = f"Wang {lang}"
    token = made_token(page, name)
    row = page.locator("table.accounts tr", has_text=name)
    row.locator("button").click()
    page.locator("dialog [name=role]").select_option("editor")
    assert findings(page) == []
    page.locator("dialog [type=submit]").click()
    expect(row).to_contain_text(said(lang, "role.editor"))
    assert opens(page, live_url, token)
    row.locator("button").click()
    page.locator("[data-act=disable]").click()
    page.locator("[data-act=sure]").click()
    expect(row).to_contain_text(said(lang, "accounts.disabled"))
    assert not opens(page, live_url, token)
    page.context.close()


def test_the_last_administrator_is_told_why_they_stay(
    browser: Browser, live_url: str
) -> None:
    page = someone(browser, live_url, ADMIN_TOKEN)
    page.goto(f"{live_url}/accounts")
    listed = json.loads(page.request.get(f"{live_url}/api/tokens").text())["tokens"]
    (last,) = [one["id"] for one in listed if one["role"] == "admin"]
    page.locator(f'[data-token="{last}"] button').click()
    page.locator("[data-act=revoke]").click()
    page.locator("[data-act=sure]").click()
    expect(page.locator("dialog .field-error").last).to_contain_text("最后一位管理员")
    page.context.close()


def test_an_editor_makes_and_revokes_a_token_of_their_own(
    browser: Browser, live_url: str, people: Made
) -> None:
    page = someone(browser, live_url, people["editor"])
    page.goto(live_url)
    page.locator(".person").click()
    page.locator("[data-act=accounts]").click()
    token = made_token(page, "QGIS")
    row = page.locator("table.accounts tr", has_text="QGIS")
    assert opens(page, live_url, token)
    assert findings(page) == []
    row.locator("button").click()
    page.locator("[data-act=sure]").click()
    expect(row).to_have_count(0)
    assert not opens(page, live_url, token)
    page.context.close()
