"""What the features of one layer share with those of another, and what is left over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from geo.doubled import self_overlaps
from geo.frame import FloatArray
from geo.overlap import (
    AREA,
    COUNT,
    LENGTH,
    Coverage,
    Laid,
    Pairs,
    coverage,
    mean_width,
    overlaps,
)
from geo.parts import sum_by_row
from geo.stopping import step
from geo.surface import Basis
from service.statistics.amounts import area_amounts, exact_sum, plain, share
from service.statistics.grouping import Groups, group_by
from service.statistics.provenance import Omission, Provenance, out_of_reach
from service.statistics.reading import Reading, surface_for

#: A square centimetre: a remainder below it is rounding and is not listed (though it
#: is in every total).
LISTED_ABOVE_M2 = 1e-4
LISTED_ABOVE_M = 1e-3


@dataclass(frozen=True, slots=True)
class Question:
    """How an overlap is to be told. ``tolerance_m``: narrower pieces are slivers,
    counted like any other and marked."""

    basis: Basis = "ellipsoidal"
    by: str | None = None
    tolerance_m: float = 0.1
    limit: int = 10_000


def overlap_statistics(
    one: Reading, other: Reading, question: Question
) -> dict[str, Any]:
    """``pairs``, ``uncovered`` and ``total``; with ``by``, pairs of a feature and a
    value of that field of the other layer."""
    meeting = _Meeting(one, other, question)
    pairs, pair_count = meeting.grouped() if question.by else meeting.listed()
    uncovered, left_count = meeting.uncovered()
    left_out = (
        *out_of_reach(one, meeting.a.dimension),
        *beyond(len(pairs), pair_count, other.layer.id, "pairs", "配对"),
        *beyond(len(uncovered), left_count, one.layer.id, "remainders", "剩余部分"),
    )
    head = Provenance(
        question.basis, meeting.readings, left_out, tuple(meeting.notes())
    )
    return {
        "layer": one.layer.id,
        "with": other.layer.id,
        "by": question.by,
        **head.as_json(),
        "pairs": pairs,
        "uncovered": uncovered,
        "total": meeting.total(),
    }


def beyond(
    listed: int, count: int, layer: str, what: str, what_zh: str
) -> list[Omission]:
    """That a list was cut short, if it was."""
    if count <= listed:
        return []
    return [
        Omission(
            layer,
            f"{what} beyond limit={listed}; totals count them",
            f"超过 limit={listed} 的{what_zh}未列出，合计已计入",
            count - listed,
        )
    ]


class _Meeting:
    """Two readings laid on one surface, their pairs and how A is covered."""

    def __init__(self, one: Reading, other: Reading, question: Question) -> None:
        self.same = one.layer.id == other.layer.id and one.version == other.version
        self.one, self.other = one, other.near(one.extent)
        self.ids = one.ids
        self.question = question
        on = surface_for(question.basis, one.bounds, other.bounds)
        self.a: Laid = one.laid(on)
        self.b: Laid = self.other.laid(on)
        self.pairs = self._pairs()
        self.cover: Coverage = coverage(self.a, self.pairs, self.b)
        self.whole_a = self.cover.whole
        self.whole_b = self.b.amount
        self.width = np.full(len(self.pairs), np.nan)
        areal = self.pairs.dimension == AREA
        self.width[areal] = mean_width(on, self.pairs.piece[areal])
        self.sliver = self.width < question.tolerance_m

    def _pairs(self) -> Pairs:
        """Within one layer each pair once, and no feature with itself."""
        if self.same and np.array_equal(self.one.rows, self.other.rows):
            return self_overlaps(self.a)
        found = overlaps(self.a, self.b)
        if not self.same:
            return found
        mine = self.one.rows[found.a] != self.other.rows[found.b]
        return found.take(mine)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The features that the figures are made of."""
        met = self.other.narrowed(np.unique(self.pairs.b))
        return (self.one,) if self.same else (self.one, met)

    def notes(self) -> list[dict[str, str]]:
        notes = []
        for reading, laid in ((self.one, self.a), (self.other, self.b)):
            if count := int(laid.repaired.sum()):
                notes.append(repaired(reading.layer.id, count))
        return notes

    def listed(self) -> tuple[list[dict[str, Any]], int]:
        """One entry a pair, as far as it is listed, and how many there are."""
        pairs, ids = self.pairs, (self.ids, self.other.ids)
        names = (self.one.column("name_zh"), self.other.column("name_zh"))
        top = min(len(pairs), self.question.limit)
        return [self._pair(n, ids, names) for n in range(top)], len(pairs)

    def _pair(self, n: int, ids: Any, names: Any) -> dict[str, Any]:
        step()
        a, b = self.pairs.a[n], self.pairs.b[n]
        amount = float(self.pairs.amount[n])
        dimension = int(self.pairs.dimension[n])
        return {
            "a": ids[0][a],
            "a_name_zh": plain(names[0][a]),
            "b": ids[1][b],
            "b_name_zh": plain(names[1][b]),
            **shared(amount, dimension),
            "share_of_a": self._share(amount, dimension, self.a, self.whole_a, a),
            "share_of_b": self._share(amount, dimension, self.b, self.whole_b, b),
            "symmetric_difference_m2": self._apart(amount, dimension, a, b),
            "mean_width_m": plain(self.width[n]),
            "sliver": bool(self.sliver[n]),
        }

    def _share(
        self, amount: float, dimension: int, laid: Laid, whole: FloatArray, row: int
    ) -> float | None:
        if laid.dimension[row] != dimension:
            return None
        return share(amount, whole[row])

    def _apart(self, amount: float, dimension: int, a: int, b: int) -> float | None:
        """What only one of two areas covers: 0 where both are the same ground."""
        if not self.a.dimension[a] == self.b.dimension[b] == dimension == AREA:
            return None
        return float(self.whole_a[a] + self.whole_b[b] - 2 * amount)

    def grouped(self) -> tuple[list[dict[str, Any]], int]:
        """One entry a feature of A and a value of the field of B, as far as it is
        listed, and how many there are."""
        groups = group_by(self.other, self.question.by)
        names = self.one.column("name_zh")
        key = groups.index[self.pairs.b]
        cell = self.pairs.a * len(groups.keys) + key
        cells, index, count = np.unique(cell, return_inverse=True, return_counts=True)
        sums = {
            kind: sum_by_row(
                index,
                np.where(self.pairs.dimension == kind, self.pairs.amount, 0.0),
                len(cells),
            )
            for kind in (AREA, LENGTH, COUNT)
        }
        rows = [
            self._group(groups, names, int(each), n, sums) | {"pairs": int(count[n])}
            for n, each in enumerate(cells[: self.question.limit])
        ]
        return rows, len(cells)

    def _group(
        self,
        groups: Groups,
        names: Any,
        cell: int,
        n: int,
        sums: dict[int, FloatArray],
    ) -> dict[str, Any]:
        a, position = divmod(cell, len(groups.keys))
        dimension = int(self.a.dimension[a])
        return {
            "a": self.ids[a],
            "a_name_zh": plain(names[a]),
            "b": None,
            **groups.label(position),
            **area_amounts(sums[AREA][n]),
            "length_m": float(sums[LENGTH][n]),
            "count": int(sums[COUNT][n]),
            "share_of_a": share(sums[dimension][n], self.whole_a[a]),
        }

    def uncovered(self) -> tuple[list[dict[str, Any]], int]:
        """What the other layer leaves of each feature (of itself: not a question), as
        far as it is listed, and how many there are."""
        if self.same:
            return [], 0
        dimension = self.a.dimension
        floor = np.where(dimension == LENGTH, LISTED_ABOVE_M, LISTED_ABOVE_M2)
        names = self.one.column("name_zh")
        found = np.flatnonzero(self.cover.uncovered > floor)
        rows = [
            {
                "a": self.ids[a],
                "a_name_zh": plain(names[a]),
                **shared(float(self.cover.uncovered[a]), int(dimension[a])),
                "share_of_a": share(self.cover.uncovered[a], self.whole_a[a]),
            }
            for a in found[: self.question.limit]
        ]
        return rows, len(found)

    def total(self) -> dict[str, Any]:
        """Sums over everything, listed or not, with the proof that they close."""
        pairs, kind = self.pairs, self.pairs.dimension
        area = exact_sum(pairs.amount[kind == AREA])
        slivers = self.sliver & (kind == AREA)
        return {
            "pairs": len(pairs),
            **area_amounts(area),
            "length_m": exact_sum(pairs.amount[kind == LENGTH]),
            "count": int(pairs.amount[kind == COUNT].sum()),
            "touching": pairs.touching,
            "touching_m2": pairs.touching_m2,
            "slivers": {
                "count": int(slivers.sum()),
                "area_m2": exact_sum(pairs.amount[slivers]),
                "tolerance_m": self.question.tolerance_m,
            },
            "closure": None if self.same else closure(self.a, self.cover, pairs),
        }


def shared(amount: float, dimension: int) -> dict[str, Any]:
    """An amount in the units of its dimension, 0 in the others."""
    return {
        **area_amounts(amount if dimension == AREA else 0.0),
        "length_m": amount if dimension == LENGTH else 0.0,
        "count": int(amount) if dimension == COUNT else 0,
    }


def closure(a: Laid, cover: Coverage, pairs: Pairs) -> dict[str, float]:
    """whole = pairs - double + uncovered + residual, each measured on its own, for the
    areas of A; for its lines too, if it has any."""
    areas = _closure(a, cover, pairs, AREA, "m2")
    if not (a.dimension == LENGTH).any():
        return areas
    return areas | _closure(a, cover, pairs, LENGTH, "m")


def _closure(
    a: Laid, cover: Coverage, pairs: Pairs, kind: int, unit: str
) -> dict[str, float]:
    rows = a.dimension == kind
    mine = rows[pairs.a] & (pairs.dimension == kind)
    whole = exact_sum(cover.whole[rows])
    parts = exact_sum(pairs.amount[mine])
    double = exact_sum(cover.double[rows])
    left = exact_sum(cover.uncovered[rows])
    return {
        f"whole_{unit}": whole,
        f"pairs_{unit}": parts,
        f"double_covered_{unit}": double,
        f"uncovered_{unit}": left,
        f"residual_{unit}": whole - (parts - double + left),
    }


def repaired(layer: str, count: int) -> dict[str, str]:
    return {
        "code": "repaired",
        "en": f"{count} invalid geometries of {layer} were made valid before cutting",
        "zh": f"图层 {layer} 有 {count} 个无效几何，切割前已修复",
    }
