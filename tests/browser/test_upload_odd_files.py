"""What the upload page asks of a file that leaves something open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from playwright.sync_api import Page, expect

from geo.gcj02 import to_gcj02

from .parcels import choose, send, square, written
from .visitors import log_in

pytestmark = pytest.mark.browser
#: Whether the map comes to lie there, and not with the shapes behind the steps above.
BESIDE = """async (north) => {
  const { state } = await import('/static/js/state.js');
  const lies = () => Math.abs(state.get('view').lat - north) < 0.01;
  for (let i = 0; i < 200 && !lies(); i++) await new Promise((r) => setTimeout(r, 50));
  return lies();
}"""
WORDS = [("zh", "文件中的图层"), ("en", "Layer of the file")]


@pytest.fixture
def two_layers(tmp_path: Path) -> Path:
    """A GeoPackage of the parcels as they are and as they are planned."""
    path = tmp_path / "two.gpkg"
    for layer, count in (("existing", 3), ("planned", 2)):
        west = 113.22 + np.arange(count) * 0.003
        pyogrio.raw.write(
            path,
            shapely.to_wkb(shapely.box(west, 23.09, west + 0.002, 23.092)),
            [np.array([f"{layer}-{i}" for i in range(count)], dtype=object)],
            ["parcel_code"],
            layer=layer,
            geometry_type="Polygon",
            crs="EPSG:4326",
            append=path.exists(),
        )
    return path


@pytest.fixture
def editor(page: Page, live_url: str, people: dict[str, str]) -> Page:
    """A page where the editor is logged in."""
    log_in(page.context, live_url, people["editor"])
    return page


@pytest.mark.parametrize(("lang", "asked"), WORDS)
def test_a_file_of_two_layers_asks_in_the_page_which_is_meant(
    editor: Page, live_url: str, two_layers: Path, lang: str, asked: str
) -> None:
    page = editor
    choose(page, live_url, two_layers, lang)
    send(page)
    choice = page.get_by_role("radiogroup", name=asked)
    choice.get_by_text("planned").click()
    expect(page.locator(".page-panel.left .panel-head")).to_contain_text("2")
    expect(choice.locator("input:checked")).to_have_value("planned")
    expect(page.locator('[data-code="several_layers"]')).to_have_count(0)


def test_a_loose_shapefile_is_sent_whole_and_lies_beside_the_steps(
    editor: Page, live_url: str, tmp_path: Path
) -> None:
    page = editor
    west = 113.215 + np.arange(12) * 0.003  # in a row: wide, and hardly high
    pyogrio.raw.write(
        tmp_path / "勘测.shp",
        shapely.to_wkb(shapely.box(west, 23.09, west + 0.002, 23.0905)),
        [np.array(list("abcdefghijkl"), dtype=object)],
        ["code"],
        geometry_type="Polygon",
        crs="EPSG:4490",
        encoding="UTF-8",
    )
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{live_url}/uploads?lang=zh")
    page.wait_for_selector("body[data-ready]")
    page.set_input_files("#upload-file", sorted(tmp_path.iterdir()))
    expect(page.locator(".drop-name")).to_contain_text("勘测.shp")
    page.locator(".upload-form button[type=submit]").click()
    head = page.locator(".page-panel.left .panel-head")
    expect(head).to_contain_text("勘测.shp")
    expect(head).to_contain_text("12 个要素")
    assert page.evaluate(BESIDE, 23.09)


def test_a_file_chosen_while_the_page_was_drawn_anew_is_not_lost(
    editor: Page, live_url: str
) -> None:
    page = editor
    page.goto(f"{live_url}/uploads?lang=zh")
    page.wait_for_selector("body[data-ready]")
    page.locator("#upload-file").evaluate("""async (input) => {
      const { state } = await import('/static/js/state.js');
      state.announce('placeId');
      while (input.isConnected) await new Promise((done) => setTimeout(done));
      const held = new DataTransfer();
      held.items.add(new File(['id,x,y'], 'late.csv'));
      input.files = held.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
    }""")
    expect(page.locator(".drop-name")).to_contain_text("late.csv")


def test_a_guessed_system_is_confirmed_and_strays_are_named(
    editor: Page, live_url: str, tmp_path: Path
) -> None:
    rows = [f"P{n},{113.22 + n / 1000},23.09" for n in range(4)]
    path = tmp_path / "points.csv"
    path.write_text("\n".join(["id,x,y", *rows, "P9,116.4,39.9"]), "utf-8")
    page = editor
    choose(page, live_url, path)
    send(page)
    system = page.locator('[data-block="crs"]')
    expect(system.locator(".chip")).to_contain_text("推断")
    expect(page.locator(".map-key .far")).to_contain_text("P9")
    page.locator(".map-key .far button").click()
    expect(page.locator(".map-key .far button")).to_have_text("回到本区")
    system.locator('[data-act="confirm-crs"]').click()
    expect(system.locator(".chip")).to_contain_text("已确认")
    expect(page.locator('[data-code="crs_inferred"]')).to_have_count(0)


def test_a_shifted_file_is_shown_where_it_is_and_where_it_would_lie(
    editor: Page, live_url: str, tmp_path: Path
) -> None:
    page = editor
    villages = page.request.get(
        f"{live_url}/api/collections/old-villages/items?limit=50"
    ).json()["features"]
    for village in villages:
        (ring,) = village["geometry"]["coordinates"]
        village["geometry"]["coordinates"] = [to_gcj02(np.array(ring)).tolist()]
        village["properties"] = {"id": village["id"]}
    choose(page, live_url, written(tmp_path, "shifted.geojson", *villages))
    page.locator("[name=layer]").select_option("old-villages")
    send(page)
    expect(page.locator('.problem[data-code="suspected_gcj02"]')).to_be_visible()
    expect(page.locator(".map-key")).to_contain_text("原位约在此")
    page.wait_for_function(
        """async () => {
          const { state } = await import("/static/js/state.js");
          return state.get("work")?.ghosts?.length > 10;
        }"""
    )
    confirm = page.locator('[data-act="confirm-crs"]')
    confirm.click()
    expect(page.locator(".problem-head.error")).to_have_count(0)


def test_a_remedy_is_something_to_press(
    editor: Page, live_url: str, tmp_path: Path
) -> None:
    """Latitude before longitude: the exchange is confirmed where it is told."""
    page = editor
    turned = square(0)
    (ring,) = turned["geometry"]["coordinates"]
    turned["geometry"]["coordinates"] = [[[y, x] for x, y in ring]]
    choose(page, live_url, written(tmp_path, "turned.geojson", turned))
    send(page)
    problem = page.locator('.problem[data-code="swapped_axes"]')
    expect(problem).not_to_contain_text("crs=")
    problem.locator("[data-act=settle]").click()
    expect(page.locator('[data-block="crs"] .chip.ok')).to_be_visible()
