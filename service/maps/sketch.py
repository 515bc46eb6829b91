"""A shape that somebody drew, as it is laid on a map: measured, and of no layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import shapely

from geo.crs import Crs, from_crs84
from geo.frame import FloatArray
from geo.measures import measures
from service.errors import TooLarge
from service.maps.symbols import SELECTED, Symbol
from service.parameters import bad
from service.statistics.drawn import check_basis, shape_of

#: Characters of GeoJSON: some 4,000 corners, and what a file's own record can hold.
MAX_SHAPE = 100_000
#: Its tint on the map, and what that is on paper, for the legend.
TINT_OPACITY, TINT = 0.14, "#DDE5EA"
_KINDS = ("point", "line", "polygon")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A drawn shape in degrees and in metres of the map's plane."""

    degrees: shapely.Geometry
    plane: shapely.Geometry
    given_name: str
    measured: tuple[tuple[str, float], ...]

    @property
    def kind(self) -> str:
        """polygon | line | point."""
        return _KINDS[int(shapely.get_dimensions(self.plane))]

    @property
    def symbol(self) -> Symbol:
        """How it is drawn: in the ink of what is chosen, which no layer has."""
        fill = TINT if self.kind == "polygon" else None
        return Symbol(self.kind, fill, SELECTED, 2.6, radius=5.0)

    def name(self, lang: str) -> str:
        """As it was named, else what it is."""
        return self.given_name or ("绘制范围" if lang == "zh" else "Drawn shape")

    def measure(self, name: str) -> float:
        """``area_m2`` (ellipsoidal), ``area_plane_m2`` (EPSG:4547), ``length_m``."""
        return dict(self.measured)[name]


def sketched(text: str, name: str, crs: Crs) -> Sketch:
    """The shape of a GeoJSON text, or a refusal that says what is wrong with it."""
    shape = shape_of(_read(text))
    check_basis(shape, "plane")
    geometry = np.array([shape], dtype=object)
    plane = from_crs84(geometry, crs, axis="xy")[0]
    return Sketch(shape, plane, name, _measured(measures(geometry)))


def _measured(found: dict[str, FloatArray]) -> tuple[tuple[str, float], ...]:
    names = ("area_m2", "area_plane_m2", "length_m")
    return tuple((name, float(found[name][0])) for name in names)


def _read(text: str) -> Any:
    if len(text) > MAX_SHAPE:
        raise TooLarge(
            f"Parameter 'shape' has {len(text):,} characters; {MAX_SHAPE:,} fit on a"
            " map. Simplify it, or upload it as a layer.",
            f"参数“shape”有 {len(text):,} 个字符，图上最多容纳 {MAX_SHAPE:,} 个。"
            "请化简，或作为图层上传。",
            parameter="shape",
        )
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise bad(
            "shape",
            'must be GeoJSON in degrees, such as {"type":"Polygon","coordinates":[…]}',
            '须为以度书写的 GeoJSON，如 {"type":"Polygon","coordinates":[…]}',
        ) from None
