"""Links that hold their versions, and the map in somebody else's page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from .axe import findings
from .conftest import Visit

pytestmark = pytest.mark.browser


class Frame(HTMLParser):
    """The address in a frame's code."""

    source = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.source = dict(attrs).get("src") or ""


@pytest.mark.parametrize(
    ("lang", "share", "follow"),
    [("zh", "分享", "跟随现行"), ("en", "Share", "Follow the current")],
)
def test_a_link_names_its_versions_or_follows_by_choice(
    page: Page, visit: Visit, lang: str, share: str, follow: str
) -> None:
    visit(f"/?lang={lang}")
    page.get_by_role("button", name=share, exact=True).click()
    dialog = page.get_by_role("dialog")
    link = dialog.locator("#share-link")
    expect(link).to_have_value(re.compile(r"v=.*functional-groups:\d"))
    assert findings(page) == []
    dialog.get_by_text(follow, exact=True).click()
    expect(link).not_to_have_value(re.compile("[?&]v="))


def test_a_link_that_follows_names_no_version_although_one_is_looked_at(
    page: Page, visit: Visit
) -> None:
    visit("/?v=functional-groups:1&asof=2026-01-01T00:00:00Z")
    page.locator("#topbar [data-act=share]").click()
    link = page.get_by_role("dialog").locator("#share-link")
    expect(link).to_have_value(re.compile(r"v=functional-groups:1&"))
    expect(link).not_to_have_value(re.compile(r"old-villages:\d"))
    page.get_by_role("dialog").get_by_text("跟随现行", exact=True).click()
    expect(link).not_to_have_value(re.compile("[?&](v|asof)="))


def test_the_frame_shows_the_chosen_feature_and_leads_to_the_whole_map(
    page: Page, visit: Visit, live_url: str
) -> None:
    visit("/f/functional-groups/grp-julong")
    page.locator("#topbar [data-act=share]").click()
    code = page.locator("#share-frame").input_value()
    frame = Frame()
    frame.feed(code)
    assert "/embed?" in frame.source
    page.goto(frame.source)
    page.wait_for_selector("body[data-ready]")
    expect(page.locator("#inspector h1")).to_have_text("白鹅潭聚龙组团")
    expect(page.locator("#mapnote a")).to_have_attribute(
        "href", re.compile("^/f/functional-groups/grp-julong")
    )


@pytest.fixture
def another_site() -> Iterator[str]:
    """A page of somebody else, on another port."""

    class Blank(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>report</title>")

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Blank) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def framed(page: Page, live_url: str, site: str, more: str = "") -> FrameLocator:
    """The map in a page of that site, which asks and remembers what it is told."""
    page.goto(site)
    page.evaluate(
        """([url, more]) => {
          window.told = [];
          addEventListener("message", ({ data }) => told.push(data));
          const open = {
            type: "atlas:open", layer: "functional-groups", id: "grp-julong" };
          window.ask = (more) => frames[0].postMessage({ ...open, ...more }, "*");
          const frame = document.createElement("iframe");
          frame.src = url + "/embed?l=functional-groups" + more;
          frame.width = 800; frame.height = 500;
          document.body.replaceChildren(frame);
        }""",
        [live_url, more],
    )
    embedded = page.frame_locator("iframe")
    embedded.locator("body[data-ready]").wait_for()
    return embedded


def test_a_page_around_the_map_opens_features_and_is_told(
    page: Page, live_url: str, another_site: str
) -> None:
    embedded = framed(page, live_url, another_site)
    page.wait_for_function("told.some((m) => m.type === 'atlas:ready')")
    page.evaluate("ask({ layer: 'nowhere' })")
    page.wait_for_function("told.some((m) => m.why && m.of === 'atlas:open')")
    page.evaluate("ask({})")
    expect(embedded.locator("#inspector h1")).to_have_text("白鹅潭聚龙组团")
    page.wait_for_function("told.some((m) => m.id === 'grp-julong')")
    page.wait_for_function("told.some((m) => m.type === 'atlas:view')")


def test_a_frame_made_for_another_site_neither_tells_nor_obeys(
    page: Page, live_url: str, another_site: str
) -> None:
    embedded = framed(page, live_url, another_site, "&origin=https://report.example")
    page.evaluate("ask({})")
    embedded.locator("#zoom button").first.click()
    expect(embedded.locator("#inspector")).to_be_hidden()
    assert page.evaluate("told") == []


def test_a_shape_too_long_for_the_link_is_said_to_be_left_out(visit) -> None:
    page = visit("/?lang=zh")
    page.evaluate(
        """async () => {
          const { state } = await import("/static/js/state.js");
          const far = (i) => 0.01 + 0.001 * ((i * 7919) % 997) / 997;
          const ring = Array.from({ length: 6000 }, (_, i) => [
            113.22 + far(i) * Math.cos(i / 955), 23.09 + far(i) * Math.sin(i / 955)]);
          const coordinates = [[...ring, ring[0]]];
          state.set({ drawn: { type: "Polygon", coordinates } });
        }"""
    )
    page.locator('[data-act="share"]').click()
    expect(page.locator('dialog [data-note="shape"]')).not_to_be_empty()
