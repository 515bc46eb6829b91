"""Big layers as they are seen from afar, made once per version.

From zoom 12 outwards, neighbours of one class, status and evidence are joined into
one feature without an id, whose ``feature_count`` says how many it stands for.
"""

from __future__ import annotations

import numpy as np
import shapely

from geo.frame import Frame
from geo.generalise import dissolve, pixel_deg, simplify
from layers.catalogue import Layer

#: Zooms that see the joined features; further out looks like the first.
JOINED = range(8, 13)
#: Layers of fewer features are shown as they are at every zoom.
BIG = 5_000
#: A level with more of the finer one's vertices than this serves those beyond, too.
SETTLED = 0.97


def level_of(layer: Layer, features: int, zoom: int) -> int | None:
    """Which of the joined levels a zoom shows; None for the features themselves."""
    if zoom >= JOINED.stop or features < BIG or layer.geometry in ("line", "point"):
        return None
    return max(zoom, JOINED.start)


def joined(frame: Frame, layer: Layer) -> Frame:
    """One feature per class, status and evidence."""
    asked = (layer.class_field or "", "status", "evidence")
    names = [name for name in asked if name in frame.columns]
    keys = list(zip(*(frame.columns[name] for name in names), strict=True))
    number = {key: n for n, key in enumerate(dict.fromkeys(keys))}
    group = np.array([number[key] for key in keys], dtype=np.intp)
    values = np.array(list(number), dtype=object).reshape(len(number), len(names))
    columns = {name: values[:, n] for n, name in enumerate(names)}
    count = np.bincount(group).astype(np.float64)
    geometry = dissolve(shapely.force_2d(frame.geometry), group, len(number))
    ids = np.full(len(number), None, dtype=object)
    return Frame(ids, geometry, {**columns, "feature_count": count})


def simplified(frame: Frame, zoom: int) -> Frame:
    """The same features as seen at a zoom: to half a pixel."""
    geometry = simplify(frame.geometry, pixel_deg(zoom) / 2)
    return Frame(frame.ids, geometry, frame.columns)


def is_settled(finer: Frame, coarser: Frame) -> bool:
    """Whether a step outwards took away hardly anything: what is left are corners
    where classes meet, and the next step would not take those either."""
    before, after = (
        int(shapely.get_num_coordinates(frame.geometry).sum())
        for frame in (finer, coarser)
    )
    return after > SETTLED * before
