"""Charts, map and table are one choice; a site has one file."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from .axe import findings
from .conftest import Visit

pytestmark = pytest.mark.browser
AREA = "/?drawer=area&sl=old-villages&by=mode"


@pytest.mark.parametrize(("lang", "words"), [("zh", "列出"), ("en", "List")])
def test_a_bar_picks_its_class_for_map_table_export_and_address(
    visit: Visit, lang: str, words: str
) -> None:
    page = visit(f"{AREA}&lang={lang}")
    bar = page.locator("#drawer .chart-row").first
    bar.click()
    expect(bar).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("hl="))
    page.locator("#highlight").get_by_text(words).click()
    rows = page.locator("#drawer table")
    expect(rows).not_to_have_attribute("aria-rowcount", "21")
    address = page.locator("#stats-exports a").first.get_attribute("href")
    assert address is not None and "mode=" in address
    assert findings(page) == []


def test_grouping_comes_back_from_the_address(visit: Visit) -> None:
    page = visit("/?drawer=area&sl=old-villages&by=evidence")
    expect(page.locator("#drawer .stats-controls select").first).to_have_value(
        "evidence"
    )


def test_a_band_of_distance_lists_what_lies_in_it(visit: Visit) -> None:
    page = visit("/?drawer=proximity&sl=old-villages")
    rows = page.locator("#drawer tbody tr")
    expect(rows).to_have_count(20)
    bar = page.locator('#drawer .chart-row[data-key="0-500"]')
    within = int(re.findall(r" (\d+) ", bar.get_attribute("aria-label") or "")[-1])
    bar.click()
    expect(rows).to_have_count(within)
    page.wait_for_url(re.compile("band"))
    visit(page.url[page.url.index("/?") :])
    expect(rows).to_have_count(within)
    assert _listed(page, "CSV") == within  # the file holds what the page lists
    page.locator("#drawer").get_by_role("tab", name="数据表", exact=True).click()
    expect(rows).to_have_count(within)
    assert _listed(page, "CSV") == within


def _listed(page: Page, label: str) -> int:
    """Features in a file of what is on show."""
    link = page.locator("#stats-exports a", has_text=label)
    text = page.request.get(link.evaluate("a => a.href")).text()
    return len(re.findall(r"\bvil-\d\d-\w+", text))


def test_a_feature_leads_to_its_file(visit: Visit) -> None:
    page = visit("/f/functional-groups/grp-julong?lang=en")
    link = page.locator('[data-act="dossier"]')
    expect(link).to_have_attribute(
        "href",
        "/api/collections/functional-groups/dossiers?id=grp-julong&lang=en",
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_back_takes_back_a_choice_and_a_filter(visit: Visit, lang: str) -> None:
    filter = quote('{"old-villages":{"field":"evidence","value":"indicative"}}')
    page = visit(f"{AREA}&lang={lang}&f={filter}")
    pills = page.locator("#highlight .pill")
    expect(pills).to_have_count(1)
    page.locator("#drawer .chart-row").first.click()
    expect(pills).to_have_count(2)
    assert findings(page) == []
    page.locator('[data-pill="old-villages"] .icon-btn').click()
    expect(pills).to_have_count(1)
    expect(page).not_to_have_url(re.compile("[?&]f="))
    page.go_back()
    expect(pills).to_have_count(2)
    page.go_back()
    expect(pills).to_have_count(1)
    expect(page.locator("#drawer .chart-row.is-on")).to_have_count(0)
    page.go_forward()
    expect(page.locator("#drawer .chart-row.is-on")).to_have_count(1)
