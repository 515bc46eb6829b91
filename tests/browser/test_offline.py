"""The page when the service is away."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from .conftest import ADMIN_TOKEN, Visit
from .visitors import log_in, visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def static_dir(written_dir: Path) -> Path:
    """Module by module: what is not looked at is kept, too."""
    return written_dir


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor whose browser may keep pages."""
    made = visitor(browser, service_workers="allow")
    yield made
    made.close()


def until(page: Page, script: str) -> None:
    """Ask again until it is so: the page's policy forbids Playwright's own waiting."""
    for _ in range(200):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    pytest.fail(f"never so: {script}")


def _keep(page: Page) -> None:
    """Wait until everything that the page said has been kept."""
    until(page, "() => Boolean(navigator.serviceWorker.controller)")
    until(
        page,
        """async () => {
          const kept = await Promise.all(["/static/js/ui/stats-table.js",
            "/static/js/ui/upload-problems.js", "/api/collections", "/"]
            .map((address) => caches.match(address, { ignoreVary: true })));
          return kept.every(Boolean);
        }""",
    )


def test_a_page_opened_once_opens_again_without_the_service(
    page: Page, context: BrowserContext, visit: Visit
) -> None:
    visit()
    _keep(page)
    context.set_offline(True)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#banner")).to_contain_text("连不上服务")
    expect(page.locator("#layers .tree-row").first).to_be_visible()


def test_what_comes_later_in_a_visit_is_there_too(
    page: Page, context: BrowserContext, visit: Visit
) -> None:
    visit("/?lang=en")
    _keep(page)
    context.set_offline(True)
    page.goto(page.url.split("?")[0] + "?lang=en&drawer=table&sl=old-villages")
    expect(page.locator("#drawer table")).to_be_visible()


def test_the_page_is_never_older_than_the_service(
    page: Page, context: BrowserContext, visit: Visit
) -> None:
    visit()
    _keep(page)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#banner")).to_be_hidden()


def test_what_only_one_person_may_see_is_not_kept(
    page: Page, context: BrowserContext, visit: Visit, live_url: str
) -> None:
    log_in(context, live_url, ADMIN_TOKEN)
    visit()
    until(page, "() => Boolean(navigator.serviceWorker.controller)")
    page.reload()
    page.wait_for_selector("body[data-ready]")
    page.wait_for_timeout(1500)
    kept = page.evaluate(
        """async () => (await (await caches.open("atlas-answers")).keys())
          .map((request) => request.url)"""
    )
    layers = [address for address in kept if "/api/basemaps" not in address]
    assert layers == []
