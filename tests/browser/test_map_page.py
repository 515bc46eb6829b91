"""The planner's path: look, switch, click, read, ask, change language."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from .visitors import PHONE, visitor

pytestmark = pytest.mark.browser
GROUP = "/f/functional-groups/grp-julong"


def test_every_first_layer_stands_in_the_tree(visit) -> None:
    page = visit()
    for layer in (
        "district",
        "strategic-zones",
        "functional-groups",
        "industrial-parks",
        "old-villages",
        "metro-lines",
        "metro-stations",
        "parcels",
    ):
        expect(page.locator(f'[data-layer-row="{layer}"]')).to_be_attached()


def test_a_layer_is_switched_and_the_address_remembers(visit) -> None:
    page = visit()
    page.locator('input[data-layer="strategic-zones"]').check()
    page.wait_for_url(re.compile("strategic-zones"))
    reloaded = visit(page.url.split("/", 3)[-1].join(("/", "")))
    expect(reloaded.locator('input[data-layer="strategic-zones"]')).to_be_checked()


def test_a_click_on_the_map_opens_the_feature_with_its_areas(visit) -> None:
    page = visit("/?c=113.2400,23.0900&z=14")
    page.wait_for_timeout(800)
    page.mouse.click(690, 474)  # the middle of the map
    inspector = page.locator("#inspector")
    expect(inspector).to_be_visible()
    expect(inspector.locator("h1")).not_to_be_empty()
    cells = inspector.locator('[data-basis="ellipsoidal"][data-unit="mu"]')
    expect(cells).to_have_text(re.compile(r"^[\d,]+\.\d\d$"))


def test_a_feature_has_its_own_address(visit) -> None:
    page = visit(GROUP)
    expect(page.locator("#inspector h1")).to_have_text("白鹅潭聚龙组团")
    expect(page.locator("#inspector [data-evidence]").first).to_have_attribute(
        "data-evidence", "indicative"
    )


def test_both_bases_are_shown_in_three_units(visit) -> None:
    page = visit(GROUP)
    rows = page.locator("#inspector .area-table tr:has([data-basis])")
    expect(rows).to_have_count(2)
    expect(rows.first.locator("td")).to_have_count(3)


def test_the_source_names_document_and_chapter(visit) -> None:
    page = visit(f"{GROUP}?tab=sources")
    expect(page.locator("#inspector .source")).to_contain_text("规划纲要")
    expect(page.locator("#inspector .refs li").first).to_contain_text("章")


def test_overlaps_with_other_layers_are_measured(visit) -> None:
    page = visit(f"{GROUP}?tab=overlaps")
    zones = page.locator('#inspector [data-overlap-layer="strategic-zones"]')
    expect(zones).to_contain_text("100.0%")


def test_history_says_who_and_when(visit) -> None:
    page = visit(f"{GROUP}?tab=history")
    first = page.locator("#inspector .version").first
    expect(first).to_contain_text("第 1 版")
    expect(first.locator(".origin")).to_contain_text("初始图层")


def test_search_finds_by_pinyin_and_enter_opens(visit) -> None:
    page = visit()
    page.keyboard.press("/")
    page.keyboard.type("tanwei")
    expect(page.locator("#search-list [role=option]").first).to_contain_text("坦尾")
    page.keyboard.press("Enter")
    expect(page.locator("#inspector h1")).to_contain_text("坦尾")


def test_search_goes_to_a_position_in_4547(visit) -> None:
    page = visit()
    page.locator("#search-input").fill("422583.954 2558680.910")
    expect(page.locator("#search-list [role=option]")).to_contain_text("113.24420")


def test_statistics_rows_sum_to_their_total(visit) -> None:
    page = visit("/?drawer=area&sl=functional-groups")
    rows = page.locator("#drawer table.data tbody tr td:nth-child(3)")
    expect(rows.first).to_be_visible()
    parts = [float(text.replace(",", "")) for text in rows.all_inner_texts()]
    total = page.locator("#drawer tfoot tr").first.locator("td").nth(1).inner_text()
    assert round(sum(parts), 2) == float(total.replace(",", ""))


def test_a_filter_is_told_and_kept_in_the_address(visit) -> None:
    page = visit("/")
    page.locator('[data-layer-row="functional-groups"] .tree-name').click()
    page.get_by_label("按片区筛选").select_option("north")
    page.wait_for_url(re.compile("subarea"))
    expect(
        page.locator('[data-layer-row="functional-groups"] .dot-note')
    ).to_be_visible()


def test_the_language_changes_and_the_map_stays(visit) -> None:
    page = visit(GROUP)
    before = page.locator("#map").bounding_box()
    page.get_by_role("radio", name="EN").check(force=True)
    expect(page.locator("#inspector h1")).to_have_text("Baietan Julong Group")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.locator("#map").bounding_box() == before


def test_the_table_is_the_twin_of_the_map(visit) -> None:
    page = visit("/?drawer=table&sl=old-villages")
    row = page.locator('#drawer tr[data-id="vil-01-xijiao"]')
    row.click()
    expect(page.locator("#inspector h1")).to_have_text("西郊村")


def test_a_drawn_shape_is_answered_with_areas_and_overlaps(visit) -> None:
    page = visit()
    page.keyboard.press("d")
    page.locator("#inspector textarea").fill(
        "113.22,23.08\n113.24,23.08\n113.24,23.10\n113.22,23.10"
    )
    page.get_by_role("button", name="按坐标成图").click()
    expect(page.locator("#inspector .area-table")).to_be_visible()
    expect(
        page.locator('#inspector [data-overlap-layer="functional-groups"]')
    ).to_be_visible()


def test_the_map_image_comes_from_the_server(visit) -> None:
    page = visit()
    with page.expect_response(re.compile(r"/api/map\?")) as answer:
        page.locator('[data-tool="image"]').click()
    assert answer.value.status == 200
    assert answer.value.headers["content-type"] == "image/png"


def test_a_phone_has_sheets_and_tabs(browser, live_url: str) -> None:
    phone = visitor(browser, viewport=PHONE, has_touch=True)
    page = phone.new_page()
    page.goto(live_url + GROUP)
    expect(page.locator("#inspector h1")).to_have_text("白鹅潭聚龙组团")
    expect(page.locator("#tabbar")).to_be_visible()
    expect(page.locator("#topbar")).to_be_hidden()
    box = page.locator("#inspector").bounding_box()
    assert box is not None and box["width"] == 390
    phone.close()


def test_nothing_is_fetched_from_elsewhere(
    context: BrowserContext, page: Page, live_url: str
) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    page.goto(live_url)
    page.wait_for_selector("[data-layer-row]")
    page.wait_for_timeout(500)
    assert [url for url in asked if not url.startswith((live_url, "data:"))] == []


def test_an_unknown_key_in_the_address_is_told(visit) -> None:
    page = visit("/?nonsense=1")
    expect(page.locator("#banner")).to_contain_text("nonsense")


def test_a_version_that_nobody_published_gives_way_and_is_told(visit) -> None:
    page = visit("/?v=functional-groups:99,district:1&swipe=old-villages:99:0.5")
    expect(page.locator("#banner")).to_contain_text("1+11 组团 第 99 版")
    expect(page).to_have_url(re.compile("v=district:1(&|$)"))
    expect(page.locator(".swipe")).to_be_hidden()


def test_an_embedded_map_shows_the_map_alone(visit) -> None:
    page = visit("/embed?id=functional-groups/grp-julong")
    expect(page.locator("#topbar")).to_be_hidden()
    expect(page.locator("#inspector h1")).to_have_text("白鹅潭聚龙组团")


def test_a_drawn_shape_comes_back_from_the_address(visit) -> None:
    ring = "[[113.22,23.08],[113.24,23.08],[113.24,23.1],[113.22,23.08]]"
    page = visit(f'/?draw={{"type":"Polygon","coordinates":[{ring}]}}')
    expect(page.locator("#inspector .area-table")).to_be_visible()


def test_everything_at_a_place_is_listed_over_all_layers(visit) -> None:
    page = visit("/?c=113.2400,23.0900&z=14")
    page.wait_for_timeout(800)
    page.mouse.click(690, 474)
    page.locator(".place-list summary").click()
    page.locator(".place-all").click()
    expect(page.locator(".place-list")).to_contain_text("白鹅潭沿江总部经济带")


def middle_of(page: Page, layer: str, feature: str) -> tuple[float, float]:
    """Where the address says the map's middle is, against a feature's middle."""
    page.wait_for_url(re.compile("[?&]c="))
    return page.evaluate(
        "async ([layer, id]) => {"
        " const { state } = await import('/static/js/state.js');"
        " const { fetchFeature } = await import('/static/js/features.js');"
        " const [w, s, e, n] = (await fetchFeature(layer, id)).box;"
        " const f = state.get('view').free;"
        " return [((w + e) / 2 - f[0]) / (f[2] - f[0]), (e - w) / (f[2] - f[0])]; }",
        [layer, feature],
    )


def test_entering_by_a_feature_s_address_zooms_to_it_beside_the_panels(visit) -> None:
    page = visit(GROUP)
    expect(page.locator("#inspector h1")).to_be_visible()
    page.wait_for_timeout(800)
    middle, width = middle_of(page, "functional-groups", "grp-julong")
    assert 0.4 < middle < 0.6
    assert width > 0.25


def test_what_was_clicked_comes_out_from_under_the_inspector(visit) -> None:
    page = visit("/?c=113.1749,23.0917&z=13.5")
    page.wait_for_timeout(800)
    page.mouse.click(1250, 474)  # where the inspector will be
    expect(page.locator("#inspector h1")).to_be_visible()
    page.wait_for_timeout(800)
    layer, feature = page.url.split("?")[0].split("/")[-2:]
    middle, width = middle_of(page, layer, feature)
    assert middle + width / 2 <= 1.01


def test_a_switch_changes_its_row_and_the_counts_in_place(visit) -> None:
    page = visit("/?lang=en&l=functional-groups")
    switch = page.locator("#layer-metro-lines")
    row = switch.locator("xpath=ancestor::li[1]")
    row.evaluate("(li) => { li.dataset.same = 'yes'; }")
    head = page.locator("#layers .tree-group", has=switch).locator(".tree-head .cap")
    before = head.inner_text()
    switch.click()
    expect(switch).to_be_checked()
    expect(switch).to_be_focused()
    expect(head).not_to_have_text(before)
    expect(page.locator("#layers .panel-head .cap")).to_contain_text("2")
    expect(row).to_have_attribute("data-same", "yes")
