"""The print page: what does not fit on one sheet is offered as several."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

_SERIES = re.compile("series=true.*overlap-mm=10")
_LARGE = re.compile("scale=50000")


def test_an_extent_larger_than_the_paper_is_offered_as_a_series(
    page: Page, visit: Visit
) -> None:
    visit("/print")
    series = page.get_by_role("switch", name="分幅出图")
    expect(series).to_be_hidden()
    page.get_by_label("比例尺", exact=True).select_option("10000")
    expect(page.get_by_text("此范围按该比例尺需")).to_be_visible()
    series.check()
    expect(page.get_by_label("相邻图幅重叠")).to_have_value("10")
    expect(page.locator(".sheet-image")).to_have_attribute("src", _SERIES)


def test_what_fits_is_not_offered_as_a_series(page: Page, visit: Visit) -> None:
    visit("/print")
    page.get_by_label("纸张", exact=True).select_option("A1")
    page.get_by_label("比例尺", exact=True).select_option("50000")
    expect(page.locator(".sheet-image")).to_have_attribute("src", _LARGE)
    expect(page.get_by_role("switch", name="分幅出图")).to_be_hidden()
