"""The statistics drawer: one choice for chart, table and map; whose figures."""

from __future__ import annotations

import json
import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from .axe import findings
from .conftest import Visit

pytestmark = pytest.mark.browser
JULONG = "/f/functional-groups/grp-julong?sl=functional-groups&lang="


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_row_and_its_bar_stand_out_together(visit: Visit, lang: str) -> None:
    page = visit(f"/?drawer=area&sl=functional-groups&lang={lang}")
    row = page.locator("#drawer tbody tr").nth(1)
    row.locator(".row-pick").click()
    expect(row).to_have_class(re.compile("is-on"))
    expect(page.locator("#drawer .chart-row.is-on")).to_have_count(1)
    assert findings(page) == []
    page.locator("#highlight .icon-btn").click()
    expect(page.locator("#drawer .is-on")).to_have_count(0)


@pytest.mark.parametrize(("lang", "selected"), [("zh", "选中"), ("en", "Selected")])
def test_the_selected_feature_is_counted_alone(
    visit: Visit, lang: str, selected: str
) -> None:
    page = visit(f"{JULONG}{lang}&drawer=area")
    rows = page.locator("#drawer tbody tr")
    expect(rows).to_have_count(3)
    page.locator("#drawer").get_by_text(selected, exact=True).click()
    expect(rows).to_have_count(1)
    expect(page).to_have_url(re.compile("scope=selected"))
    page.locator('[data-tab="proximity"]').click()
    expect(rows).to_have_count(1)


def test_without_a_selection_its_scope_says_what_is_missing(visit: Visit) -> None:
    page = visit("/?drawer=area&sl=functional-groups")
    choice = page.locator("#drawer .segment", has_text="选中")
    expect(choice.locator("input")).to_be_disabled()
    expect(choice).to_have_attribute("title", re.compile("先选中"))


def test_what_is_in_view_follows_the_map(visit: Visit) -> None:
    page = visit("/?drawer=area&sl=metro-stations&scope=view")
    total = page.locator("#drawer tfoot td.num").first
    before = total.inner_text()
    page.locator("#zoom button").first.click()
    page.locator("#zoom button").first.click()
    expect(total).not_to_have_text(before)


@pytest.mark.parametrize(("lang", "whole"), [("zh", "全部"), ("en", "Whole")])
def test_an_overlap_says_that_its_parts_are_the_whole(
    visit: Visit, lang: str, whole: str
) -> None:
    page = visit(f"/?drawer=overlap&sl=old-villages&lang={lang}")
    expect(page.locator("#drawer tfoot .chip.ok")).to_contain_text(whole)
    rows = page.locator("#drawer tbody tr")
    before = rows.count()
    page.locator("#drawer .chart-row").first.click()
    expect(rows).not_to_have_count(before)
    assert findings(page) == []


@pytest.mark.parametrize(("lang", "clear"), [("zh", "清除"), ("en", "Clear")])
def test_a_filter_that_leaves_nothing_is_cleared_where_that_is_said(
    visit: Visit, lang: str, clear: str
) -> None:
    """Quotes, commas and Chinese in a value break nothing."""
    odd = {"old-villages": {"field": "mode", "value": "o'x,\"中"}}
    value = quote(json.dumps(odd))
    page = visit(f"/?drawer=table&sl=old-villages&f={value}&lang={lang}")
    widen = page.locator("[data-act=widen]")
    expect(widen).to_contain_text(clear)
    assert findings(page) == []
    widen.click()
    expect(page.locator("#drawer tbody tr")).to_have_count(20)


def test_what_takes_long_can_be_cancelled_and_asked_again(visit: Visit) -> None:
    page = visit("/?drawer=area&sl=functional-groups&lang=en")
    ended: list[str] = []
    page.route("**/api/statistics/overlap*", lambda route: None)
    page.on("requestfailed", lambda request: ended.append(request.url))
    page.locator('[data-tab="overlap"]').click()
    page.locator("#drawer [data-act=stop-stats]").click()
    expect(page.locator("#drawer .stats-result .empty")).to_be_visible()
    assert any("statistics/overlap" in address for address in ended)
    page.unroute("**/api/statistics/overlap*")
    page.locator("#drawer [data-act=ask-again]").click()
    expect(page.locator("#drawer tbody tr").first).to_be_visible()
    links = page.locator("#stats-exports a")
    addresses = [link.get_attribute("href") or "" for link in links.all()]
    assert addresses and all("lang=en" in address for address in addresses)


def test_what_is_in_no_figure_is_told_below_the_table(visit: Visit) -> None:
    page = visit("/?drawer=overlap&sl=industrial-parks")
    remark = page.locator("#drawer .stats-remark")
    expect(remark).to_contain_text("17")
