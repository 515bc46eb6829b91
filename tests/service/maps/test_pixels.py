"""What a map looks like, held against stored pictures within a tolerance.

Draw them anew on purpose: ``ATLAS_REGEN=1 pytest tests/service/maps/test_pixels.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from PIL import Image

from geo.frame import Frame
from service.maps.png import sheet_png
from service.maps.sheet import Sheet

STORED = Path(__file__).resolve().parents[2] / "fixtures" / "maps"
FrameMaker = Callable[..., Frame]


def town(frame_of: FrameMaker) -> dict[str, Frame]:
    """Nine parcels of three classes, an indicative shape over them, a line, a stop."""
    x, y = 421_000.0, 2_553_000.0
    squares = [
        shapely.box(x + 100 * i, y + 100 * j, x + 100 * i + 95, y + 100 * j + 95)
        for j in range(3)
        for i in range(3)
    ]
    codes = ["0701", "0901", "1401"] * 3
    ring = shapely.Point(x + 150, y + 150).buffer(110, quad_segs=16)
    line = shapely.LineString(
        [(x - 40, y - 20), (x + 150, y + 150), (x + 340, y + 320)]
    )
    return {
        "old-villages": frame_of([ring], name_zh=["茶滘村"], evidence=["indicative"]),
        "metro-lines": frame_of([line], name_zh=["1号线"], evidence=["surveyed"]),
        "metro-stations": frame_of(
            [shapely.Point(x + 150, y + 150)], name_zh=["坑口站"], evidence=["surveyed"]
        ),
        "parcels": frame_of(
            squares,
            landuse_code=codes,
            landuse_scheme=["mnr2023"] * 9,
            evidence=["surveyed"] * 9,
        ),
    }


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("sheet", {"width": 900, "height": 600, "title": "塱边㙟地块图"}),
        ("bare", {"width": 400, "height": 300, "layout": "map"}),
        (
            "standard",
            {"width": 900, "height": 600, "colours": "standard", "lang": "en"},
        ),
    ],
)
def test_a_map_looks_as_it_did(
    name: str,
    given: dict[str, Any],
    sheet_of: Callable[..., Sheet],
    frame_of: FrameMaker,
) -> None:
    made = sheet_png(sheet_of(town(frame_of), **given))
    path = STORED / f"{name}.png"
    if os.environ.get("ATLAS_REGEN"):
        Image.open(BytesIO(made)).convert("RGB").quantize(64).save(path, optimize=True)
    now = np.asarray(Image.open(BytesIO(made)).convert("RGB"), dtype=int)
    then = np.asarray(Image.open(path).convert("RGB"), dtype=int)
    assert now.shape == then.shape
    assert (np.abs(now - then).max(axis=2) > 48).mean() < 0.002
