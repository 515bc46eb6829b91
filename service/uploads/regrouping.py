"""Drawings that we wrote ourselves: rings and parts become the features they were.

Every entity of our DXF export carries its feature's id as extended data, which CAD
programs keep; see ``service.exports.drawing``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray
from geo.rings import assemble
from service.exports.drawing import APPLICATION, ID_MARK, LABEL_MARK
from service.uploads.table import Columns, object_array

_RAW = "RawCodeValues"
_TEXT_CODE = "1000 "


@dataclass(frozen=True, slots=True)
class Own:
    """Per entity: the id of the feature that it is a part of (None: not ours), and
    whether it is the label that we set there."""

    ids: ObjectArray
    labels: NDArray[np.bool_]


def options_for(path: Path) -> dict[str, str]:
    """What GDAL needs to be told to hand out extended data, where it is ours."""
    ours = APPLICATION.encode() in path.read_bytes()
    return {"INCLUDE_RAW_CODE_VALUES": "YES"} if ours else {}


def own_entities(columns: Columns, count: int) -> Own:
    """The marks in the extended data."""
    ids = np.full(count, None, dtype=object)
    labels = np.zeros(count, dtype=bool)
    for row, values in enumerate(columns[_RAW].tolist() if _RAW in columns else ()):
        for value in values if values is not None else ():
            text = str(value).removeprefix(_TEXT_CODE)
            labels[row] |= text == LABEL_MARK
            if text.startswith(ID_MARK):
                ids[row] = text.removeprefix(ID_MARK)
    return Own(ids, labels)


def regrouped(geometry: ObjectArray, ids: ObjectArray) -> ObjectArray:
    """The first entity of each id gets the whole feature, the others None."""
    rows_of: dict[str, list[int]] = {}
    for row, id in enumerate(ids.tolist()):
        if id is not None and geometry[row] is not None:
            rows_of.setdefault(id, []).append(row)
    result = geometry.copy()
    for rows in rows_of.values():
        whole = _whole(geometry[rows].tolist())
        result[rows] = object_array([whole, *[None] * (len(rows) - 1)])
    return result


def _whole(parts: Sequence[shapely.Geometry]) -> shapely.Geometry:
    if all(part.geom_type == "Polygon" for part in parts):
        rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
        return assemble([shapely.get_coordinates(ring) for ring in rings])
    kinds = {part.geom_type for part in parts}
    if len(parts) == 1:
        return parts[0]
    if kinds == {"LineString"}:
        return shapely.multilinestrings(list(parts))
    if kinds == {"Point"}:
        return shapely.multipoints(list(parts))
    return shapely.geometrycollections(list(parts))
