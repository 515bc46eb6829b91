"""One box for everything: chapters of documents, and positions in every system."""

from __future__ import annotations

import math
import re

import pytest
from playwright.sync_api import Page, expect
from shapely import Point

from geo.crs import from_crs84, parse_crs

from .axe import findings
from .conftest import Visit

pytestmark = pytest.mark.browser
LNG, LAT = 113.2442, 23.1059


@pytest.mark.parametrize(
    ("lang", "query", "said"),
    [
        ("zh", "第四章", "更新"),
        ("en", "chapter 4", "chapter 4 · Liwan 14th"),
    ],
)
def test_a_chapter_is_found_and_opened(
    page: Page, visit: Visit, lang: str, query: str, said: str
) -> None:
    visit(f"/?lang={lang}")
    page.locator("#search-input").fill(query)
    row = page.locator("#search-list [role=option]").first
    expect(row).to_be_visible()
    if lang == "en":
        expect(row).to_contain_text(said)
    assert findings(page) == []
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/docs/liwan-14th-plan"))
    expect(page.locator("#chapter-4")).to_be_focused()


def test_a_question_of_nearness_is_answered_by_its_statistic(
    page: Page, visit: Visit
) -> None:
    visit("/?lang=en")
    page.locator("#search-input").fill("old villages within 500 m of metro stations")
    row = page.locator("#search-list [role=option]").first
    expect(row).to_contain_text("Old-village renewal within 500 m of metro stations")
    assert findings(page) == []
    page.keyboard.press("Enter")
    drawer = page.locator("#drawer")
    expect(drawer.get_by_role("table").first).to_contain_text("Hedong village")
    expect(drawer.get_by_role("table").first).to_contain_text("within 500 m")


def test_a_code_of_land_use_is_told_what_it_means(page: Page, visit: Visit) -> None:
    visit("/?lang=en")
    page.locator("#search-input").fill("R2")
    row = page.locator("#search-list [role=option]").first
    expect(row).to_contain_text("R2 Class II residential land")
    expect(row).to_contain_text("none on the map yet")


def test_nothing_found_says_what_was_looked_through_and_what_to_type(
    page: Page, visit: Visit
) -> None:
    visit("/?lang=zh")
    page.locator("#search-input").fill("哈哈嘻嘻")
    expect(page.locator(".search-nothing")).to_contain_text("32 个图层")
    expect(page.locator(".search-example")).to_have_count(5)
    assert findings(page) == []
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")  # 第四章
    expect(page.locator("#search-list [role=option]").first).to_contain_text("更新")


def test_half_a_position_asks_for_the_other_half(page: Page, visit: Visit) -> None:
    visit("/?lang=en")
    page.locator("#search-input").fill("113°14′E")
    nothing = page.locator(".search-nothing")
    expect(nothing).to_contain_text("Give the latitude too")
    page.locator("#search-input").fill("23°06′N")
    expect(nothing).to_contain_text("Give the longitude too")


def _typed(crs: str) -> str:
    x, y = from_crs84([Point(LNG, LAT)], parse_crs(crs), axis="xy")[0].coords[0]
    return f"{x:.2f} {y:.2f}"


@pytest.mark.parametrize(
    ("text", "crs"),
    [
        (f"{LNG},{LAT}", "EPSG:4490"),
        (f"{LAT} {LNG}", "EPSG:4490"),
        ("23°6′21.24″N 113°14′39.12″E", "EPSG:4490"),
        ("东经113.2442度，北纬23.1059度", "EPSG:4490"),
        (_typed("EPSG:4547"), "EPSG:4547"),
        (" ".join(reversed(_typed("EPSG:4547").split())), "EPSG:4547"),
        (_typed("EPSG:4526"), "EPSG:4526"),
        (_typed("EPSG:3857"), "EPSG:3857"),
        ("113 14 39.12, 23 6 21.24", "EPSG:4490"),
        ("东经113º14′39.12〃，北纬23º6′21.24〃", "EPSG:4490"),
        (f"（{LNG}，{LAT}）", "EPSG:4490"),
        ("X={1} Y={0}".format(*_typed("EPSG:4526").split()), "EPSG:4526"),
        (f"EPSG:4547 {_typed('EPSG:4547')}", "EPSG:4547"),
        (f"POINT({LNG} {LAT})", "EPSG:4490"),
        (f"geo:{LAT},{LNG}", "EPSG:4490"),
        ("113-14-39.12, 23-6-21.24", "EPSG:4490"),
        ("１１３．２４４２，２３．１０５９", "EPSG:4490"),
        (
            "{:,.2f} {:,.2f}".format(*map(float, _typed("EPSG:4547").split())),
            "EPSG:4547",
        ),
    ],
)
def test_a_position_is_read_in_every_system_of_the_service(
    page: Page, live_url: str, text: str, crs: str
) -> None:
    page.goto(live_url)
    found = page.evaluate(
        "async (x) => (await import('/static/js/lib/position.js')).readPosition(x)",
        text,
    )
    assert found["crs"] == crs
    assert math.hypot(found["lng"] - LNG, found["lat"] - LAT) < 1e-6


@pytest.mark.parametrize(
    "text",
    ["", "113.24", "1,2", "A-12 3", "999999999 1", "AX 01 02", "113 99 1, 23 1 1"],
)
def test_what_is_no_position_is_not_read_as_one(
    page: Page, live_url: str, text: str
) -> None:
    page.goto(live_url)
    found = page.evaluate(
        "async (x) => (await import('/static/js/lib/position.js')).readPosition(x)",
        text,
    )
    assert found is None
