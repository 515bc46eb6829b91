"""On a phone: chips under the search, sheets, and room for the map."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from .axe import findings
from .visitors import PHONE, visitor
from .words import said

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser, live_url: str) -> Iterator[Page]:
    made = visitor(browser, viewport=PHONE, has_touch=True, base_url=live_url)
    yield made.new_page()
    made.close()


def _open(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_selector("body[data-ready]")


@pytest.mark.parametrize(
    ("lang", "says", "layer"),
    [("zh", "现行版", "1+11 组团"), ("en", "In force", "1+11 functional groups")],
)
def test_chips_say_what_time_and_which_layers_are_shown(
    phone: Page, lang: str, says: str, layer: str
) -> None:
    _open(phone, f"/?lang={lang}")
    chips = phone.locator("#chips button")
    expect(chips.first).to_contain_text(says)
    expect(phone.locator('[data-chip="functional-groups"]')).to_have_text(layer)
    expect(phone.locator('[data-chip="district"]')).to_have_count(0)
    assert findings(phone) == []


def test_the_time_chip_opens_the_time_bar_and_tells_the_day(phone: Page) -> None:
    _open(phone, "/?date=2024-01-01")
    chip = phone.locator('[data-chip="time"]')
    expect(chip).to_contain_text("2024.01.01")
    chip.click()
    expect(phone.locator("#timebar")).to_be_visible()
    box = phone.locator("#timebar").bounding_box()
    assert box
    assert box["height"] < 130


def test_a_layer_chip_opens_its_legend(phone: Page) -> None:
    _open(phone, "/")
    phone.locator('[data-chip="old-villages"]').click()
    row = phone.locator('[data-layer-row="old-villages"]')
    expect(row.locator(".opacity")).to_be_visible()
    expect(row.locator(".tree-name")).to_be_focused()


def test_a_comparison_can_be_ended_when_one_side_has_no_room(phone: Page) -> None:
    _open(phone, "/?swipe=old-villages:functional-groups:0.85&lang=en")
    left = phone.locator(".swipe-chip.left")
    expect(left).to_contain_text("Old-village")
    expect(phone.locator(".swipe-chip.right")).to_be_hidden()
    phone.get_by_role("button", name="Stop comparing").click()
    expect(phone.locator(".swipe")).to_be_hidden()


def test_what_is_dragged_can_also_be_tapped(phone: Page) -> None:
    _open(phone, "/?swipe=old-villages:functional-groups:0.5")
    handle = phone.locator(".swipe-handle")
    handle.tap(position={"x": 6, "y": 20})
    expect(handle).to_have_attribute("aria-valuenow", "40")
    _open(phone, "/f/functional-groups/grp-julong")
    phone.locator(".sheet-handle").tap()
    expect(phone.locator("#inspector")).to_have_attribute("data-snap", "full")


def test_what_is_filtered_is_said_over_the_statistics(phone: Page) -> None:
    chosen = '{"layer":"functional-groups","field":"subarea","value":"south"}'
    _open(phone, f"/?drawer=area&sl=functional-groups&hl={chosen}")
    expect(phone.locator("#drawer table")).to_be_visible()
    end = phone.locator("#highlight .icon-btn")
    end.click()
    expect(end).to_be_hidden()


def test_names_of_one_side_are_cut_before_the_divider(phone: Page) -> None:
    phone.add_init_script(
        """window.written = [];
        const write = OffscreenCanvasRenderingContext2D.prototype.fillText;
        OffscreenCanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
          if (this.textAlign === "left") window.written.push([text, x]);
          return write.call(this, text, x, y);
        };"""
    )
    _open(phone, "/?swipe=old-villages:functional-groups:0.4&lang=en")
    phone.wait_for_function("() => written.some(([text]) => text.endsWith('…'))")
    groups = phone.evaluate("written.filter(([text]) => /Group|…/.test(text))")
    assert min(x for _, x in groups[-8:]) >= 390 * 0.4


def test_the_best_room_for_a_shape_may_be_beside_the_tools(phone: Page) -> None:
    _open(phone, "/")
    found = phone.evaluate(
        """async () => {
          const { bestRoom } = await import("/static/js/lib/room.js");
          const bar = { x0: 300, y0: 0, x1: 700, y1: 60 };
          const drawer = { x0: 0, y0: 300, x1: 1000, y1: 700 };
          return bestRoom({ width: 1000, height: 700 }, [bar, drawer], 0.9, 10);
        }"""
    )
    assert found == {"x0": 0, "y0": 0, "x1": 300, "y1": 300}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_first_view_fills_what_the_drawer_leaves(
    browser: Browser, live_url: str, lang: str
) -> None:
    desk = visitor(browser, viewport={"width": 1024, "height": 768}).new_page()
    desk.goto(f"{live_url}/?drawer=area&sl=functional-groups&lang={lang}")
    expect(desk.locator("#drawer")).to_be_visible()
    desk.wait_for_selector("body[data-ready]")
    desk.wait_for_timeout(800)
    view = desk.evaluate(
        """async () => {
          const { state } = await import("/static/js/state.js");
          const box = state.get("catalogue").collections.get("district");
          const [, south, , north] = box.extent.spatial.bbox[0];
          const [, low, , high] = state.get("view").bbox;
          const free = document.getElementById("drawer").offsetTop - 56;
          return (north - south) / (high - low) * 720 / free;
        }"""
    )
    desk.context.close()
    assert 0.85 < view <= 1.0


def test_the_view_on_show_is_in_sight_among_its_tabs(phone: Page) -> None:
    _open(phone, "/?drawer=table&sl=old-villages")
    chosen = phone.locator('#drawer [role="tab"][aria-selected="true"]')
    expect(chosen).to_have_text("数据表")
    expect(chosen).to_be_in_viewport(ratio=1)


DRAWN = (
    '/?draw={"type":"Polygon","coordinates":[[[113.222,23.082],[113.238,23.082],'
    "[113.238,23.098],[113.222,23.082]]]}"
)


def test_a_link_that_says_only_a_shape_is_about_the_shape(phone: Page) -> None:
    _open(phone, DRAWN)
    expect(phone).to_have_url(re.compile(r"[?&]z=1[3-9]"))


def test_a_finger_is_told_what_a_finger_can_do(browser: Browser, live_url: str) -> None:
    made = visitor(
        browser, viewport=PHONE, has_touch=True, is_mobile=True, base_url=live_url
    )
    page = made.new_page()
    _open(page, "/")
    page.keyboard.press("d")
    expect(page.locator("#inspector .draw-hint")).to_have_text(
        said("zh", "draw.touch.polygon")
    )
    expect(page.locator("#inspector .draw-keys")).to_be_hidden()
    made.close()


def test_an_unreadable_file_says_why_in_sight(phone: Page) -> None:
    _open(phone, "/")
    phone.keyboard.press("d")
    phone.locator("#inspector input[type=file]").set_input_files(
        {"name": "notes.docx", "mimeType": "application/zip", "buffer": b"no"}
    )
    expect(phone.locator("#inspector .file-look .field-error")).to_be_in_viewport()
