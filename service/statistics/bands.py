"""Bands of distance: how far features lie from the nearest of another layer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from starlette.requests import Request

from geo.frame import FloatArray
from geo.proximity import nearest
from service.parameters import bad
from service.statistics.reading import Reading

_BAND = re.compile(r"(\d{1,7}(?:\.\d+)?),(\d{1,7}(?:\.\d+)?)?")


def band_of(request: Request) -> tuple[float, float] | None:
    """``apart=500,800``: metres from the nearest; ``1000,`` has no end."""
    text = request.query_params.get("apart")
    if text is None:
        return None
    found = _BAND.fullmatch(text.strip())
    start, end = (float(found[1]), float(found[2] or "inf")) if found else (0.0, 0.0)
    if start >= end:
        raise bad(
            "apart",
            "is two distances in metres, the second larger or left out: 500,800 or"
            " 1000,",
            "应为两个以米计的距离，后者较大或不写：500,800 或 1000,",
        )
    return start, end


def metres_to(one: Reading, to: Reading) -> FloatArray:
    """How far each feature of A lies from its nearest of B, endlessly without one."""
    metres = nearest(one.geometry, to.geometry).distance_m
    metres[np.isnan(metres)] = np.inf
    return metres


def within_band(metres: FloatArray, band: tuple[float, float]) -> NDArray[np.bool_]:
    """Which distances lie in a band, its beginning included; without an end also the
    endless ones."""
    start, end = band
    inside: NDArray[np.bool_] = (metres >= start) & ((metres < end) | np.isinf(end))
    return inside


def counted(
    metres: FloatArray, edges: Sequence[float]
) -> list[dict[str, float | int | None]]:
    """How many features lie up to each of these metres from their nearest, and how
    many beyond the last: they sum to all there are."""
    ends = [*(edge for edge in edges if edge), np.inf]
    found = zip([0.0, *ends[:-1]], ends, strict=True)
    return [
        {
            "from_m": start,
            "to_m": None if np.isinf(end) else end,
            "count": int(within_band(metres, (start, end)).sum()),
        }
        for start, end in found
    ]


def by_distance(
    one: Reading,
    to: Reading,
    band: tuple[float, float] | None,
    edges: Sequence[float],
) -> tuple[Reading, dict[str, Any]]:
    """The features of A in a band, and of all of them how many lie in each."""
    if band is None and not edges:
        return one, {}
    metres = metres_to(one, to)
    told = {"bands": counted(metres, edges)} if edges else {}
    return (one.narrowed(within_band(metres, band)) if band else one), told
