"""用地平衡表: what is there and what was, side by side."""

from __future__ import annotations

import re
from urllib.parse import unquote_plus

import pytest
from playwright.sync_api import expect

from .axe import findings
from .conftest import Visit, ask, hand_in, parcel

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_two_versions_stand_side_by_side_class_by_class(
    visit: Visit, many: int, lang: str
) -> None:
    assert many
    page = visit(f"/?drawer=balance&sl=parcels&l=parcels&lang={lang}")
    rows = page.locator("#drawer tbody tr")
    expect(rows).to_have_count(2)
    page.locator("#drawer select[name=balance-with]").select_option("1")
    changes = rows.first.locator("td.change")
    expect(changes.first).to_have_text(re.compile(r"^\+[\d,.]+$"))
    expect(page.locator("#drawer .chart-bar.was")).not_to_have_count(0)
    page.wait_for_url(re.compile("vs=1"))
    link = page.locator("#stats-exports a", has_text="CSV")
    assert "compare=1" in unquote_plus(link.get_attribute("href") or "")
    assert findings(page) == []
    page.locator("#drawer select[name=balance-with]").select_option("")
    expect(page.locator("#drawer td.change")).to_have_count(0)


def test_a_comparison_comes_back_from_its_address(visit: Visit, many: int) -> None:
    assert many
    page = visit("/?drawer=balance&sl=parcels&vs=1&unit=ha")
    expect(page.locator("#drawer tfoot td.change")).to_contain_text("+")


def test_the_layer_that_is_named_is_the_one_that_is_counted(
    visit: Visit, many: int
) -> None:
    """Asked from a layer without land use, the drawer names the one that has it."""
    assert many
    page = visit("/?drawer=balance&sl=old-villages")
    expect(page.locator("#drawer tbody tr")).to_have_count(2)
    named = page.locator("#drawer .drawer-head select option:checked")
    expect(named).to_have_text("地块")
    file = page.locator("#stats-exports a", has_text="CSV")
    expect(file).to_have_attribute("download", "地块 用地平衡表.csv")


def test_land_as_used_is_held_against_land_as_planned(
    visit: Visit, many: int, people: dict[str, str], live_url: str
) -> None:
    assert many
    used = [parcel(i) for i in range(0, 6, 2)]  # industry, one class of the planned
    made = hand_in(live_url, people["editor"], used, layer="existing-land-use")
    ask(f"{live_url}/api/changesets/{made}/approve", people["reviewer"], {})
    page = visit("/?drawer=balance&sl=parcels")
    page.locator("#drawer select[name=balance-with]").select_option("existing-land-use")
    rows = page.locator("#drawer tbody tr")
    expect(rows.filter(has_text="居住").locator("td.num").first).to_have_text("0.00")
    expect(rows.filter(has_text="居住").locator("td.change").first).to_contain_text("+")
    expect(page.locator("#drawer thead")).to_contain_text("现状用地 第 2 版")
    page.wait_for_url(re.compile("vs=existing-land-use"))
    visit("/?swipe=existing-land-use:parcels:0.5")
    expect(page.locator(".swipe-chip.left")).to_contain_text("现状用地")


def test_a_feature_tells_what_land_use_it_holds(visit: Visit, many: int) -> None:
    """A class that is chosen there is the one that stands out on the map."""
    assert many
    page = visit("/f/old-villages/vil-05-dongjiao")
    rows = page.locator("#inspector .compose-list li")
    expect(rows).to_have_count(2)
    shares = [float(row.split("\n")[-1].rstrip("%")) for row in rows.all_inner_texts()]
    assert sum(shares) == pytest.approx(100)
    rows.first.get_by_role("button").click()
    expect(rows.first.get_by_role("button")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#highlight")).to_be_visible()
    assert findings(page) == []
