"""What one drawn shape shares with the features of layers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, islice
from math import isnan
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.area import to_ha, to_mu
from geo.drawn import Drawn
from geo.frame import FloatArray
from geo.overlap import (
    AREA,
    COUNT,
    LENGTH,
    TOUCH,
    Dimensions,
    Laid,
    Pairs,
    coverage,
    lay,
    overlaps,
)
from geo.parts import Rows
from geo.patches import Patches, shared
from geo.stopping import step
from geo.surface import Surface
from layers.catalogue import Layer
from service.statistics.amounts import area_amounts, exact_sum
from service.statistics.goesby import GOES_BY
from service.statistics.overlap import beyond, repaired
from service.statistics.plate import SHOWN, OnPlate, Plate
from service.statistics.provenance import Omission, Provenance, Side
from service.statistics.reading import Reading

#: Degrees around a version's extent within which straight edges may still bend.
_BEND = 1e-3


@dataclass(frozen=True, slots=True)
class Cover:
    """whole = covered + uncovered + residual, each measured on its own, in m²."""

    covered: float
    uncovered: float
    double: float
    residual: float


@dataclass(frozen=True, slots=True)
class Share:
    """The features of one layer that the shape meets, in no order. ``column`` gives
    what is shown of some of them; ``rank`` is their place in the order of ids;
    ``whole`` is the amount of each itself, ``of`` the shape's."""

    side: Side
    column: Callable[[str, Rows], list[Any]]
    accuracy: Callable[[Rows], FloatArray]
    rank: NDArray[np.integer[Any]]
    dimension: Dimensions
    amount: FloatArray
    own_dimension: Dimensions
    whole: FloatArray
    of: tuple[int, float]
    touching: int
    repaired: int
    cover: Cover | None

    def omitted(self, limit: int) -> list[Omission]:
        """That the list was cut short, if it was."""
        count = len(self.amount)
        listed = min(count, limit)
        return beyond(listed, count, self.side.layer.id, "smaller shares", "较小重叠")

    def notes(self) -> list[dict[str, str]]:
        return [repaired(self.side.layer.id, self.repaired)] if self.repaired else []

    def as_json(self, features: list[dict[str, Any]]) -> dict[str, Any]:
        """With these features listed."""
        cover = self.cover
        return {
            "version": self.side.version,
            "evidence": Provenance("ellipsoidal", (self.side,)).evidence,
            "features": features,
            "total": self._total(),
            "touching": self.touching,
            "covered_m2": cover and cover.covered,
            "uncovered_m2": cover and cover.uncovered,
            "double_covered_m2": cover and cover.double,
            "residual_m2": cover and cover.residual,
        }

    def _total(self) -> dict[str, Any]:
        """Of every feature met, listed or not."""
        sums = [exact_sum(self.amount[self.dimension == kind]) for kind in (0, 1, 2)]
        return {
            "features": len(self.amount),
            **area_amounts(sums[AREA]),
            "length_m": sums[LENGTH],
            "count": int(sums[COUNT]),
        }

    def largest(self, limit: int) -> Rows:
        """Positions of the largest shares, in the order of ids."""
        rows: Rows = np.arange(len(self.amount))
        if len(rows) > limit:
            rows = self._candidates(limit)
            keys = self.rank[rows], -self.amount[rows], -self.dimension[rows]
            rows = rows[np.lexsort(keys)[:limit]]
        ordered: Rows = rows[np.argsort(self.rank[rows])]
        return ordered

    def _candidates(self, limit: int) -> Rows:
        """A few more than the ``limit`` largest: far fewer to put in order."""
        first = self.dimension == self.dimension.max()
        if (count := int(first.sum())) < limit:
            return np.arange(len(self.amount))
        least = np.partition(self.amount[first], count - limit)[count - limit]
        return np.flatnonzero(first & (self.amount >= least))


def listed(found: Sequence[Share], limit: int) -> list[list[dict[str, Any]]]:
    """The largest shares of each layer, in the order of ids. All are written at once:
    there are many layers of a few features."""
    rows = [share.largest(limit) for share in found]
    parts = list(zip(found, rows, strict=True))
    if not parts:
        return []

    def joined(column: Callable[[Share, Rows], Any]) -> NDArray[Any]:
        return np.concatenate([column(share, some) for share, some in parts])

    dimension = joined(lambda share, some: share.dimension[some])
    amount = joined(lambda share, some: share.amount[some])
    own = joined(lambda share, some: share.own_dimension[some])
    whole = joined(lambda share, some: share.whole[some])
    accuracy = joined(lambda share, some: share.accuracy(some))
    kind, of = np.array([share.of for share in found]).T.repeat(
        [len(some) for some in rows], axis=1
    )
    area = np.where(dimension == AREA, amount, 0.0)
    columns = [
        [text for share, some in parts for text in share.column(name, some)]
        for name in ("id", *SHOWN)
    ]
    columns += [
        [None if isnan(a) else a for a in accuracy.tolist()],
        area.tolist(),
        np.asarray(to_ha(area)).tolist(),
        np.asarray(to_mu(area)).tolist(),
        np.where(dimension == LENGTH, amount, 0.0).tolist(),
        np.where(dimension == COUNT, amount, 0).astype(int).tolist(),
        _parts(dimension, amount, kind, of),
        _parts(dimension, amount, own, whole),
    ]
    every = _features(zip(*columns, strict=True))
    return [list(islice(every, len(some))) for some in rows]


def _features(rows: Iterable[tuple[Any, ...]]) -> Iterator[dict[str, Any]]:
    """Written out: names put together with values would take three times as long."""
    for row in rows:
        id, zh, en, evidence, code, use, scheme, *measured = row
        accuracy, m2, ha, mu, length, count, geom, own = measured
        told = {
            "id": id,
            "name_zh": zh,
            "name_en": en,
            "evidence": evidence,
            "accuracy_m": accuracy,
            "area_m2": m2,
            "area_ha": ha,
            "area_mu": mu,
            "length_m": length,
            "count": count,
            "share_of_geometry": geom,
            "share_of_feature": own,
        }
        if code or use:
            told |= {
                n: v for n, v in zip(GOES_BY, (code, use, scheme), strict=True) if v
            }
        yield told


def shares(
    drawn: Drawn, shape: shapely.Geometry, layers: Sequence[Reading | Plate]
) -> list[Share]:
    """Of each layer, by its plate where there is one."""
    plates = [each for each in layers if isinstance(each, Plate)]
    by_plate = iter(_on_plates(drawn, shape, plates))
    return [
        next(by_plate) if isinstance(each, Plate) else _read(drawn, shape, each)
        for each in layers
    ]


def _read(drawn: Drawn, shape: shapely.Geometry, reading: Reading) -> Share:
    """By the features themselves."""
    step()
    near = reading.near(shape.bounds)
    a = lay(drawn.surface, np.array([shape], dtype=object))
    b = near.laid(drawn.surface)
    pairs = overlaps(a, b, threads=1)
    met, own, ids = near.narrowed(pairs.b), b.take(pairs.b), near.ids[pairs.b]

    def column(name: str, rows: Rows) -> list[Any]:
        values = ids if name == "id" else met.column(name)
        listed: list[Any] = values[rows].tolist()
        return listed

    return Share(
        met,
        column,
        lambda rows: met.accuracies[rows],
        met.rows,
        pairs.dimension,
        pairs.amount,
        own.dimension,
        own.amount,
        (drawn.dimension, drawn.amount),
        pairs.touching,
        int(own.repaired.sum()),
        _plain_cover(a, pairs) if _areal(drawn, reading.layer) else None,
    )


def _plain_cover(a: Laid, pairs: Pairs) -> Cover:
    cover = coverage(a, pairs, threads=1)
    parts = (cover.covered, cover.uncovered, cover.double, cover.residual)
    return Cover(*(float(part[0]) for part in parts))


def _on_plates(
    drawn: Drawn, shape: shapely.Geometry, plates: Sequence[Plate]
) -> list[Share]:
    """All that is cut for any layer is cut and measured together."""
    laid: dict[Surface, Drawn] = {drawn.surface: drawn}
    asked: dict[Surface, list[Patches]] = {}
    reached = [_reaches(plate, shape) for plate in plates]
    for plate in compress(plates, reached):
        on = laid.get(plate.surface) or Drawn(plate.surface, shape)
        laid[plate.surface] = on
        asked.setdefault(plate.surface, []).extend(_asked(plate, on))
    found = {on: iter(shared(laid[on], wanted)) for on, wanted in asked.items()}
    outside = _outside(laid, list(compress(plates, reached)))
    return [
        _share(plate, laid[plate.surface], found[plate.surface], outside)
        if met
        else _unmet(plate, drawn)
        for plate, met in zip(plates, reached, strict=True)
    ]


def _asked(plate: Plate, on: Drawn) -> list[Patches]:
    if not _areal(on, plate.layer):
        return [plate.features]
    ground = [plate.left] if plate.apart else [plate.left, plate.covered]
    return [plate.features, *ground]


def _outside(laid: dict[Surface, Drawn], plates: list[Plate]) -> dict[Plate, float]:
    """What of the shape lies beyond the box of the ground of each plate, in m²."""
    found: dict[Plate, float] = {}
    for surface, on in laid.items():
        mine = [p for p in plates if p.surface == surface and _areal(on, p.layer)]
        boxes = np.array([p.box or on.bounds for p in mine]).reshape(-1, 4)
        nowhere = [p.box is None for p in mine]
        beyond = np.where(nowhere, on.amount, on.beyond(boxes))
        found |= dict(zip(mine, beyond.tolist(), strict=True))
    return found


def _share(
    plate: Plate, on: Drawn, found: Any, outside: Mapping[Plate, float]
) -> Share:
    rows, amount = next(found)
    own = plate.features.dimension[rows]
    dimension = np.minimum(own, on.dimension)
    real = amount > TOUCH[dimension]
    cover = None
    if _areal(on, plate.layer):
        pieces = exact_sum(amount[dimension == AREA])
        uncovered = exact_sum(next(found)[1]) + outside[plate]
        covered = pieces if plate.apart else exact_sum(next(found)[1])
        residual = on.amount - covered - uncovered
        cover = Cover(covered, uncovered, max(pieces - covered, 0.0), residual)
    met = OnPlate(plate, rows[real])
    return Share(
        met,
        lambda name, some: plate.texts(name, met.rows[some]),
        lambda some: plate.accuracy[met.rows[some]],
        plate.rank[met.rows],
        dimension[real],
        amount[real],
        own[real],
        plate.features.amount[met.rows],
        (on.dimension, on.amount),
        int(len(rows) - real.sum()),
        int(plate.repaired[met.rows].sum()),
        cover,
    )


def _unmet(plate: Plate, drawn: Drawn) -> Share:
    """Of a layer that has nothing near."""
    none: Rows = np.zeros(0, dtype=np.intp)
    nothing = np.zeros(0)
    return Share(
        OnPlate(plate, none),
        lambda name, rows: [],
        lambda rows: nothing,
        none,
        none,
        nothing,
        none,
        nothing,
        (drawn.dimension, drawn.amount),
        0,
        0,
        Cover(0.0, drawn.amount, 0.0, 0.0) if _areal(drawn, plate.layer) else None,
    )


def _reaches(plate: Plate, shape: shapely.Geometry) -> bool:
    if plate.extent is None:
        return False
    west, south, east, north = shape.bounds
    left, low, right, high = plate.extent
    across = west <= right + _BEND and east >= left - _BEND
    return bool(across and south <= high + _BEND and north >= low - _BEND)


def _areal(drawn: Drawn, layer: Layer) -> bool:
    return drawn.dimension == AREA and layer.geometry in ("polygon", "any")


def _parts(
    dimension: Dimensions, amount: FloatArray, kind: NDArray[Any], whole: FloatArray
) -> list[float | None]:
    """Parts of wholes of the same dimension, None for the others."""
    same = (dimension == kind) & (whole > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        part = amount / whole
    return [p if s else None for p, s in zip(part.tolist(), same.tolist(), strict=True)]
