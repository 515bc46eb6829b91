"""The one currency of the frame lane: features of one layer version as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

ObjectArray = NDArray[np.object_]
FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Frame:
    """``n`` features, column by column. Immutable by agreement: never write into it.

    ids: (n,) object array of str, unique.
    geometry: (n,) object array of shapely geometries in CRS84 (lon, lat degrees);
        ``None`` where a feature is unlocated.
    columns: name -> (n,) array. Text, dates and codes are object arrays of
        ``str | None``; numbers are float64 with NaN for missing; anything else
        is an object array of JSON values.
    """

    ids: ObjectArray
    geometry: ObjectArray
    columns: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def missing(self) -> NDArray[np.bool_]:
        """Which features have no geometry."""
        missing: NDArray[np.bool_] = shapely.is_missing(self.geometry)
        return missing

    @property
    def bounds(self) -> FloatArray:
        """(n, 4) west, south, east, north; NaN where there is no geometry."""
        bounds: FloatArray = shapely.bounds(self.geometry).reshape(-1, 4)
        return bounds

    def shapes(self, rows: NDArray[np.intp]) -> ObjectArray:
        """The geometries of chosen features."""
        chosen: ObjectArray = self.geometry[rows]
        return chosen

    def take(self, index: NDArray[Any]) -> Frame:
        """Rows chosen by an integer or boolean index array."""
        columns = {name: values[index] for name, values in self.columns.items()}
        return Frame(self.ids[index], self.geometry[index], columns)
