"""The reader puts layers over one another: by hand, by keys, in the address."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from .axe import findings
from .conftest import Visit

pytestmark = pytest.mark.browser
ON = "l=functional-groups,old-villages,metro-lines"
IN_ORDER = "rows => rows.map((row) => row.dataset.order)"


def _listed(page: Page) -> list[str]:
    found: list[str] = page.locator("[data-order]").evaluate_all(IN_ORDER)
    return found


@pytest.mark.parametrize(
    ("lang", "title", "says"),
    [
        ("zh", "绘制次序", "轨道线路：从上数第 2 层，共 3 层"),
        ("en", "Drawing order", "Metro lines: 2 of 3 from the top"),
    ],
)
def test_a_layer_is_moved_by_keys_and_told(
    page: Page, visit: Visit, lang: str, title: str, says: str
) -> None:
    visit(f"/?{ON}&lang={lang}")
    page.get_by_role("button", name=title).click()
    assert _listed(page) == ["metro-lines", "functional-groups", "old-villages"]
    page.locator("#grip-metro-lines").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#live")).to_have_text(says)
    expect(page.locator("#grip-metro-lines")).to_be_focused()
    assert _listed(page)[1] == "metro-lines"
    expect(page).to_have_url(re.compile("o=old-villages,metro-lines,functional-groups"))
    assert findings(page) == []


def test_alt_and_an_arrow_move_a_row_of_the_tree(page: Page, visit: Visit) -> None:
    visit(f"/?{ON}")
    page.locator("#layer-old-villages").focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page).to_have_url(re.compile("o=functional-groups,old-villages,metro-lines"))
    expect(page.locator("#layer-old-villages")).to_be_focused()


def test_a_layer_is_dragged_to_its_place_and_the_plan_is_restored(
    page: Page, visit: Visit
) -> None:
    visit(f"/?{ON}")
    page.locator("#layers-stack").click()
    grip = page.locator("#grip-old-villages").bounding_box()
    top = page.locator("#grip-metro-lines").bounding_box()
    assert grip
    assert top
    page.mouse.move(grip["x"] + 9, grip["y"] + 9)
    page.mouse.down()
    page.mouse.move(top["x"] + 9, top["y"] + 4, steps=6)
    page.mouse.up()
    expect(page.locator("[data-order]").first).to_have_attribute(
        "data-order", "old-villages"
    )
    page.locator("#order-restore").click()
    expect(page).not_to_have_url(re.compile("[?&]o="))
    assert _listed(page)[-1] == "old-villages"


def test_an_address_orders_the_layers_it_knows(page: Page, visit: Visit) -> None:
    visit(f"/?{ON}&o=metro-lines,gone-long-ago,functional-groups,old-villages")
    page.locator("#layers-stack").click()
    assert _listed(page) == ["old-villages", "functional-groups", "metro-lines"]


def test_what_lies_on_top_is_asked_first(page: Page, visit: Visit) -> None:
    where = "c=113.2319,23.0786&z=15"
    hits = "async () => (await import('/static/js/state.js')).state.get('hits')"
    tops = []
    for order in ("", "&o=old-villages,functional-groups"):
        visit(f"/?l=old-villages,functional-groups&{where}{order}")
        page.wait_for_timeout(600)
        box = page.locator("#map").bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_function(f"async () => (await ({hits})())?.length > 1")
        tops.append(page.evaluate(hits)[0]["layer"])
    assert tops == ["old-villages", "functional-groups"]


def test_the_map_image_is_stacked_as_the_map_is(page: Page, visit: Visit) -> None:
    visit(f"/?{ON}&o=metro-lines,functional-groups,old-villages")
    page.locator('[data-tool="image"]').click()
    source = page.locator(".map-preview").get_attribute("src") or ""
    asked = parse_qs(urlsplit(source).query)
    assert asked["order"] == ["listed"]
    assert asked["collections"] == ["metro-lines,functional-groups,old-villages"]
    image = page.request.get(page.url.split("/?")[0] + source)
    assert image.status == 200


def test_a_layer_turned_on_takes_the_place_that_upsets_the_plan_least(
    page: Page, live_url: str
) -> None:
    page.goto(live_url)
    found = page.evaluate(
        """async () => {
          const { arrange, moved } = await import("/static/js/lib/stacking.js");
          const plan = ["a", "b", "c", "d"];
          return [arrange(plan, ["c", "a"]), arrange(plan, ["x"]),
            moved(plan, "a", 1, ["a", "c"]), moved(plan, "d", 5, plan)];
        }"""
    )
    assert found == [
        ["b", "c", "a", "d"],
        ["a", "b", "c", "d"],
        ["b", "c", "a", "d"],
        ["a", "b", "c", "d"],
    ]


LARGE = ("functional-groups", "industrial-parks")
#: Opaque points of the canvases that lie between tiles, and whether they lie between.
BETWEEN = """() => {
  const fills = document.querySelector(".pane-fills");
  const heights = (which) => [...fills.querySelectorAll(which)]
    .map((one) => Number(one.style.zIndex));
  const scene = fills.querySelector("canvas.scene");
  const [low, high] = heights(":scope > .leaflet-layer").sort((a, b) => a - b);
  if (!scene?.width) return [false, 0];
  const at = Number(scene.style.zIndex);
  const copy = new OffscreenCanvas(scene.width, scene.height).getContext("2d");
  copy.drawImage(scene, 0, 0);
  const { data } = copy.getImageData(0, 0, scene.width, scene.height);
  return [low < at && at < high, data.filter((n, i) => i % 4 === 3 && n).length];
}"""


def _as_if_large(page: Page) -> None:
    """The catalogue says that two of the layers are too large to be held."""

    def answer(route: Route) -> None:
        answered = route.fetch()
        body = answered.json()
        for layer in body["collections"]:
            if layer["id"] in LARGE:
                layer["feature_count"] = 5000
        route.fulfill(response=answered, json=body)

    page.route(re.compile(r"/api/collections(\?|$)"), answer)


def test_a_small_layer_lies_where_it_is_put_between_two_large_ones(
    page: Page, visit: Visit
) -> None:
    _as_if_large(page)
    on = "l=functional-groups,old-villages,industrial-parks&c=113.2319,23.0786&z=14"
    visit(f"/?{on}&o=functional-groups,old-villages,industrial-parks")
    page.wait_for_function(f"() => ({BETWEEN})()[1] > 500")
    assert page.evaluate(BETWEEN)[0]
    page.locator("#layer-old-villages").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_function(f"() => ({BETWEEN})()[1] === 0")


def test_an_earlier_version_of_a_large_layer_lies_at_its_height(
    page: Page, visit: Visit
) -> None:
    _as_if_large(page)
    visit("/?l=functional-groups,industrial-parks&swipe=functional-groups:1:0.5")
    cut = page.locator(".pane-fills > .leaflet-layer[style*=clip-path]")
    expect(cut).to_have_count(2)
    heights = cut.evaluate_all("all => all.map((one) => one.style.zIndex)")
    clips = cut.evaluate_all("all => all.map((one) => one.style.clipPath)")
    assert len(set(heights)) == 1
    assert len(set(clips)) == 2
