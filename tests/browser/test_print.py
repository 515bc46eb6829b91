"""The print page: what does not fit on one sheet is offered as several."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from .conftest import Visit
from .visitors import visitor

_SERIES = re.compile("series=true.*overlap-mm=10")
_LARGE = re.compile("scale=50000")


def test_an_extent_larger_than_the_paper_is_offered_as_a_series(
    page: Page, visit: Visit
) -> None:
    visit("/print")
    series = page.get_by_role("switch", name="分幅出图")
    expect(series).to_be_hidden()
    scale = page.get_by_label("比例尺", exact=True)
    scale.fill("10000")
    scale.press("Enter")
    expect(page.get_by_text("此范围按该比例尺需")).to_be_visible()
    series.check()
    expect(page.get_by_label("相邻图幅重叠")).to_have_value("10")
    expect(page.locator(".sheet-image")).to_have_attribute("src", _SERIES)
    third = page.get_by_role("button", name="第 3 幅", exact=True)
    third.click()
    expect(third).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".sheet-image")).to_have_attribute("src", re.compile("sheet=3"))


def test_what_fits_is_not_offered_as_a_series(page: Page, visit: Visit) -> None:
    visit("/print")
    page.get_by_label("纸张", exact=True).select_option("A1")
    scale = page.get_by_label("比例尺", exact=True)
    scale.fill("1:50,000")
    scale.press("Enter")
    expect(page.locator(".sheet-image")).to_have_attribute("src", _LARGE)
    expect(page.get_by_role("switch", name="分幅出图")).to_be_hidden()


def place_frame(visit: Visit, page: Page, sheet: str = "") -> Locator:
    visit(f"/print?scale=20000&at=113.23,23.08{sheet}")
    page.get_by_role("tab", name="在图上定位").click()
    frame = page.locator(".print-frame")
    expect(frame).to_have_attribute("aria-label", re.compile("1:20,000"))
    page.wait_for_timeout(600)  # the server's answer has been heard
    return frame


def middle(thing: Locator) -> tuple[float, float]:
    box = thing.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], by: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + by[0], start[1] + by[1], steps=5)
    page.mouse.up()


def test_the_frame_is_dragged_on_the_map_and_the_address_keeps_its_place(
    page: Page, visit: Visit
) -> None:
    frame = place_frame(visit, page)
    x, y = middle(frame)
    drag(page, (x, y - 30), (60, 40))
    expect(page).to_have_url(re.compile(r"at=113\.2(?!30000)\d+,23\.0(?!80000)\d+"))
    moved = middle(frame)
    assert (moved[0] - x, moved[1] - y) == pytest.approx((60, 40), abs=2)
    kept = frame.bounding_box()
    page.reload()
    page.get_by_role("tab", name="在图上定位").click()
    expect(frame).to_be_visible()
    assert kept is not None


def test_a_corner_scales_to_standard_scales_and_the_handle_turns(
    page: Page, visit: Visit
) -> None:
    frame = place_frame(visit, page)
    x, y = middle(frame)
    corner = middle(page.locator(".frame-corner.at-sw"))
    drag(page, corner, ((x - corner[0]) * 0.5, (y - corner[1]) * 0.5))
    expect(page.get_by_label("比例尺", exact=True)).to_have_value("1:10,000")
    handle = middle(page.locator(".frame-turn"))
    reach = y - handle[1]
    drag(page, handle, (reach, reach))  # a quarter to the right
    expect(page.get_by_label("旋转")).to_have_value("-90")
    page.get_by_role("tab", name="预览").click()
    asked = re.compile(r"center=.*scale=10000.*rotation=-90")
    expect(page.locator(".sheet-image")).to_have_attribute("src", asked)


def test_the_frame_is_placed_by_keys_alone(page: Page, visit: Visit) -> None:
    frame = place_frame(visit, page)
    frame.focus()
    for key in ("ArrowRight", "+", "]", "Shift+]"):
        page.keyboard.press(key)
    expect(page.get_by_label("比例尺", exact=True)).to_have_value("1:10,000")
    expect(page.get_by_label("旋转")).to_have_value("16")
    expect(page).to_have_url(re.compile("rot=16"))


def test_sheets_of_a_series_are_outlined_on_the_map(page: Page, visit: Visit) -> None:
    visit("/print?scale=10000&sheets=10")
    page.get_by_role("tab", name="在图上定位").click()
    expect(page.locator(".frame-number").nth(3)).to_be_visible()


def test_every_setting_of_the_sheet_is_in_the_address(page: Page, visit: Visit) -> None:
    visit("/print?paper=A2p&title=甲&sub=乙&cls=公开&rev=丙&off=legend,labels&rot=12.5")
    image = page.locator(".sheet-image")
    for told in (
        "paper=A2-portrait", "title=%E7%94%B2", "subtitle=%E4%B9%99", "rotation=12.5",
        "legend=false", "labels=false", "approval=%E4%B8%99",
    ):  # fmt: skip
        expect(image).to_have_attribute("src", re.compile(re.escape(told)))


def test_a_phone_goes_from_settings_over_the_map_to_the_preview(
    page: Page, visit: Visit
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit("/print")
    expect(page.get_by_label("图名", exact=True)).to_be_visible()
    page.get_by_role("tab", name="在图上定位").click()
    expect(page.locator(".print-frame")).to_be_visible()
    expect(page.get_by_label("图名", exact=True)).to_be_hidden()
    page.get_by_role("tab", name="预览").click()
    expect(page.locator(".sheet-image")).to_be_visible()


RING = [[113.222, 23.085], [113.235, 23.083], [113.236, 23.1], [113.222, 23.085]]
DRAWN = json.dumps({"type": "Polygon", "coordinates": [RING]}, separators=(",", ":"))
DRAW = """async ([text, fromFile]) => {
  const { state } = await import("/static/js/state.js");
  state.set({ tool: "draw", drawn: JSON.parse(text), fromFile });
}"""


def asked_of(image: Locator) -> dict[str, list[str]]:
    return parse_qs(urlsplit(image.get_attribute("src") or "").query)


@pytest.mark.parametrize(
    ("lang", "name"), [("zh", "图形名称"), ("en", "Name of the shape")]
)
def test_a_drawn_shape_is_printed_with_its_name_and_can_be_taken_off(
    page: Page, visit: Visit, lang: str, name: str
) -> None:
    visit(f"/?lang={lang}")
    page.evaluate(DRAW, [DRAWN, False])
    page.locator("[data-act=print]").click()
    page.get_by_label(name).fill("候选甲")
    image = page.locator(".sheet-image")
    expect(image).to_have_attribute("src", re.compile("shape-name=%E5%80%99"))
    asked = asked_of(image)
    assert json.loads(asked["shape"][0])["coordinates"] == [RING]
    assert not {"fit", "bbox", "center"} & asked.keys()  # the map is about the shape
    page.reload()
    expect(page.get_by_label(name)).to_have_value("候选甲")
    page.locator(".print-chip button").click()
    expect(image).not_to_have_attribute("src", re.compile("shape="))
    expect(page.get_by_label(name)).to_have_count(0)


def test_a_shape_out_of_a_file_is_printed_and_stays_out_of_addresses(
    page: Page, visit: Visit
) -> None:
    visit("/")
    page.evaluate(DRAW, [DRAWN, True])
    page.locator("[data-act=print]").click()
    expect(page.locator(".sheet-image")).to_have_attribute("src", re.compile("^blob:"))
    expect(page.get_by_role("button", name=re.compile("复制"))).to_have_count(0)
    with page.expect_download() as got:
        page.get_by_role("button", name="SVG").click()
    assert "绘制范围" in got.value.path().read_text("utf-8")
    assert "113.2" not in page.url


def test_layers_are_chosen_and_filters_taken_off_on_the_print_page(
    page: Page, visit: Visit
) -> None:
    chosen = json.dumps({"old-villages": {"field": "status", "value": "planned"}})
    visit(f"/print?l=old-villages,metro-lines&f={chosen}")
    image = page.locator(".sheet-image")
    expect(image).to_have_attribute("src", re.compile("layer-filter="))
    assert "status = 'planned'" in asked_of(image)["layer-filter"][0]
    page.locator(".print-chip button").click()
    expect(image).not_to_have_attribute("src", re.compile("layer-filter="))
    page.get_by_role("checkbox", name=re.compile("轨道线路")).uncheck()
    expect(image).not_to_have_attribute("src", re.compile("metro-lines"))


def test_versions_are_told_to_follow_until_they_are_pinned(
    page: Page, visit: Visit
) -> None:
    visit("/print?l=old-villages")
    image = page.locator(".sheet-image")
    expect(page.get_by_text("随最新版本")).to_be_visible()
    expect(image).to_have_attribute("src", re.compile("collections="))
    assert "version" not in asked_of(image)
    page.get_by_role("switch", name="固定为这些版本").check()
    expect(page.get_by_text("数据版本已固定")).to_be_visible()
    expect(image).to_have_attribute("src", re.compile("version="))
    assert "old-villages:1" in asked_of(image)["version"][0]
    page.reload()
    expect(page.get_by_text("数据版本已固定")).to_be_visible()


def test_the_preview_is_enlarged_and_made_whole_again(page: Page, visit: Visit) -> None:
    visit("/print?l=district")
    image = page.locator(".sheet-image")
    expect(image).to_have_js_property("complete", True)
    expect(image).not_to_have_js_property("naturalWidth", 0)
    whole = image.bounding_box()
    for _ in range(5):
        page.get_by_role("button", name="放大").click()
    expect(page.locator(".zoom-figure")).to_have_text("150%")
    large = image.bounding_box()
    assert large and whole and large["width"] == pytest.approx(420 / 25.4 * 144, abs=2)
    page.get_by_role("button", name="整幅").click()
    assert image.bounding_box() == pytest.approx(whole)


def test_the_frame_follows_a_finger(browser: Browser, live_url: str) -> None:
    view = {"width": 768, "height": 1024}
    context = visitor(browser, viewport=view, has_touch=True)
    page = context.new_page()
    page.goto(f"{live_url}/print?scale=20000&at=113.23,23.08")
    page.wait_for_selector("body[data-ready]")
    page.get_by_role("tab", name="在图上定位").click()
    frame = page.locator(".print-frame")
    expect(frame).to_have_attribute("aria-label", re.compile("1:20,000"))
    page.wait_for_timeout(600)
    x, y = middle(frame)
    finger = context.new_cdp_session(page)
    for kind, dx, dy in (
        ("touchStart", 0, -20), ("touchMove", 20, 0), ("touchMove", 50, 30),
        ("touchEnd", 0, 0),
    ):  # fmt: skip
        points = [] if kind == "touchEnd" else [{"x": x + dx, "y": y + dy}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    moved = middle(frame)
    assert (moved[0] - x, moved[1] - y) == pytest.approx((50, 50), abs=3)
    expect(page).to_have_url(re.compile(r"at=113\.2(?!30000)"))
    context.close()


def test_an_address_that_names_a_feature_is_of_that_feature(visit: Visit) -> None:
    page = visit("/print?id=functional-groups/grp-julong")
    expect(page.locator("input[name=title]")).to_have_value("白鹅潭聚龙组团")
    expect(page.locator(".print-extent input:checked")).to_have_value("selected")
    page.locator(".print-extent label", has_text="全区").click()
    page.wait_for_url(re.compile("ext=all"))
