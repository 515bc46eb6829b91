"""A planner chooses a base map that the administrator named."""

from __future__ import annotations

import base64
import json
import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from geo.gcj02 import to_gcj02

from .conftest import Visit

pytestmark = pytest.mark.browser
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8Dwn4EIAABHrwMBr7lmDwAA"
    "AABJRU5ErkJggg=="
)
STREETS = {
    "id": "streets",
    "title_zh": "街道图",
    "title_en": "Streets",
    "tiles": ["/pictures/{z}/{x}/{y}.png"],
    "attribution": "审图号 GS(2026)1号",
    "datum": "CGCS2000",
    "subdomains": "",
    "min_zoom": 3,
    "max_zoom": 18,
}
AT = "/?c=113.2400,23.1000&z=14"


def _serve(page: Page, *, pictures: bool = True, **changes: Any) -> None:
    body = {"basemaps": [STREETS | changes]}
    page.route(re.compile(r"/api/basemaps"), lambda route: route.fulfill(json=body))

    def picture(route: Route) -> None:
        if pictures:
            route.fulfill(body=PIXEL, content_type="image/png")
        else:
            route.abort()

    page.route(re.compile(r"/pictures/"), picture)


def _choose(page: Page) -> None:
    page.locator("#layers select[name=base]").select_option("streets")


def test_a_named_base_map_is_shown_with_its_origin(page: Page, visit: Visit) -> None:
    _serve(page)
    visit(AT)
    _choose(page)
    expect(page.locator(".pane-basemap img.leaflet-tile-loaded").first).to_be_attached()
    expect(page.locator("#mapnote")).to_contain_text("审图号 GS(2026)1号")
    expect(page).to_have_url(re.compile("base=streets"))


def test_an_address_with_a_base_map_opens_on_it(page: Page, visit: Visit) -> None:
    _serve(page)
    visit(f"{AT}&base=streets&lang=en")
    expect(page.locator(".pane-basemap img.leaflet-tile-loaded").first).to_be_attached()
    expect(page.locator("#mapnote")).to_contain_text("Streets")


def test_an_unreachable_base_map_leaves_our_own_and_says_so(
    page: Page, visit: Visit
) -> None:
    _serve(page, pictures=False)
    visit(f"{AT}&base=streets")
    expect(page.locator("#mapnote")).to_contain_text("连不上")


def _position_of_centre(page: Page) -> tuple[float, float]:
    """Where the tiles show the map's centre, as lon, lat of their own datum."""
    place = page.evaluate(
        """() => {
          const map = document.getElementById("map").getBoundingClientRect();
          const [cx, cy] = [map.x + map.width / 2, map.y + map.height / 2];
          for (const img of document.querySelectorAll(".pane-basemap img")) {
            const r = img.getBoundingClientRect();
            if (cx < r.left || cx >= r.right || cy < r.top || cy >= r.bottom) continue;
            const [z, tx, ty] = img.src.match(/(\\d+)\\/(\\d+)\\/(\\d+)\\.png/)
              .slice(1).map(Number);
            const n = 2 ** z;
            const [fx, fy] = [(cx - r.left) / r.width, (cy - r.top) / r.height];
            return [(tx + fx) / n, (ty + fy) / n];
          }
        }"""
    )
    lon = place[0] * 360 - 180
    lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * place[1]))))
    return float(lon), float(lat)


def _centre(page: Page) -> tuple[float, float]:
    found = re.search(r"c=([\d.]+),([\d.]+)", page.url)
    assert found
    return float(found[1]), float(found[2])


@pytest.mark.parametrize("moved", [False, True], ids=["at first", "after a move"])
def test_gcj02_tiles_are_right_under_the_centre(
    page: Page, visit: Visit, moved: bool
) -> None:
    _serve(page, datum="GCJ-02")
    visit(f"{AT}&base=streets")
    expect(page.locator(".pane-basemap img.leaflet-tile-loaded").first).to_be_attached()
    if moved:
        page.locator("#map").focus()
        for key in ("ArrowRight", "ArrowRight", "ArrowDown", "+"):
            page.keyboard.press(key)
            page.wait_for_timeout(700)
    page.wait_for_timeout(600)
    shown = _position_of_centre(page)
    expected = to_gcj02(np.array([_centre(page)]))[0]
    # One pixel at zoom 14 is 8.7 m; the address has its centre to four decimals, 11 m.
    assert shown == pytest.approx(tuple(expected), abs=2e-4)


def test_gcj02_tiles_say_what_they_are_and_how_far_out(
    page: Page, visit: Visit
) -> None:
    _serve(page, datum="GCJ-02")
    visit(f"{AT}&base=streets")
    note = page.locator("#mapnote")
    expect(note).to_contain_text(re.compile(r"GCJ-02 .*误差约 \d+ 米"))


def test_the_pages_offset_is_the_services(page: Page, live_url: str) -> None:
    page.goto(live_url)
    places = [[113.2442, 23.1259], [116.39, 39.9], [87.6, 43.8]]
    script = "async x => (await import('/static/js/lib/gcj02.js')).toGcj02(x)"
    shown = [page.evaluate(script, place) for place in places]
    assert json.dumps(shown)
    assert np.allclose(shown, to_gcj02(np.array(places)), atol=1e-9)
