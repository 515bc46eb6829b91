"""Thousands of findings and changes: every kind listed, the map shows what it can."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from .axe import findings
from .parcels import choose, send, written
from .visitors import someone
from .words import said

pytestmark = pytest.mark.browser
WEST, SOUTH, SIDE, ROWS = 113.20, 23.06, 0.0006, 66


def _parcel(i: int) -> dict[str, Any]:
    """In a grid; each tenth has a code that is none, the last lies far away."""
    far = i == ROWS * ROWS - 1
    x, y = WEST + i % ROWS * SIDE + far, SOUTH + i // ROWS * SIDE
    e, n = x + SIDE * 0.8, y + SIDE * 0.8
    ring = [[x, y], [e, y], [e, n], [x, n], [x, y]]
    code = "9999" if i % 10 == 0 else "0701"
    return {
        "type": "Feature",
        "properties": {"parcel_code": f"R-{i:05d}", "landuse_code": code},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def test_a_large_file_is_looked_through_from_problems_to_differences(
    browser: Browser, live_url: str, people: dict[str, str], tmp_path: Path
) -> None:
    path = written(tmp_path, "large.geojson", *map(_parcel, range(ROWS * ROWS)))
    page = someone(browser, live_url, people["editor"])
    choose(page, live_url, path, "en")
    send(page)
    codes = page.locator(".problem")
    expect(codes).not_to_have_count(0)
    rare = page.locator('.problem[data-code="outside_district"]')
    expect(rare.locator(".place-chip").first).to_be_visible()
    expect(page.locator(".map-key")).to_contain_text("4,3")
    common = page.locator(".problem", has=page.locator(".places .link")).first
    before = common.locator(".place-chip").count()
    common.locator(".places .link").click()
    expect(common.locator(".place-chip")).not_to_have_count(before)
    assert findings(page) == []

    page.locator('[data-act="diff"]').click()
    expect(page).to_have_url(re.compile(r"/uploads/\w+/diff"))
    expect(page.locator(".change-row")).to_have_count(300)
    expect(page.locator(".change-rest")).to_contain_text("The first 300 of 4,356")
    page.locator(".change-rest button").click()
    expect(page.locator(".change-row")).to_have_count(600)
    page.keyboard.press("n")
    expect(page.locator(".change.is-seen")).to_have_count(1)
    assert findings(page) == []
    page.reload()
    expect(page.locator(".change-row")).to_have_count(300)
    page.context.close()


def test_the_rest_of_a_long_list_is_told_in_chinese_too() -> None:
    assert said("zh", "rest.first") == "列出前 {n} 条，共 {all} 条"


def test_on_a_phone_the_findings_stand_under_the_map_and_the_diagnosis_a_step_away(
    browser: Browser, live_url: str, people: dict[str, str], tmp_path: Path
) -> None:
    path = written(tmp_path, "small.geojson", *map(_parcel, range(3)))
    page = someone(browser, live_url, people["editor"])
    choose(page, live_url, path)
    send(page)
    expect(page.locator("[data-act=diff]")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#map")).to_be_in_viewport()
    expect(page.locator(".page-panel.left")).not_to_be_visible()
    page.locator(".step-link").first.click()
    expect(page.locator(".page-panel.left")).to_be_visible()
    page.context.close()
