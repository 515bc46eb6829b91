"""A file made by the service is a job: followed, cancelled, told, taken up again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from .axe import findings
from .conftest import Visit

pytestmark = pytest.mark.browser
TABLE = "/?drawer=table&sl=old-villages&lang="
FILE = re.compile(r"collections/old-villages/items\?.*f=csv")
SAYS = {"zh": "已保存", "en": "is saved"}
MAKING = {"zh": "服务器正在生成", "en": "The service is making it"}
CANCEL = {"zh": "取消", "en": "Cancel"}


def _hold(page: Page) -> None:
    """The file never comes."""
    held: list[Route] = []
    page.route(FILE, lambda route: held.append(route))


def _export(page: Page) -> None:
    page.locator("#stats-exports summary").click()
    page.locator("#stats-exports a", has_text="CSV").click()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_saved_export_is_told_and_can_be_saved_again(visit: Visit, lang: str) -> None:
    page = visit(TABLE + lang)
    with page.expect_download() as first:
        _export(page)
    assert first.value.suggested_filename == "old-villages-v1.csv"
    toast = page.locator(".toast", has_text=SAYS[lang])
    with page.expect_download() as second:
        toast.get_by_role("button").click()
    assert second.value.suggested_filename == "old-villages-v1.csv"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_export_shows_itself_and_is_cancelled(
    page: Page, visit: Visit, lang: str
) -> None:
    _hold(page)
    visit(TABLE + lang)
    _export(page)
    tray = page.locator("#tray")
    expect(tray).to_contain_text(MAKING[lang])
    expect(tray.get_by_role("progressbar")).to_be_visible()
    assert findings(page) == []
    tray.get_by_role("button", name=CANCEL[lang], exact=True).click()
    expect(tray.locator(".job.is-cancelled")).to_be_visible()
    expect(page.locator("#topbar [data-jobs]")).to_have_count(0)


def test_an_export_goes_on_after_a_reload(page: Page, visit: Visit) -> None:
    _hold(page)
    visit(TABLE)
    _export(page)
    expect(page.locator("#topbar [data-jobs='1']")).to_be_visible()
    page.unroute(FILE)
    with page.expect_download() as saved:
        page.reload()
    assert saved.value.suggested_filename == "old-villages-v1.csv"
    page.locator("[data-tray]").click()
    expect(page.locator("#tray .job.is-done")).to_be_visible()


def test_another_tab_knows_of_an_export_and_cancels_it(
    context: BrowserContext, page: Page, visit: Visit
) -> None:
    _hold(page)
    visit(TABLE)
    _export(page)
    other = visit("/", on=context.new_page())
    other.locator("[data-tray]").click()
    other.locator("#tray").get_by_role("button", name="取消").click()
    expect(page.locator("#topbar [data-jobs]")).to_have_count(0)


def test_a_refused_export_says_why_and_is_tried_again(page: Page, visit: Visit) -> None:
    told = {"title": "no", "detail": "Too much", "detail_zh": "太多了", "status": 413}
    page.route(FILE, lambda route: route.fulfill(status=413, json=told))
    visit(TABLE)
    _export(page)
    failed = page.locator("#tray .job.is-failed")
    expect(failed).to_contain_text("太多了")
    page.unroute(FILE)
    with page.expect_download():
        failed.get_by_role("button", name="重试").click()


def test_the_page_of_a_place_is_a_job_too(visit: Visit) -> None:
    page = visit("/f/old-villages/vil-01-xijiao")
    with page.expect_response(re.compile("dossiers")):
        page.locator('[data-act="dossier"]').click()
    toast = page.locator(".toast", has_text="old-villages.pdf")
    expect(toast.get_by_role("button")).to_be_visible()
