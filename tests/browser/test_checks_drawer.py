"""The rules of a layer in the statistics drawer: what they find, and who decides."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from .axe import findings
from .conftest import Visit
from .test_paper import DRAW, RING
from .visitors import someone

pytestmark = pytest.mark.browser
DRAWER = "/?drawer=checks&sl=old-villages"


@pytest.mark.parametrize(("lang", "told"), [("zh", "需人工判断"), ("en", "needs")])
def test_what_rules_find_is_told_and_taken_away(
    visit: Visit, lang: str, told: str
) -> None:
    page = visit(f"{DRAWER}&lang={lang}")
    rule = page.locator('#drawer [data-rule="village-in-group"]')
    expect(rule.locator("[data-outcome]").first).to_contain_text(told)
    expect(page.locator('[data-act="judge"]')).to_have_count(0)
    links = page.locator("#stats-exports a")
    expect(links).to_have_count(2)
    for n, ending in enumerate(("xlsx", "csv")):
        expect(links.nth(n)).to_have_attribute("href", re.compile(f"f={ending}"))
    assert findings(page) == []


def test_a_reviewer_judges_and_withdraws(
    browser: Browser, live_url: str, people: dict[str, str]
) -> None:
    page = someone(browser, live_url, people["reviewer"])
    page.goto(f"{live_url}{DRAWER}")
    row = page.locator('#drawer tr[data-feature="vil-18-hainan"]')
    row.locator('[data-act="judge"]').click()
    page.locator('[data-act="keep-judgement"]').click()
    expect(page.locator("dialog .field-error")).to_contain_text("理由")
    page.locator("dialog textarea").fill("街道已确认")
    page.locator('[data-act="keep-judgement"]').click()
    expect(row).to_contain_text("the reviewer")
    expect(row).to_contain_text("街道已确认")
    expect(row.locator("[data-outcome]")).to_contain_text("符合")
    row.locator('[data-act="judge"]').click()
    expect(page.locator(".check-history li")).to_have_count(1)
    page.locator("dialog textarea").fill("界线有误")
    page.locator('[data-act="withdraw"]').click()
    expect(row).not_to_contain_text("the reviewer")


def test_what_a_drawn_shape_meets_is_taken_away(visit: Visit) -> None:
    page = visit("/")
    page.evaluate(DRAW, RING)
    page.locator(".draw-checks .drop-menu > summary").click()
    with page.expect_download() as taken:
        page.locator('.draw-checks [data-f="csv"]').click()
    assert "parcels-in-district" in taken.value.path().read_text("utf-8-sig")
