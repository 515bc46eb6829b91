"""The evidence for a reading of coordinates, as figures and as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from geo.detective import Hypothesis
from geo.frame import FloatArray
from service.errors import BadRequest
from service.uploads.crsnames import in_chinese
from service.uploads.readings import Reading, parse_reading

NO_POINTS: FloatArray = np.empty((0, 2))
#: The reading that was taken, the others, what stands between them, what is said where
#: no reading is possible, and where there are no numbers at all.
_EN = (
    "as {0} ({1}) around {2:.4f}, {3:.4f}, {4} % inside the district",
    "as {0} {1} %",
    "; ",
    "no coordinate system of this region has such numbers",
    "the file holds no coordinates",
)
_ZH = (
    "按 {0}（{1}）读，在 {2:.4f}, {3:.4f} 一带，{4} % 落在区内",
    "按 {0} 读为 {1} %",
    "；",
    "本地区没有坐标系用这样的数值",
    "文件里没有坐标",
)


def evidence_of(
    source: str,
    chosen: Reading | None,
    points: FloatArray,
    readings: Sequence[Hypothesis],
    lonlat: FloatArray = NO_POINTS,
) -> dict[str, Any]:
    """The reading, where it comes from, and how the others fare."""
    return {
        "source": source,
        "crs_name": chosen.crs.name if chosen else None,
        "crs_name_zh": in_chinese(chosen.crs.name) if chosen else None,
        "swapped": chosen.swapped if chosen else False,
        "example": example(points),
        "text": _sentence(points, readings, _EN, lonlat),
        "text_zh": _sentence(points, readings, _ZH, lonlat),
        "hypotheses": [_hypothesis(reading) for reading in readings],
    }


def example(points: FloatArray) -> str:
    """One of the pairs, to show."""
    if not len(points):
        return "–"
    x, y = points[len(points) // 2]
    return f"{x:.10g}, {y:.10g}"


def percent(share: float) -> str:
    """A share, rounded, but never up to all nor down to nothing."""
    return f"{min(99, max(1, share * 100)) if 0 < share < 1 else share * 100:.0f} %"


def _hypothesis(reading: Hypothesis) -> dict[str, Any]:
    return {
        "id": reading.id,
        "crs": reading.crs,
        "name": _title(reading),
        "name_zh": in_chinese(_title(reading)),
        "swapped": reading.swapped,
        "inside": reading.inside,
        "near": reading.near,
    }


def _title(reading: Hypothesis) -> str:
    """The registry's name; a file's own CRS without a code, and offsets, have none."""
    try:
        return parse_reading(reading.id).crs.name
    except BadRequest:
        return reading.id


def _sentence(
    points: FloatArray,
    readings: Sequence[Hypothesis],
    words: tuple[str, str, str, str, str],
    lonlat: FloatArray,
) -> str:
    """The first reading by its name and where it leads, the others by their share."""
    first, other, joint, none, empty = words
    if not len(points):
        return empty
    told = [other.format(r.id, round(r.inside * 100, 1)) for r in readings[:4]]
    if len(lonlat) and told:
        lon, lat = np.median(lonlat, axis=0)
        share = round(readings[0].inside * 100, 1)
        name = _title(readings[0])
        name = in_chinese(name) if words is _ZH else name
        told[0] = first.format(readings[0].id, name, lon, lat, share)
    return f"{example(points)}: {joint.join(told) or none}"
