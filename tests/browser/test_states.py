"""What fails, is missing or has nowhere to stand says so, and what to do."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import findings
from .conftest import Visit
from .visitors import PHONE, visitor

pytestmark = pytest.mark.browser
GROUPS = "**/collections/functional-groups/items*"


@pytest.mark.parametrize(
    ("lang", "says"),
    [("zh", "图层没有载入 重试"), ("en", "This layer did not load Retry")],
)
def test_a_layer_that_did_not_load_says_so_in_its_row_and_is_asked_again(
    page: Page, visit: Visit, lang: str, says: str
) -> None:
    page.route(GROUPS, lambda route: route.abort())
    visit(f"/?lang={lang}")
    again = page.get_by_role("button", name=says)
    expect(again).to_be_visible()
    assert findings(page) == []
    with page.expect_request(GROUPS):
        again.click()
    page.unroute(GROUPS)  # what failed comes by itself once the service is back
    expect(again).to_be_hidden()
    expect(page.locator('[data-layer-row="functional-groups"]')).to_contain_text("12")


def test_a_feature_that_could_not_be_fetched_is_asked_again(
    page: Page, visit: Visit
) -> None:
    item = "**/collections/functional-groups/items/grp-julong*"
    page.route(GROUPS, lambda route: route.abort())
    page.route(item, lambda route: route.abort())
    visit("/f/functional-groups/grp-julong?lang=en")
    retry = page.locator("#inspector").get_by_role("button", name="Retry")
    expect(retry).to_be_visible()
    page.unroute(item)
    retry.click()
    expect(page.locator("#inspector h1")).to_have_text("Baietan Julong Group")


@pytest.mark.parametrize(
    "path", ["/f/functional-groups/nothing", "/f/industrial-parks/park-3dprint"]
)
def test_what_has_no_place_leaves_the_district_in_the_free_part(
    page: Page, visit: Visit, path: str
) -> None:
    visit(path)
    expect(page.locator("#inspector")).to_be_visible()
    page.wait_for_function(
        """async () => {
          const { state } = await import("/static/js/state.js");
          const box = state.get("catalogue")?.collections.get("district");
          const free = state.get("view")?.free;
          if (!box || !free) return false;
          const [west, south, east, north] = box.extent.spatial.bbox[0];
          return free[0] < west && free[1] < south && free[2] > east
            && free[3] > north;
        }"""
    )


def test_the_banner_does_not_cover_the_search_of_a_phone(
    browser: Browser, live_url: str
) -> None:
    phone = visitor(browser, viewport=PHONE).new_page()
    phone.route("**/api/collections", lambda route: route.abort())
    phone.goto(f"{live_url}/?lang=en")
    expect(phone.locator("#banner")).to_be_visible()
    phone.wait_for_timeout(300)
    banner = phone.locator("#banner").bounding_box()
    search = phone.locator(".search-box").bounding_box()
    phone.context.close()
    assert banner
    assert search
    assert search["y"] >= banner["y"] + banner["height"]


def test_nothing_hides_under_the_feature_of_a_narrow_window(
    browser: Browser, live_url: str
) -> None:
    """A desk at 200 %."""
    narrow = visitor(browser, viewport={"width": 720, "height": 450}).new_page()
    narrow.goto(f"{live_url}/f/functional-groups/grp-julong")
    expect(narrow.locator("#inspector h1")).to_be_visible()
    expect(narrow.locator("#toolbar")).to_be_hidden()
    note = narrow.locator("#mapnote .note").bounding_box()
    narrow.context.close()
    assert note
    assert note["width"] > 150


def test_what_has_no_place_says_why_it_overlaps_nothing(visit: Visit) -> None:
    page = visit("/f/land-reserve/lot-af040203?lang=en&tab=overlaps")
    told = page.locator("#inspector .empty")
    expect(told).to_contain_text("the parcel map is not public")
    told.get_by_role("button").click()
    expect(page.locator("#inspector")).to_contain_text("Source document")


@pytest.mark.parametrize(
    ("lang", "says", "acts"),
    [
        ("zh", "任何一版都没有", "在数据表中查找"),
        ("en", "No version has it", "Look in"),
    ],
)
def test_an_id_that_never_was_is_told_from_the_layers_table(
    visit: Visit, lang: str, says: str, acts: str
) -> None:
    page = visit(f"/f/old-villages/nothing?lang={lang}")
    panel = page.locator("#inspector")
    expect(panel).to_contain_text(says)
    panel.get_by_role("button", name=acts).click()
    expect(page.locator("#drawer table.grid")).to_be_visible()


def test_a_removed_feature_says_since_when_and_what_it_was_last(
    page: Page, visit: Visit, live_url: str
) -> None:
    path = f"{live_url}/api/collections/old-villages/items/vil-01-xijiao"
    was = page.request.get(path).json()
    when = {"author": "甲", "approver": "乙", "published_at": "2026-01-02T00:00:00Z"}
    steps = [
        {**when, "version": 1, "change": "remove", "feature": None},
        {**when, "version": 0, "change": "add", "feature": was},
    ]
    page.route(
        "**/items/vil-gone/history", lambda r: r.fulfill(json={"history": steps})
    )
    visit("/f/old-villages/vil-gone")
    panel = page.locator("#inspector")
    expect(panel.locator("h1")).to_have_text("西郊村")
    expect(panel.locator("[data-absent=removed]")).to_have_text("已删除")
    expect(panel).to_contain_text("第 1 版（2026/1/2）起不再有")
    expect(panel.locator(".area-table")).to_contain_text("797.69")
    assert findings(page) == []
