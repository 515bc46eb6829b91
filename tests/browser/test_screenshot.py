"""The README's picture, taken from the running page when it is asked for."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

pytestmark = pytest.mark.browser
TARGET = Path(__file__).resolve().parents[2] / "docs" / "screenshot.png"
MAX_BYTES = 400_000
SCALE = 1


@pytest.mark.skipif(
    not os.environ.get("ATLAS_SCREENSHOT"),
    reason="ATLAS_SCREENSHOT=1 writes docs/screenshot.png",
)
def test_the_readme_screenshot(browser: Browser, live_url: str) -> None:
    page = browser.new_context(
        viewport={"width": 1440, "height": 900}, device_scale_factor=SCALE
    ).new_page()
    page.goto(f"{live_url}/f/functional-groups/grp-julong?c=113.232,23.0925&z=13.75")
    expect(page.locator("#inspector .overlap-row").first).to_be_visible()
    page.wait_for_timeout(800)
    picture = Image.open(io.BytesIO(page.screenshot()))
    palette = picture.convert("RGB").quantize(256, dither=Image.Dither.NONE)
    palette.save(TARGET, optimize=True)
    assert TARGET.stat().st_size < MAX_BYTES
