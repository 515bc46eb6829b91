"""A layer too large to be held by the page: its legend counts, drawing snaps to it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from .conftest import SIDE, SOUTH, WEST, Visit

pytestmark = pytest.mark.browser
POINTS = """async () =>
  (await import('/static/js/sketch.js')).sketch.value.points"""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_legend_counts_what_is_in_view_class_by_class(
    visit: Visit, many: int, lang: str
) -> None:
    assert many
    page = visit(f"/?l=parcels&c=113.216,23.076&z=14&lang={lang}")
    row = page.locator('[data-layer-row="parcels"]')
    row.locator(".tree-name").click()
    expect(row.locator(".legend-row")).to_have_count(2)
    expect(row.locator(".legend-row .share").first).to_have_text("50.0%")


def test_a_large_layer_is_filtered_by_values_that_the_service_counts(
    visit: Visit, many: int
) -> None:
    page = visit("/?l=parcels&c=113.216,23.076&z=14")
    row = page.locator('[data-layer-row="parcels"]')
    row.locator(".tree-name").click()
    choice = row.locator("select:has(option[value='1001'])")
    expect(choice.locator("option")).to_have_count(3)
    expect(choice.locator("option").nth(1)).to_contain_text(f"({many // 2:,})")
    choice.select_option("1001")
    page.wait_for_url(re.compile("[?&]f="))
    page.locator("#highlight .pill button").first.click()
    expect(page.locator("#drawer .table-says")).to_contain_text(f"{many // 2:,} 行")


def test_where_the_drawer_covers_the_map_versions_are_compared_all_the_same(
    page: Page, visit: Visit, many: int
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit("/?drawer=diff&sl=parcels&c=113.216,23.076&z=12")
    added = page.locator('#drawer [data-diff="add"] strong')
    expect(added).to_have_text(f"{many:,}")


def test_a_point_snaps_to_a_parcel_and_comes_back_by_redo(
    visit: Visit, many: int
) -> None:
    assert many
    lng, lat = WEST + 20 * SIDE, SOUTH + 20 * SIDE
    page = visit(f"/?l=parcels&c={lng},{lat}&z=17")
    page.wait_for_timeout(800)
    page.keyboard.press("d")
    box = page.locator("#map").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    with page.expect_response(lambda r: "/collections/parcels/items?bbox" in r.url):
        page.mouse.move(x + 3, y + 3)
    page.wait_for_timeout(300)
    page.mouse.click(x + 4, y + 3)
    snapped = page.evaluate(POINTS)
    assert [round(c, 7) for c in snapped[0]] == [round(lng, 7), round(lat, 7)]
    page.keyboard.press("Control+z")
    assert page.evaluate(POINTS) == []
    page.keyboard.press("Control+Shift+z")
    assert page.evaluate(POINTS) == snapped


DRAWN = """() => {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 512;
  const ctx = canvas.getContext("2d");
  for (const tile of document.querySelectorAll(".vector-tile"))
    if (tile.width) ctx.drawImage(tile, 0, 0);
  const sum = [0, 0, 0, 0];
  ctx.getImageData(0, 0, 512, 512).data.forEach((n, i) => { sum[i % 4] += n; });
  return sum.map((n) => n / 512 / 512);
}"""


ON_ITSELF = "document.querySelector('.pane-base canvas').getContext('2d') !== null"


def test_tiles_are_drawn_beside_the_page_and_alike_without_workers(
    context: BrowserContext, visit: Visit, many: int
) -> None:
    assert many
    where = f"/?l=parcels&c={WEST + 0.016},{SOUTH + 0.016}&z=16"
    page = visit(where)
    page.wait_for_function(f"() => ({DRAWN})()[3] > 0")
    page.wait_for_timeout(500)
    assert "/tile-worker" in page.workers[0].url
    bare = context.new_page()
    bare.add_init_script("delete window.Worker; delete window.OffscreenCanvas")
    visit(where, on=bare)
    bare.wait_for_function(f"() => ({DRAWN})()[3] > 0")
    bare.wait_for_timeout(500)
    assert bare.workers == []
    assert bare.evaluate(DRAWN) == pytest.approx(page.evaluate(DRAWN), abs=0.5)
    assert [one.evaluate(ON_ITSELF) for one in (page, bare)] == [False, True]


def test_a_class_that_is_chosen_shows_in_the_tiles_without_asking_again(
    visit: Visit, many: int
) -> None:
    assert many
    page = visit(f"/?l=parcels&c={WEST + 0.016},{SOUTH + 0.016}&z=16")
    page.wait_for_function(f"() => ({DRAWN})()[3] > 0")
    page.wait_for_timeout(500)
    before, asked = page.evaluate(DRAWN), []
    page.on("request", lambda r: asked.append(r.url) if "/tiles/" in r.url else None)
    page.evaluate(
        """async () => (await import("/static/js/catalogue.js"))
          .setFilter("parcels", { field: "landuse_code", value: "0701" })"""
    )
    page.wait_for_function(f"() => ({DRAWN})()[3] < {before[3] * 0.8}")
    assert asked == []


SEEN = """() => [...document.querySelectorAll(".vector-tile")]
  .filter((t) => t.width && getComputedStyle(t).visibility === "visible").length"""


def test_one_tile_that_fails_is_told_in_its_row_and_drawn_when_asked_again(
    page: Page, visit: Visit, many: int
) -> None:
    assert many
    asked: list[str] = []

    def answer(route: Route) -> None:
        """The first tile asked for fails, whenever it is asked for."""
        asked.append(route.request.url)
        if route.request.url == asked[0]:
            route.fulfill(status=503, body="busy")
        else:
            route.continue_()

    tiles = "**/collections/parcels/tiles/**"
    page.route(tiles, answer)
    visit(f"/?l=parcels&c={WEST + 0.016},{SOUTH + 0.016}&z=15&lang=en")
    again = page.get_by_role("button", name="This layer did not load Retry")
    expect(again).to_be_visible()
    page.wait_for_function(f"n => ({SEEN})() === n", arg=len(set(asked)) - 1)
    page.unroute(tiles, answer)
    with page.expect_request(asked[0]):
        again.click()
    page.wait_for_function(f"n => ({SEEN})() === n", arg=len(set(asked)))
    expect(again).to_be_hidden()


def test_nothing_is_asked_for_around_a_layer(
    page: Page, visit: Visit, many: int
) -> None:
    """The layer lies in the middle of the view, and in four tiles at the most."""
    assert many
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if "/tiles/" in r.url else None)
    visit(f"/?l=parcels&c={WEST + 0.016},{SOUTH + 0.016}&z=12")
    page.wait_for_function(f"() => ({DRAWN})()[3] > 0")
    assert 0 < len(asked) <= 4


PASTE = """text => {
  const data = new DataTransfer();
  data.setData('text/plain', text);
  document.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data}));
}"""


def test_a_shape_pasted_on_the_map_is_asked_about(visit: Visit) -> None:
    page = visit("/")
    page.evaluate(
        PASTE, "POLYGON((113.22 23.08,113.24 23.08,113.24 23.1,113.22 23.08))"
    )
    expect(page.locator("#inspector .area-table")).to_be_visible()


PAGES = """async () => {
  const { everyFeature } = await import("/static/js/paging.js");
  const of = (options) => everyFeature("parcels", {}, { page: 1000, ...options });
  const [all, cut] = [await of({}), await of({ most: 2000 })];
  const ids = new Set(all.features.map((f) => f.id));
  return [ids.size, all.whole, cut.features.length, cut.matched, cut.whole];
}"""


def test_pages_follow_pages_until_every_feature_is_here(
    page: Page, visit: Visit, many: int
) -> None:
    visit("/")
    assert page.evaluate(PAGES) == [many, True, 1000, many, False]


@pytest.mark.usefixtures("many")
def test_a_large_layer_tells_its_codes_from_close_by(page: Page, visit: Visit) -> None:
    """Colour is never all there is: what is in view is asked for, from zoom 16 on."""
    asked = re.compile(r"/collections/parcels/items\?bbox=.*limit=400")
    with page.expect_response(asked) as answer:
        visit(f"/?l=parcels&c={WEST + 0.016},{SOUTH + 0.016}&z=16")
    assert answer.value.ok
    held = answer.value.json()["features"]
    assert {f["properties"]["landuse_code"] for f in held} == {"0701", "1001"}
