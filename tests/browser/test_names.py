"""Names on the map: as they are painted, held against each other."""

from __future__ import annotations

from itertools import combinations

import pytest
import shapely
from playwright.sync_api import Page
from shapely import affinity

pytestmark = pytest.mark.browser
#: Keeps what the last painting of each canvas wrote: text, its middle, width, angle.
WATCH = """
(() => {
  const proto = OffscreenCanvasRenderingContext2D.prototype;
  const leave = OffscreenCanvas.prototype.transferToImageBitmap;
  OffscreenCanvas.prototype.transferToImageBitmap = function () {
    return Object.assign(leave.call(this), { written: this.written });
  };
  const come = ImageBitmapRenderingContext.prototype.transferFromImageBitmap;
  ImageBitmapRenderingContext.prototype.transferFromImageBitmap = function (picture) {
    this.canvas.written = picture.written;
    return come.call(this, picture);
  };
  const begin = proto.setTransform;
  const fill = proto.fillText;
  proto.setTransform = function (...matrix) { // a painting begins with it
    this.canvas.written = [];
    return begin.apply(this, matrix);
  };
  proto.fillText = function (text, x, y) {
    const m = this.getTransform();
    const { width } = this.measureText(text);
    const middle = this.textAlign === "center" ? x : x + width / 2;
    const at = m.transformPoint(new DOMPoint(middle, y));
    (this.canvas.written ??= []).push(
      { text, x: at.x, y: at.y, width, angle: Math.atan2(m.b, m.a) });
    return fill.call(this, text, x, y);
  };
})()
"""
WRITTEN = "() => document.querySelector('.leaflet-labels-pane canvas')?.written ?? []"
HEIGHT = 11  # px of the letters themselves


def box(name: dict) -> shapely.Polygon:
    half = name["width"] / 2
    flat = shapely.box(-half, -HEIGHT / 2, half, HEIGHT / 2)
    turned = affinity.rotate(flat, name["angle"], origin=(0, 0), use_radians=True)
    return affinity.translate(turned, name["x"], name["y"])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_name_stands_on_another(page: Page, live_url: str, lang: str) -> None:
    page.add_init_script(WATCH)
    page.goto(f"{live_url}/?lang={lang}")
    page.wait_for_function(f"() => ({WRITTEN})().length > 20")
    page.wait_for_timeout(500)
    names = page.evaluate(WRITTEN)
    met = [
        (a["text"], b["text"])
        for a, b in combinations(names, 2)
        if box(a).intersects(box(b))
    ]
    assert not met
    assert any(abs(name["angle"]) > 0.01 for name in names), "a river has its name"
