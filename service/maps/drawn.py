"""What a map draws from: a layer's features on the map's plane, and what of them lies
in the frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Crs, from_crs84
from geo.frame import FloatArray, Frame, ObjectArray
from layers.catalogue import Layer
from service.maps.rings import Rings, rings_of
from service.maps.symbols import Group
from service.maps.turn import Bounds

#: Number and time of a version.
Published = tuple[int, str]


@dataclass(frozen=True)
class LayerData:
    """One layer's features, also in the map's CRS (``plane``, x and y in metres)."""

    layer: Layer
    version: int
    published_at: str
    frame: Frame
    plane: ObjectArray
    bounds: FloatArray  # (n, 4), NaN where unlocated
    groups: tuple[Group, ...]
    _told: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    @property
    def vertices(self) -> int:
        """How many coordinates are held: as geometries, and once more as rings."""
        return 2 * int(shapely.get_num_coordinates(self.plane).sum())

    def has_texts(self, name: str) -> bool:
        """Whether any feature says something in this field."""
        if (known := self._told.get(name)) is None:
            values = self.frame.columns.get(name)
            known = values is not None and any(v not in (None, "") for v in values)
            self._told[name] = known
        return known

    def prepared(self) -> LayerData:
        """The same, with what every map of it needs worked out."""
        _ = self.rings, self.areas, self.sources
        return self

    @cached_property
    def sources(self) -> tuple[list[str], NDArray[np.intp]]:
        """The documents that its features come from, and which of them each does."""
        column = self.frame.columns.get("source_title")
        if column is None:
            return [""], np.zeros(len(self.frame), dtype=np.intp)
        told = {str(title or ""): 0 for title in column}
        numbers = {title: n for n, title in enumerate(told)}
        which = [numbers[str(title or "")] for title in column]
        return list(told), np.array(which, dtype=np.intp)

    @cached_property
    def areas(self) -> FloatArray:
        """Of its shapes on the plane, m²."""
        measured: FloatArray = shapely.area(self.plane)
        return measured

    @cached_property
    def rings(self) -> Rings:
        """The rings of its polygons, by row."""
        return rings_of(self.plane)

    @cached_property
    def extent(self) -> Bounds | None:
        """The box around everything located."""
        located = self.bounds[~np.isnan(self.bounds).any(axis=1)]
        if len(located) == 0:
            return None
        low, high = located[:, :2].min(axis=0), located[:, 2:].max(axis=0)
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def layer_data(
    layer: Layer,
    version: Published,
    frame: Frame,
    crs: Crs,
    groups: Sequence[Group],
) -> LayerData:
    """Project a frame for drawing."""
    plane = from_crs84(frame.geometry, crs, axis="xy")
    bounds: FloatArray = shapely.bounds(plane).reshape(-1, 4)
    return LayerData(layer, *version, frame, plane, bounds, tuple(groups))


@dataclass(frozen=True, slots=True)
class Drawn:
    """A legend group of a layer with what of it lies in the frame, cut to it."""

    data: LayerData
    group: Group
    rows: NDArray[np.intp]
    shapes: ObjectArray
    #: Which of the shapes were cut; None where all are taken as they are.
    cut: NDArray[np.bool_] | None = None
    #: Dashed outlines: each shared border once, or dashes would fill their gaps.
    edges: ObjectArray = field(default_factory=lambda: np.empty(0, dtype=object))


@dataclass(frozen=True, slots=True)
class Focus:
    """The one feature a map is about (``fit=layer/id``)."""

    data: LayerData
    row: int
    shape: shapely.Geometry

    def name(self, lang: str) -> str:
        """Its name in a language, or in the other one, or its id."""
        order = ("name_zh", "name_en") if lang == "zh" else ("name_en", "name_zh")
        columns = (self.data.frame.columns.get(name) for name in order)
        names = (column[self.row] for column in columns if column is not None)
        return str(next((n for n in names if n), self.data.frame.ids[self.row]))

    @property
    def indicative(self) -> bool:
        """Whether its outline is only indicative."""
        evidence = self.data.frame.columns.get("evidence")
        return evidence is not None and evidence[self.row] == "indicative"
