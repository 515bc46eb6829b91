"""The wheel zooms smoothly: a picture of the map moves, under it the map is drawn."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit

pytestmark = pytest.mark.browser
WHERE = "/?l=functional-groups,metro-lines&c=113.2300,23.0800&z=14"
#: Whether the map is hidden, and whether its picture is there and seen.
SHOWN = """() => {
  const map = document.getElementById("map");
  const veil = map.querySelector(".veil");
  return [map.classList.contains("veiled"), veil.width > 0,
    getComputedStyle(veil).display !== "none"];
}"""


def _turn(page: Page, notches: int, x: float = 700, y: float = 400) -> None:
    page.mouse.move(x, y)
    for _ in range(abs(notches)):
        page.mouse.wheel(0, -100 if notches > 0 else 100)


def _rested(page: Page) -> None:
    expect(page.locator("#map")).not_to_have_class(re.compile("veiled"))


def test_a_notch_is_three_quarters_of_a_step_and_none_is_lost(
    page: Page, visit: Visit
) -> None:
    visit(WHERE)
    _turn(page, 4)
    expect(page).to_have_url(re.compile(r"z=17(&|$)"))
    _turn(page, -2)
    expect(page).to_have_url(re.compile(r"z=15\.5(&|$)"))


def test_the_picture_stands_for_the_map_only_while_the_wheel_turns(
    page: Page, visit: Visit
) -> None:
    visit(WHERE)
    assert page.evaluate(SHOWN) == [False, False, False]
    _turn(page, 1)
    page.wait_for_function(f"() => ({SHOWN})().every(Boolean)")
    _rested(page)
    assert page.evaluate(SHOWN) == [False, False, False]


def test_what_is_under_the_pointer_stays_there(page: Page, visit: Visit) -> None:
    visit(WHERE)
    x, y = 900, 300
    page.mouse.move(x, y)
    page.wait_for_timeout(300)
    where = "async () => (await import('/static/js/state.js')).state.get('pointer')"
    before = page.evaluate(where)
    _turn(page, 2, x, y)
    _rested(page)
    page.mouse.move(x + 1, y)
    page.mouse.move(x, y)
    page.wait_for_timeout(300)
    after = page.evaluate(where)
    assert after["lng"] == pytest.approx(before["lng"], abs=2e-4)
    assert after["lat"] == pytest.approx(before["lat"], abs=2e-4)


def test_under_a_wheel_that_goes_on_another_picture_takes_the_place(
    page: Page, visit: Visit
) -> None:
    visit(WHERE)
    pictures = page.evaluate(
        """async () => {
          const map = document.getElementById("map");
          const veil = map.querySelector(".veil");
          const { prototype } = ImageBitmapRenderingContext;
          const { transferFromImageBitmap } = prototype;
          let pictures = 0;
          prototype.transferFromImageBitmap = function (picture) {
            if (this.canvas === veil) pictures += 1;
            return transferFromImageBitmap.call(this, picture);
          };
          const how = { clientX: 700, clientY: 400, cancelable: true };
          for (let i = 0; pictures < 2 && i < 400; i += 1) {
            const deltaY = i % 60 < 30 ? -60 : 60;
            map.dispatchEvent(new WheelEvent("wheel", { ...how, deltaY }));
            await new Promise((go) => setTimeout(go, 60));
          }
          return pictures;
        }"""
    )
    assert pictures == 2
    _rested(page)


def test_a_press_during_the_turn_meets_the_map_where_it_is_seen(
    page: Page, visit: Visit
) -> None:
    visit(WHERE)
    _turn(page, 1)
    page.mouse.down()
    page.mouse.move(760, 430, steps=3)
    page.mouse.up()
    _rested(page)
    expect(page).to_have_url(re.compile(r"z=14\.75(&|$)"))
