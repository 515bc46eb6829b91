"""A version laid out to be asked of any shape: on one surface, in one mapped file.

What a shape meets is found from boxes, what lies wholly inside is summed from stored
amounts, and what the layer covers of the shape and what it leaves is measured on the
ground that its features cover together, prepared once. Nothing is read that lies away
from the outline of the shape.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray
from geo.ground import ground
from geo.overlap import AREA, lay
from geo.parts import Rows, extent
from geo.patches import Patches, along_curve
from geo.surface import Basis, Gnomonic, Surface, surface
from layers.catalogue import Layer
from service.mapped import Arrays, Texts
from service.snapshots import Snapshot
from service.statistics.goesby import GOES_BY
from service.statistics.reading import surface_for

#: Part of the file's name: another release may lay versions out in another way.
FORM = 5
#: What is listed of each feature beside its amounts.
SHOWN = ("name_zh", "name_en", "evidence", *GOES_BY)
#: Less than this is what rounding makes of common borders: a hundredth of a cm².
_APART_M2 = 1e-6
_PATCHES = ("features", "covered", "left")


class Plate:
    """Rows stand along a curve; ``rank`` is their place in the order of ids."""

    def __init__(self, layer: Layer, arrays: Arrays, facts: dict[str, Any]) -> None:
        self.layer = layer
        self.version: int = facts["version"]
        self.surface: Surface = surface(facts["basis"], tuple(facts["near"]))
        #: Features that no surface holds together with the others.
        self.lost: int = facts["lost"]
        #: west, south, east, north of the ground, on the surface and in degrees.
        self.box: list[float] | None = facts["box"]
        self.extent: list[float] | None = facts["extent"]
        self.features, self.covered, self.left = (
            _patches(arrays, name) for name in _PATCHES
        )
        #: That no two features share ground: what they cover is what they sum to.
        self.apart: bool = facts["apart"]
        self.rank: NDArray[np.int32] = arrays["rank"]
        self.evidence_rank: NDArray[np.uint8] = arrays["evidence_rank"]
        self.accuracy: FloatArray = arrays["accuracy"]
        self.repaired: NDArray[np.uint8] = arrays["repaired"]
        self._texts = {
            name: Texts(arrays[f"{name}.ends"], arrays[f"{name}.text"])
            for name in ("id", *SHOWN)
        }

    def is_of(self, ids: list[str]) -> bool:
        """Whether these are the ids of its rows, in the order that ``rank`` tells."""
        if len(ids) != len(self.rank):
            return False
        return self._texts["id"].are([ids[row] for row in self.rank.tolist()])

    def texts(self, name: str, rows: Rows) -> list[str | None]:
        """``id`` or one of ``SHOWN``."""
        return self._texts[name].take(rows)


def _patches(arrays: Arrays, name: str) -> Patches:
    return Patches(
        arrays[f"{name}.sides"],
        arrays[f"{name}.dimension"],
        arrays[f"{name}.amount"],
        arrays[f"{name}.ends"],
        arrays[f"{name}.wkb"].data,
    )


class OnPlate:
    """Features of a plate that a figure rests on."""

    def __init__(self, plate: Plate, rows: Rows) -> None:
        self.plate, self.rows = plate, rows
        self.layer: Layer = plate.layer
        self.version: int = plate.version
        #: A feature without a geometry is met by nothing.
        self.unlocated = 0

    @cached_property
    def evidence_ranks(self) -> NDArray[np.uint8]:
        return self.plate.evidence_rank[self.rows]

    @cached_property
    def accuracies(self) -> FloatArray:
        return self.plate.accuracy[self.rows]


def laid_out(
    layer: Layer, snapshot: Snapshot, basis: Basis
) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
    """The arrays and facts of a version's plate."""
    frame = snapshot.frame
    on = surface_for(basis, frame.bounds)
    laid = lay(on, frame.geometry)
    order = along_curve(shapely.bounds(laid.geoms).reshape(-1, 4).T)
    laid = laid.take(order)
    patches = dict(zip(_PATCHES, (Patches.of(laid), *ground(laid)), strict=True))
    columns = {name: frame.columns.get(name) for name in SHOWN}
    nothing = np.full(len(frame), None, dtype=object)
    texts = {
        name: Texts.of((nothing if values is None else values)[order].tolist())
        for name, values in {"id": frame.ids, **columns}.items()
    }
    made = [(n, part) for n, each in patches.items() for part in each.arrays().items()]
    arrays = {
        **{f"{name}.{part}": array for name, (part, array) in made},
        **{f"{name}.ends": each.ends for name, each in texts.items()},
        **{f"{name}.text": each.text for name, each in texts.items()},
        "rank": order.astype(np.int32),
        "evidence_rank": snapshot.evidence_ranks[order],
        "accuracy": snapshot.accuracies[order],
        "repaired": laid.repaired.astype(np.uint8),
    }
    lost = (laid.dimension < 0) & ~shapely.is_missing(frame.geometry[order])
    areas = laid.amount[laid.dimension == AREA].sum()
    facts = {
        "apart": bool(areas - patches["covered"].amount.sum() < _APART_M2),
        "version": snapshot.version,
        "basis": basis,
        "near": (on.lon, on.lat) if isinstance(on, Gnomonic) else (0, 0),
        "lost": int(lost.sum()),
        "box": patches["covered"].extent,
        "extent": extent(frame.geometry),
    }
    return arrays, facts
