"""The English page reads English; what has no English name says that it is Chinese."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit

pytestmark = pytest.mark.browser
GROUP = "/f/functional-groups/grp-julong"
#: Chinese in the panels whose nearest language is not Chinese.
UNTOLD = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { parentElement: e, data } = walker.currentNode;
    const told = e.closest("[lang]")?.lang ?? "";
    if (/[\\u4e00-\\u9fff]/.test(data) && !told.startsWith("zh")
      && !["SCRIPT", "NOSCRIPT", "STYLE"].includes(e.tagName)
      && e.getClientRects().length) found.push(data.slice(0, 60));
  }
  return found;
}"""
SCREENS = [
    "/",
    GROUP,
    f"{GROUP}?tab=sources",
    f"{GROUP}?tab=overlaps",
    "/f/metro-stations/sta-fangcun",
    "/f/old-villages/vil-05-dongjiao",
    "/f/historic-blocks/hist-7-chenjiaci",
    "/?drawer=area&sl=functional-groups",
    "/?swipe=old-villages:functional-groups:0.5",
    "/docs",
    "/indicators",
]


@pytest.mark.parametrize("path", SCREENS)
def test_what_is_chinese_says_so(page: Page, visit: Visit, path: str) -> None:
    visit(f"{path}{'&' if '?' in path else '?'}lang=en")
    page.wait_for_timeout(1200)
    assert page.evaluate(UNTOLD) == []


def test_chapters_and_the_document_are_told_in_english(
    page: Page, visit: Visit
) -> None:
    visit(f"{GROUP}?tab=sources&lang=en")
    panel = page.locator("#inspector")
    expect(panel).to_contain_text("Liwan 14th Five-Year Plan and 2035 Outline")
    expect(panel).to_contain_text("Outline chapter 3 section 2·3")
    expect(panel.locator(".refs")).not_to_contain_text("纲要")


def test_public_sources_are_told_in_english(page: Page, visit: Visit) -> None:
    visit("/f/metro-stations/sta-fangcun?tab=sources&lang=en")
    panel = page.locator("#inspector")
    expect(panel).to_contain_text("Public metro network data (August 2026)")
    expect(panel).to_contain_text("Positions: public map pages of the metro")
    expect(panel.locator(".refs")).not_to_contain_text("站位")


def test_figures_that_hold_words_are_told_in_english(page: Page, visit: Visit) -> None:
    visit("/indicators?lang=en")
    rows = page.get_by_role("row")
    expect(rows.filter(has_text="Private-economy")).to_contain_text("at least 45")
    expect(rows.filter(has_text="SO2 reduction")).to_contain_text("set by the city")


def test_lines_of_a_station_are_told_in_english(page: Page, visit: Visit) -> None:
    visit(f"{GROUP}?lang=en")
    expect(page.locator(".near .cap").first).to_contain_text("Line")
    expect(page.locator(".near").first).not_to_contain_text("号线")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "纲要 第四章第二节·2、附件1·一(一)",
            "Outline chapter 4 section 2·2, annex 1·1(1)",
        ),
        ("研究 三2", "Study 3.2"),
        ("第一章第一节·表1", "chapter 1 section 1·table 1"),
        ("意见 四(四)4(2)", "Opinions 4(4)4(2)"),
        ("纲要附件1另处写法", "Outline annex 1 elsewhere"),
        ("开通日期：百科条目", None),
    ],
)
def test_references_are_told_whole_or_left(
    page: Page, live_url: str, text: str, said: str | None
) -> None:
    page.goto(live_url)
    found = page.evaluate(
        "async (x) => (await import('/static/js/lib/citations.js')).cited(x)", text
    )
    assert found == said


def test_a_documents_number_stays_and_its_chapter_is_told(
    page: Page, live_url: str
) -> None:
    page.goto(live_url)
    found = page.evaluate(
        "async () => (await import('/static/js/lib/citations.js'))"
        ".citedAfterNumber('荔府〔2021〕4号 第一章第一节')"
    )
    assert found == "荔府〔2021〕4号 chapter 1 section 1"


def test_a_picked_class_is_named_in_the_language_of_the_page(
    page: Page, visit: Visit
) -> None:
    visit("/?lang=zh")
    row = page.locator('[data-layer-row="functional-groups"]')
    row.locator(".tree-name").click()
    row.locator(".legend-row").first.click()
    pill = page.locator("#highlight strong")
    expect(pill).to_have_text("南片区")
    page.locator("#topbar").get_by_text("EN").click()
    expect(pill).to_have_text("South")


def test_a_parcel_without_a_name_goes_by_its_code_or_its_land_use(
    page: Page, visit: Visit
) -> None:
    visit("/?lang=en")
    said = page.evaluate(
        """async () => {
          const { beside, name } = await import("/static/js/i18n.js");
          const use = { id: "x-1", landuse_code: "0701", landuse_scheme: "mnr2023" };
          return [use, { ...use, parcel_code: "FC-1" }, { id: "x-2" }]
            .map((one) => [name(one), beside(one)]);
        }"""
    )
    assert said == [
        ["0701 Urban housing land", "x-1"],
        ["FC-1", "0701 Urban housing land"],
        ["x-2", ""],
    ]
