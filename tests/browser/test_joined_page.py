"""The page as it is shipped: one script, styles inside (docs/decisions/0019)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from service.bundle import BUILT, Bundle

from .conftest import STATIC, Visit
from .test_offline import until
from .visitors import visitor

pytestmark = pytest.mark.browser


@pytest.fixture(scope="session")
def static_dir() -> Path:
    """With what set-up has joined, if it could."""
    if Bundle(STATIC).page().parent.name != BUILT:
        pytest.skip("the page has not been joined since it was last written (set-up)")
    return STATIC


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor whose browser may keep pages."""
    made = visitor(browser, service_workers="allow")
    yield made
    made.close()


def test_a_visit_asks_for_two_scripts_and_no_style(page: Page, visit: Visit) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    visit()
    files = [url for url in asked if url.endswith((".js", ".css"))]
    assert len(files) == 2
    assert all("/static/built/" in url for url in files)


@pytest.mark.parametrize(
    ("path", "sign"),
    [
        ("/", "#layers .tree-row"),
        ("/uploads", "#page p, #page h2"),
        ("/reviews", "#page p, #page h2"),
        ("/docs", "#page h1"),
        ("/indicators", "#page h2, #page table"),
        ("/print", "#page h2"),
        ("/?drawer=area", "#drawer table"),
        ("/?drawer=table&sl=old-villages", "#drawer table"),
        ("/f/district/dist-liwan", "#inspector [role=tab]"),
        ("/embed", "#map canvas"),
    ],
)
def test_every_part_of_it_opens(visit: Visit, path: str, sign: str) -> None:
    expect(visit(path).locator(sign).first).to_be_visible()


def test_it_opens_again_without_the_service(
    page: Page, context: BrowserContext, visit: Visit
) -> None:
    visit()
    until(page, "() => Boolean(navigator.serviceWorker.controller)")
    until(
        page,
        """async () => {
          const kept = (await (await caches.open("atlas-files")).keys())
            .map((request) => new URL(request.url).pathname);
          return kept.includes("/")
            && kept.filter((path) => path.startsWith("/static/built/")).length === 3
            && Boolean(await caches.match("/api/collections/old-villages/items",
              { ignoreVary: true, ignoreSearch: true }));
        }""",
    )
    context.set_offline(True)
    page.reload()
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#banner")).to_contain_text("连不上服务")
    page.goto(page.url.split("?")[0] + "?drawer=table&sl=old-villages")
    expect(page.locator("#drawer table")).to_be_visible()


def test_what_an_earlier_release_left_is_forgotten(
    page: Page, context: BrowserContext, visit: Visit
) -> None:
    visit()
    until(page, "() => Boolean(navigator.serviceWorker.controller)")
    page.evaluate(
        """async () => (await caches.open("atlas-files"))
          .put("/static/built/main-0123456789ab.js", new Response("earlier"))"""
    )
    page.reload()
    page.wait_for_selector("body[data-ready]")
    until(
        page,
        """async () => !(await (await caches.open("atlas-files")).keys())
          .some((request) => request.url.includes("0123456789ab"))""",
    )
