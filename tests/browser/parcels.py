"""Parcels in a file, and a file's way to the reviewer."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

WEST, SOUTH, SIDE = 113.22, 23.09, 0.002


def square(i: int, *, crossed: bool = False) -> dict[str, Any]:
    """A parcel; ``crossed`` makes its ring cross itself."""
    x, y = WEST + i * SIDE * 1.5, SOUTH
    ring = [[x, y], [x + SIDE, y], [x + SIDE, y + SIDE], [x, y + SIDE], [x, y]]
    if crossed:
        ring[1], ring[2] = ring[2], ring[1]
    return {
        "type": "Feature",
        "properties": {"parcel_code": f"LW-{i}", "landuse_code": "0701"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def written(folder: Path, name: str, *features: dict[str, Any]) -> Path:
    """A GeoJSON file of them."""
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def choose(page: Page, url: str, path: Path, lang: str = "zh") -> None:
    """Choose a file on the page of uploads."""
    page.goto(f"{url}/uploads?lang={lang}")
    page.set_input_files("#upload-file", path)


def send(page: Page) -> None:
    """What was chosen."""
    page.locator(".upload-form button[type=submit]").click()


def hand_in(page: Page) -> None:
    """From the problems over the differences to the reviewer."""
    page.locator('[data-act="diff"]').click()
    expect(page.locator(".change-row").first).to_be_visible()
    page.get_by_role("button", name=re.compile("^送审$|^Submit for")).click()
