"""The features of an upload as GeoJSON, before anything is published."""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.frame import Frame
from layers.catalogue import Layer
from service.stores.publishing import prepare

Bounds = tuple[float, float, float, float]


def preview(
    frame: Frame, layer: Layer, *, bbox: Bounds | None, limit: int, offset: int
) -> dict[str, Any]:
    """A FeatureCollection of staged features, in file order."""
    rows = np.arange(len(frame)) if bbox is None else _within(frame, bbox)
    chosen = rows[offset : offset + limit]
    return {
        "type": "FeatureCollection",
        "layer": layer.id,
        "numberMatched": len(rows),
        "numberReturned": len(chosen),
        "features": features(frame.take(chosen), layer),
    }


def features(frame: Frame, layer: Layer) -> list[orjson.Fragment]:
    """The features as they would be served if published."""
    if not len(frame):
        return []
    texts = prepare(frame, layer).texts
    return [orjson.Fragment(text) for text in texts.listed(without=1)]


def _within(frame: Frame, bbox: Bounds) -> NDArray[np.intp]:
    west, south, east, north = bbox
    bounds = shapely.bounds(frame.geometry)
    with np.errstate(invalid="ignore"):
        touches = (bounds[:, 0] <= east) & (bounds[:, 2] >= west)
        touches &= (bounds[:, 1] <= north) & (bounds[:, 3] >= south)
    return np.flatnonzero(touches)
