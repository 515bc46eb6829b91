"""Where features of one layer lie on each other, and the ground they cover together."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely

from geo.frame import ObjectArray
from geo.neighbours import groups
from geo.overlap import AREA, Laid, Pairs, measure, measured, paired, unions
from geo.parts import Rows
from geo.threads import THREADS, threaded
from geo.union import dissolved, partition

#: Polygons that are proven apart together.
_GROUP = 1_000
#: Up to here the proof of 1e-12 is finer than what counts as touching.
_PROVABLE_M2 = 1e7


@dataclass(frozen=True, slots=True)
class Neighbourhoods:
    """Polygons that lie together, and what each group covers. ``group`` is a number
    for each row, the same for rows proven not to overlap each other; -1 where nothing
    is proven."""

    group: Rows
    union: ObjectArray


def neighbourhoods(laid: Laid, *, threads: int = THREADS) -> Neighbourhoods:
    """Where a union proves that nothing overlaps, no two rows need be compared."""
    found = np.full(len(laid.geoms), -1)
    areal = np.flatnonzero(laid.dimension == AREA)
    near = [areal[rows] for rows in groups(laid.geoms[areal], _GROUP)]
    ground = np.full(len(near), None, dtype=object)

    def prove(numbers: Rows) -> None:
        for n in numbers:
            rows = near[n]
            total = float(laid.amount[rows].sum())
            proven = partition(laid.surface, laid.geoms[rows], total)
            ground[n] = (
                shapely.union_all(laid.geoms[rows]) if proven is None else proven
            )
            if proven is not None and total <= _PROVABLE_M2:
                found[rows] = n

    list(threaded(prove, np.arange(len(near)), threads))
    return Neighbourhoods(found, ground)


def self_overlaps(
    laid: Laid, around: Neighbourhoods | None = None, *, threads: int = THREADS
) -> Pairs:
    """Every two rows that share something, each pair once (a < b). Rows of one
    neighbourhood need no more; others are told apart by their relation before anything
    is cut."""
    geoms = laid.geoms
    rows_a, rows_b = shapely.STRtree(geoms).query(geoms)
    once = rows_a < rows_b
    rows_a, rows_b = rows_a[once], rows_b[once]
    if around is None and len(geoms) > _GROUP:
        around = neighbourhoods(laid, threads=threads)
    group = np.full(len(geoms), -1) if around is None else around.group
    unsure = np.flatnonzero((group[rows_a] < 0) | (group[rows_a] != group[rows_b]))
    touching = len(rows_a) - len(unsure)
    rows_a, rows_b = rows_a[unsure], rows_b[unsure]

    def shared(rows: Rows) -> ObjectArray:
        a, b = geoms[rows_a[rows]], geoms[rows_b[rows]]
        piece = np.full(len(rows), None, dtype=object)
        real = shapely.relate_pattern(a, b, "T********")
        piece[real] = shapely.intersection(a[real], b[real])
        return piece

    piece = np.concatenate(list(threaded(shared, np.arange(len(rows_a)), threads)))
    dimension = np.minimum(laid.dimension[rows_a], laid.dimension[rows_b])
    amount = measured(laid.surface, piece, dimension, threads)
    found = paired(rows_a, rows_b, dimension, amount, piece)
    return replace(found, touching=found.touching + touching)


def ground_m2(
    laid: Laid, around: Neighbourhoods | None = None, *, threads: int = THREADS
) -> float:
    """The area that all polygons cover together, each spot counted once, in m²."""
    around = around or neighbourhoods(laid, threads=threads)
    whole = dissolved(laid.surface, around.union, threads=threads)
    return float(laid.surface.area(np.array([whole], dtype=object))[0])


def again_m2(
    laid: Laid, around: Neighbourhoods | None = None, *, threads: int = THREADS
) -> float:
    """The area that polygons cover again, in m²: where three lie on one spot, twice.
    Measured on what each shares with those before it, not as a difference of sums."""
    pairs = self_overlaps(laid, around, threads=threads)
    both = np.flatnonzero(pairs.dimension == AREA)
    both = both[np.argsort(pairs.b[both], kind="stable")]
    rows, pieces, amounts = pairs.b[both], pairs.piece[both], pairs.amount[both]
    union = unions(laid, rows, pieces, amounts, threads)
    areal = np.full(len(union), AREA)
    return float(measure(laid.surface, union, areal).sum()) + pairs.touching_m2
