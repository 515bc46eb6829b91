"""The table of a large layer: the service sorts and searches, rows come into sight."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_plus

import pytest
from playwright.sync_api import Page, expect

from .axe import findings
from .conftest import Visit

pytestmark = pytest.mark.browser
TABLE = "/?drawer=table&sl=parcels&l=parcels&lang="
ROWS = "#drawer tbody tr[data-id]"
SAYS = "#drawer .table-says"


def _export(page: Page) -> str:
    link = page.locator("#stats-exports a", has_text="CSV")
    return unquote_plus(link.get_attribute("href") or "")


@pytest.mark.parametrize(
    ("lang", "column", "word"),
    [("zh", "地块编号", "行"), ("en", "Parcel code", "rows")],
)
def test_a_large_layer_is_sorted_whole_and_its_last_row_can_be_reached(
    page: Page, visit: Visit, many: int, lang: str, column: str, word: str
) -> None:
    visit(TABLE + lang)
    expect(page.locator(SAYS)).to_contain_text(re.compile(f"2,704 {word}"))
    head = page.locator("#drawer th", has_text=column)
    head.get_by_role("button").click()
    head.get_by_role("button").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    expect(head.get_by_role("button")).to_be_focused()
    expect(page.locator(ROWS).first).to_contain_text("P-2703")
    page.locator(f"{ROWS} button").first.focus()
    page.keyboard.press("End")
    expect(page.locator(ROWS).last).to_contain_text("P-0000")
    expect(page.locator(ROWS).last).to_have_attribute("aria-rowindex", str(many + 1))
    expect(page.locator("#drawer table")).to_have_attribute(
        "aria-rowcount", str(many + 1)
    )
    page.wait_for_url(re.compile("sort=-parcel_code"))
    assert "sortby=-parcel_code" in _export(page)
    assert findings(page) == []
    expect(page.locator(ROWS).last.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/f/parcels/"))


@pytest.mark.parametrize(
    ("lang", "says"), [("zh", "4 行，全层 2,704 行"), ("en", "4 of 2,704 rows")]
)
def test_what_is_typed_is_looked_for_in_the_whole_layer(
    page: Page, visit: Visit, many: int, lang: str, says: str
) -> None:
    assert many
    visit(TABLE + lang)
    page.locator("#drawer input[type=search]").fill("p-270")
    expect(page.locator(SAYS)).to_have_text(says)
    expect(page.locator(ROWS)).to_have_count(4)
    assert "LIKE CASEI('%p-270%')" in _export(page)
    page.wait_for_url(re.compile("find=p-270"))
    page.reload()
    expect(page.locator(SAYS)).to_have_text(says)


@pytest.mark.parametrize(("lang", "word"), [("zh", "工业"), ("en", "industr")])
def test_a_class_is_found_by_its_name(
    page: Page, visit: Visit, many: int, lang: str, word: str
) -> None:
    visit(TABLE + lang)
    page.locator("#drawer input[type=search]").fill(word)
    expect(page.locator(SAYS)).to_contain_text(f"{many // 2:,}")
    expect(page.locator(ROWS).first).to_contain_text("1001")


def test_rows_that_do_not_come_are_told_and_asked_for_again(
    page: Page, visit: Visit, many: int
) -> None:
    assert many
    page.route(re.compile(r"items\?.*sortby="), lambda route: route.abort(), times=1)
    visit(TABLE + "zh")
    page.locator("#drawer [data-sort=parcel_code]").click()
    trouble = page.locator("#drawer .table-trouble")
    expect(trouble).to_contain_text("没有取到")
    expect(page.locator(ROWS).first).to_be_visible()
    trouble.get_by_role("button").click()
    expect(page.locator(ROWS).first).to_contain_text("P-0000")
    expect(trouble).to_be_empty()


def test_a_parcel_chosen_on_the_map_stands_above_rows_that_have_not_come(
    page: Page, visit: Visit, many: int
) -> None:
    assert many
    visit(TABLE + "zh&sort=-parcel_code")
    page.locator("#search input").fill("P-0001")
    page.locator("#search [role=option]").first.click()
    strip = page.locator("#drawer .table-picked")
    expect(strip).to_contain_text("P-0001")
    strip.get_by_role("button").click()
    expect(page.locator(ROWS)).to_have_count(1)
    expect(page.locator(ROWS)).to_have_attribute("aria-selected", "true")
    expect(strip).to_be_hidden()


def test_a_band_of_distance_in_an_address_lists_all_that_it_holds(
    page: Page, visit: Visit, many: int
) -> None:
    chosen = quote('{"layer":"parcels","band":"1000+"}')
    visit(f"{TABLE}zh&hl={chosen}")
    api = f"{page.url.partition('/?')[0]}/api/collections/parcels/items?limit=1"
    apart = f"{api}&to=metro-stations&apart=1000,"
    held = page.request.get(apart).json()["numberMatched"]
    assert 0 < held <= many
    expect(page.locator(SAYS)).to_contain_text(f"{held:,} 行")
    assert "apart=1000," in _export(page)
    page.locator("#drawer").get_by_role("tab", name="轨道覆盖").click()
    bars = page.locator("#drawer .chart-row")
    expect(bars).to_have_count(4)
    said = [bar.get_attribute("aria-label") or "" for bar in bars.all()]
    counts = [int(words.split()[-2].replace(",", "")) for words in said]
    assert (counts[3], sum(counts)) == (held, many)
    page.locator("[data-act=all-rows]").click()
    expect(page.locator(SAYS)).to_contain_text(f"{held:,} 行")
