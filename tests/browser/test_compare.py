"""Two features side by side."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
GROUP = "/f/functional-groups/grp-julong"
VILLAGE = "old-villages/vil-01-xijiao"


@pytest.mark.parametrize(
    ("lang", "add"), [("zh", "加入对比"), ("en", "Add to the comparison")]
)
def test_two_features_are_put_side_by_side(visit, lang: str, add: str) -> None:
    page = visit(f"{GROUP}?lang={lang}")
    page.get_by_role("button", name=add).click()
    page.keyboard.press("/")
    page.keyboard.type("西郊村")
    expect(page.locator("#search-list [role=option]").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/f/old-villages/"))
    page.get_by_role("button", name=add).click()
    expect(page.locator(".compare-table thead th.compare-head")).to_have_count(2)
    expect(page).to_have_url(re.compile(f"pair=functional-groups/grp-julong,{VILLAGE}"))


def test_a_comparison_in_the_address_marks_what_differs(visit) -> None:
    page = visit(f"/?pair=functional-groups/grp-julong,{VILLAGE}")
    table = page.locator("#inspector .compare-table")
    expect(table.locator("[data-evidence]")).to_have_count(2)
    expect(table.locator("tr.is-different", has_text="椭球面积")).to_contain_text(
        "2,598.00 亩"
    )
    page.get_by_role("switch", name="只看不同").check(force=True)
    expect(table.locator("tbody tr:visible:not(.is-different)")).to_have_count(0)
