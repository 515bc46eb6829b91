"""What is here: features at or near a position, nearest and smallest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import shapely

from geo.parts import extent
from geo.proximity import catchments, nearest
from service.statistics.amounts import plain
from service.statistics.goesby import goes_by
from service.statistics.reading import Reading
from service.stores.base import Bounds

_COLUMNS = (
    "name_zh",
    "name_en",
    "status",
    "evidence",
    "accuracy_m",
    "area_m2",
    "area_plane_m2",
    "length_m",
    "length_plane_m",
)


def identify(
    lon: float,
    lat: float,
    tolerance_m: float,
    layers: Iterable[Callable[[Bounds | None], Reading]],
) -> dict[str, Any]:
    """Features within ``tolerance_m`` of a position, by geodesic distance. Each layer
    gives what comes close to a box."""
    here = np.array([shapely.Point(lon, lat)], dtype=object)
    around = catchments(here, max(tolerance_m, 1.0)) if tolerance_m else here
    readings = [near(extent(around)) for near in layers]
    found = [each for near in readings for each in _at(here, near, tolerance_m)]
    found.sort(key=_nearest_then_smallest)
    return {
        "features": found,
        "versions": {r.layer.id: r.version for r in readings},
        "tolerance_m": tolerance_m,
    }


def _at(here: Any, reading: Reading, tolerance_m: float) -> list[dict[str, Any]]:
    count = len(reading.rows)
    distance = nearest(reading.geometry, here).distance_m if count else np.zeros(0)
    kept = np.flatnonzero(distance <= tolerance_m + 1e-6)
    met = reading.narrowed(kept)
    ids = met.ids
    columns = {name: met.column(name) for name in _COLUMNS}
    known = list(goes_by(met))
    return [
        {
            "layer": reading.layer.id,
            "id": ids[n],
            **{name: plain(values[n]) for name, values in columns.items()},
            **known[n],
            "geometry_type": reading.layer.geometry,
            "distance_m": float(distance[kept[n]]),
        }
        for n in range(len(kept))
    ]


def _nearest_then_smallest(feature: dict[str, Any]) -> tuple[float, float, str]:
    return feature["distance_m"], feature["area_m2"] or 0.0, str(feature["id"])
