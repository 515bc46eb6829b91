"""A shape is drawn in several ways, stays open to change, and goes somewhere."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import findings
from .conftest import Visit
from .visitors import PHONE, someone, visitor

pytestmark = pytest.mark.browser
DRAWN = """async () => (await import('/static/js/state.js')).state.get('drawn')"""
AREA = "#inspector [data-unit=ha][data-basis=ellipsoidal]"
CROSSES = {"zh": "相交", "en": "cross"}
KEEP = {"zh": "编辑员令牌", "en": "editor’s token"}
START = "/?c=113.24,23.09&z=15&lang="


def _click(page: Page, *places: tuple[int, int]) -> None:
    for x, y in places:
        page.mouse.click(x, y)
        page.wait_for_timeout(350)  # two clicks at once would finish the shape


def _triangle(page: Page) -> Any:
    page.keyboard.press("d")
    _click(page, (500, 300), (700, 300), (600, 500))
    page.keyboard.press("Enter")
    expect(page.locator("#inspector .area-table")).to_be_visible()
    return page.evaluate(DRAWN)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_line_that_crosses_itself_is_told_and_not_finished(
    visit: Visit, lang: str
) -> None:
    page = visit(START + lang)
    page.keyboard.press("d")
    _click(page, (500, 300), (700, 300), (500, 500), (720, 520))
    told = page.locator("#inspector .live .field-error")
    expect(told).to_contain_text(CROSSES[lang])
    page.keyboard.press("Enter")
    assert page.evaluate(DRAWN) is None
    page.keyboard.press("Backspace")
    expect(told).to_have_count(0)
    assert findings(page) == []


def test_a_vertex_is_dragged_and_the_change_taken_back(visit: Visit) -> None:
    page = visit(START)
    before = _triangle(page)
    expect(page.locator(".vertex:not(.is-middle)")).to_have_count(3)
    page.mouse.move(600, 500)
    page.mouse.down()
    page.mouse.move(640, 560, steps=5)
    page.mouse.up()
    expect(page.locator(".vertex:not(.is-middle)")).to_have_count(3)
    assert page.evaluate(DRAWN) != before
    page.keyboard.press("Control+z")
    assert page.evaluate(DRAWN) == before
    page.keyboard.press("Control+y")
    assert page.evaluate(DRAWN) != before


def test_a_vertex_is_moved_added_and_removed_by_keys(visit: Visit) -> None:
    page = visit(START)
    before = _triangle(page)
    page.locator(".vertex:not(.is-middle)").first.focus()
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(DRAWN) != before
    page.locator(".vertex.is-middle").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".vertex:not(.is-middle)")).to_have_count(4)
    page.locator(".vertex:not(.is-middle)").last.focus()
    page.keyboard.press("Delete")
    expect(page.locator(".vertex:not(.is-middle)")).to_have_count(3)


@pytest.mark.parametrize(("mode", "corners"), [("rectangle", 4), ("circle", 72)])
def test_two_points_make_a_rectangle_or_a_circle(
    visit: Visit, mode: str, corners: int
) -> None:
    page = visit(START)
    page.keyboard.press("d")
    page.locator(f"#inspector input[value={mode}] + span").click()
    _click(page, (560, 380), (640, 440))
    expect(page.locator("#inspector .area-table")).to_be_visible()
    assert len(page.evaluate(DRAWN)["coordinates"][0]) == corners + 1


def test_a_circle_is_moved_and_widened_and_stays_one(visit: Visit) -> None:
    page = visit(START)
    page.keyboard.press("d")
    page.locator("#inspector input[value=circle] + span").click()
    _click(page, (560, 380), (640, 440))
    expect(page.locator(".vertex")).to_have_count(2)
    radius = page.locator(".vertex").last
    before = radius.get_attribute("title")
    page.mouse.move(560, 380)
    page.mouse.down()
    page.mouse.move(620, 420, steps=4)
    page.mouse.up()
    expect(radius).to_have_attribute("title", before or "")
    radius.focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".vertex")).to_have_count(2)
    expect(radius).not_to_have_attribute("title", before or "")
    expect(radius).to_be_focused()
    assert len(page.evaluate(DRAWN)["coordinates"][0]) == 73


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_lies_around_a_feature_is_asked_about_and_in_the_address(
    visit: Visit, lang: str
) -> None:
    page = visit(f"/f/old-villages/vil-01-xijiao?lang={lang}")
    expect(page.locator("#inspect-title")).to_be_visible()
    page.keyboard.press("d")
    page.locator("[data-act=around]").click()
    expect(page.locator("#inspector .area-table")).to_be_visible()
    page.wait_for_url(re.compile("draw=bits"))
    measured = page.locator(AREA).inner_text()
    visit(page.url[page.url.index("/?") :])
    expect(page.locator(AREA)).to_have_text(measured)
    assert findings(page) == []


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_reader_takes_the_shape_out_but_cannot_save_it(
    visit: Visit, lang: str
) -> None:
    page = visit(START + lang)
    _triangle(page)
    keep = page.locator("[data-act=keep]")
    expect(keep).to_be_disabled()
    expect(keep).to_have_attribute("title", re.compile(KEEP[lang]))
    page.locator(".draw-foot summary").click()
    with page.expect_download() as saved:
        page.locator(".draw-foot .menu-item", has_text="CSV").click()
    assert saved.value.suggested_filename == "shape.csv"
    assert findings(page) == []


def test_an_editor_saves_the_shape_as_an_upload(
    browser: Browser, live_url: str, people: dict[str, str]
) -> None:
    page = someone(browser, live_url, people["editor"])
    page.goto(live_url + START)
    page.wait_for_selector("body[data-ready]")
    _triangle(page)
    page.locator("[data-act=keep]").click()
    expect(page).to_have_url(re.compile("/uploads/"))
    expect(page.locator("[data-act=diff]")).to_be_visible()
    page.context.close()


@pytest.mark.parametrize(
    "text",
    [
        "38422000,2555000\n38422200,2555000\n38422200,2555200",
        "2555000,422000\n2555000,422200\n2555200,422200",
        "113°14′24″E 23°5′24″N\n113°15′0″E 23°5′24″N\n113°15′0″E 23°6′0″N",
        "12606000,2644000\n12606500,2644000\n12606500,2644500",
        "J1,113.22,23.08\nJ2,113.24,23.08\nJ3,113.24,23.10",
        "POLYGON((113.22 23.08,113.24 23.08,113.24 23.1,113.22 23.08))",
        '{"type":"Polygon","coordinates":[[[113.22,23.08],[113.24,23.08],'
        "[113.24,23.1],[113.22,23.08]]]}",
    ],
)
def test_coordinates_are_read_in_every_system_and_writing(
    visit: Visit, text: str
) -> None:
    page = visit("/")
    page.keyboard.press("d")
    page.locator("#inspector textarea").fill(text)
    page.get_by_role("button", name="按坐标成图").click()
    expect(page.locator("#inspector .area-table")).to_be_visible()
    lon, lat = page.evaluate(DRAWN)["coordinates"][0][0]
    assert 113.1 < lon < 113.4 and 22.9 < lat < 23.3


def test_a_finger_draws_on_a_phone(browser: Browser, live_url: str) -> None:
    page = visitor(browser, viewport=PHONE, has_touch=True).new_page()
    page.goto(live_url + START)
    page.wait_for_selector("body[data-ready]")
    page.locator("[data-tool=draw]").tap()
    for x, y in ((120, 250), (250, 260), (240, 420)):
        page.touchscreen.tap(x, y)
        page.wait_for_timeout(400)
    expect(page.locator("#inspector .live .big-number")).to_be_in_viewport()
    page.locator("[data-act=finish]").tap()
    expect(page.locator("#inspector .area-table")).to_be_in_viewport()
    page.context.close()
