"""The service goes away in the middle and comes back: nothing is blank, nothing waits
for ever, and what failed can be asked for again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import findings
from .conftest import Visit
from .parcels import choose, send, square, written
from .visitors import log_in, someone

pytestmark = pytest.mark.browser
AWAY = "**/api/**"
GATEWAY = {"status": 503, "content_type": "text/html", "body": "<h1>Bad</h1>"}
#: Screen, what it asks for, where the answer stands, and what shows that it came.
LISTS = {
    "uploads": ("/uploads", "uploads?limit", ".page-panel.right", ".empty, .work-list"),
    "reviews": ("/reviews", "changesets", ".page-panel.left", ".empty, .work-list"),
    "table": ("/?drawer=table&sl=old-villages", "old-villages/items", "#drawer", "td"),
    "statistics": ("/?drawer=area&sl=old-villages", "statistics/", "#drawer", "td"),
    "documents": ("/docs", "documents", "#page", "h1, h2"),
}


@pytest.mark.parametrize("screen", LISTS)
def test_a_list_that_did_not_come_says_so_and_comes_when_asked_again(
    page: Page, visit: Visit, live_url: str, people: dict[str, str], screen: str
) -> None:
    path, asked, place, come = LISTS[screen]
    log_in(page.context, live_url, people["reviewer"])
    route = re.compile(f"/api/.*{re.escape(asked)}")
    page.route(route, lambda route: route.fulfill(**GATEWAY))
    visit(path)
    retry = page.locator(place).get_by_role("button", name="重试")
    expect(retry).to_be_visible()
    expect(page.locator(place)).to_contain_text("服务暂时不可用（503）")
    assert findings(page) == []
    page.unroute(route)
    retry.click()
    expect(page.locator(place).locator(come).first).to_be_visible()


def test_what_failed_while_the_service_was_away_comes_by_itself_when_it_is_back(
    page: Page, visit: Visit
) -> None:
    visit("/?lang=en")
    page.route(AWAY, lambda route: route.abort())
    page.keyboard.press("t")
    expect(page.locator("#banner")).to_contain_text("cannot be reached")
    expect(page.locator("#drawer").get_by_role("button", name="Retry")).to_be_visible()
    page.unroute(AWAY)
    expect(page.locator("#drawer td").first).to_be_visible()
    expect(page.locator("#banner")).to_be_hidden()


def test_the_layers_somebody_chose_are_still_chosen_after_an_outage(
    page: Page, visit: Visit
) -> None:
    visit("/?lang=en&l=metro-lines")
    page.locator('[data-layer="old-villages"]').check()
    page.route(AWAY, lambda route: route.abort())
    page.keyboard.press("t")
    expect(page.locator("#banner")).to_be_visible()
    page.unroute(AWAY)
    page.locator("#banner button").click()
    expect(page.locator("#banner")).to_be_hidden()
    expect(page).to_have_url(re.compile("l=[^&]*old-villages"))


def test_a_slow_answer_is_said_to_be_slow(page: Page, visit: Visit) -> None:
    visit()
    page.clock.install()
    page.route("**/api/statistics/**", lambda _: None)
    page.keyboard.press("t")
    page.wait_for_timeout(300)
    page.clock.fast_forward(9_000)
    expect(page.locator("#banner")).to_contain_text("服务回答很慢")
    page.clock.fast_forward(60_000)
    expect(page.locator("#drawer")).to_contain_text("一分钟没有回答")
    expect(page.locator("#banner")).to_be_hidden()


def test_the_search_says_that_it_is_away_and_asks_again(
    page: Page, visit: Visit
) -> None:
    visit()
    page.route("**/api/search*", lambda route: route.abort())
    page.keyboard.press("/")
    page.keyboard.type("julong")
    down = page.locator("#search-list")
    expect(down).to_contain_text("搜索暂时不可用")
    page.unroute("**/api/search*")
    page.locator("#search-input").press("Enter")
    expect(down.get_by_role("option").first).to_contain_text("聚龙")


def test_a_broken_upload_is_sent_again_without_choosing_the_file_again(
    browser: Browser, live_url: str, people: dict[str, str], tmp_path: Path
) -> None:
    path = written(tmp_path, "broken.geojson", square(40))
    page = someone(browser, live_url, people["editor"])
    choose(page, live_url, path)
    page.locator("[name=source_title]").fill("勘测")
    page.route("**/api/uploads", lambda route: route.abort())
    send = page.locator(".upload-form button[type=submit]")
    send.click()
    expect(page.locator(".upload-form .field-error")).to_contain_text("连不上服务")
    page.locator(".segment", has_text="EN").click()
    expect(page.locator(".drop-name")).to_contain_text("broken.geojson")
    expect(page.locator("[name=source_title]")).to_have_value("勘测")
    page.unroute("**/api/uploads")
    send.click()
    expect(page).to_have_url(re.compile("/uploads/."))
    page.context.close()


def test_a_file_changed_since_it_was_chosen_is_asked_for_again(
    browser: Browser, live_url: str, people: dict[str, str], tmp_path: Path
) -> None:
    path = written(tmp_path, "moved.geojson", square(41))
    page = someone(browser, live_url, people["editor"])
    choose(page, live_url, path)
    path.unlink()
    send(page)
    expect(page.locator(".upload-form .field-error")).to_contain_text("改动或移走")
    expect(page.locator(".drop-name")).not_to_contain_text("moved.geojson")
    page.context.close()
