"""Drawing meets what is there; a file dropped on the map stays private."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
RING = [[113.22, 23.08], [113.24, 23.08], [113.24, 23.1], [113.22, 23.08]]
CORNER = """async () => {
  const { state } = await import('/static/js/state.js');
  const { fetchFeature } = await import('/static/js/features.js');
  const f = await fetchFeature('functional-groups', 'grp-julong');
  const ring = f.geometry.coordinates.flat(f.geometry.type === 'Polygon' ? 0 : 1)[0];
  return ring[0];
}"""
POINTS = """async () =>
  (await import('/static/js/sketch.js')).sketch.value.points"""
DROP = """text => {
  const data = new DataTransfer();
  data.items.add(new File([text], 'secret.geojson'));
  const drop = new DragEvent('drop', {dataTransfer: data, bubbles: true});
  document.getElementById('map').dispatchEvent(drop);
}"""


def test_a_point_near_a_vertex_snaps_to_it_and_ctrl_z_takes_it_back(visit) -> None:
    page = visit("/")
    lng, lat = page.evaluate(CORNER)
    visit(f"/?c={lng},{lat}&z=16")
    page.wait_for_timeout(500)
    page.keyboard.press("d")
    box = page.locator("#map").bounding_box()
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.click(middle[0] + 5, middle[1] + 4)
    assert page.evaluate(POINTS) == [[lng, lat]]
    page.keyboard.press("Control+z")
    assert page.evaluate(POINTS) == []


def test_a_dropped_file_is_answered_and_stays_out_of_the_address(visit) -> None:
    page = visit("/")
    page.evaluate(DROP, json.dumps({"type": "Polygon", "coordinates": [RING]}))
    expect(page.locator("#inspector .area-table")).to_be_visible()
    page.wait_for_timeout(600)
    assert "draw=" not in page.url
