"""What the features of one layer share with those of another, and what is left over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

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
from geo.surface import Basis
from service.statistics.amounts import area_amounts, exact_sum, plain, share
from service.statistics.grouping import Groups, group_by
from service.statistics.provenance import Omission, Provenance
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
    pairs = meeting.grouped() if question.by else meeting.listed()
    uncovered = meeting.uncovered()
    left_out = (
        *_beyond(pairs, question.limit, other.layer.id, "pairs", "配对"),
        *_beyond(uncovered, question.limit, one.layer.id, "remainders", "剩余部分"),
    )
    head = Provenance(
        question.basis, meeting.readings, left_out, tuple(meeting.notes())
    )
    return {
        "layer": one.layer.id,
        "with": other.layer.id,
        "by": question.by,
        **head.as_json(),
        "pairs": pairs[: question.limit],
        "uncovered": uncovered[: question.limit],
        "total": meeting.total(),
    }


def _beyond(
    rows: Sequence[Any], limit: int, layer: str, what: str, what_zh: str
) -> list[Omission]:
    """That a list was cut short, if it was."""
    if len(rows) <= limit:
        return []
    return [
        Omission(
            layer,
            f"{what} beyond limit={limit}; totals count them",
            f"超过 limit={limit} 的{what_zh}未列出，合计已计入",
            len(rows) - limit,
        )
    ]


class _Meeting:
    """Two readings laid on one surface, their pairs and how A is covered."""

    def __init__(self, one: Reading, other: Reading, question: Question) -> None:
        self.same = one.layer.id == other.layer.id and one.version == other.version
        self.one, self.other = one, other.near(one.geometry)
        self.ids = one.ids
        self.question = question
        on = surface_for(question.basis, one.geometry, other.geometry)
        self.a: Laid = one.laid(on)
        self.b: Laid = self.other.laid(on)
        self.pairs: Pairs = _without_self(self) if self.same else overlaps(
            self.a, self.b
        )  # fmt: skip
        self.cover: Coverage = coverage(self.a, self.pairs)
        self.whole_a = self.cover.whole
        self.whole_b = self.b.amount
        self.width = np.full(len(self.pairs), np.nan)
        areal = self.pairs.dimension == AREA
        self.width[areal] = mean_width(on, self.pairs.piece[areal])
        self.sliver = self.width < question.tolerance_m

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The features that the figures are made of."""
        met = self.other.narrowed(np.unique(self.pairs.b))
        return (self.one,) if self.same else (self.one, met)

    def notes(self) -> list[dict[str, str]]:
        notes = []
        for reading, laid in ((self.one, self.a), (self.other, self.b)):
            if count := int(laid.repaired.sum()):
                notes.append(_repaired(reading.layer.id, count))
        return notes

    def listed(self) -> list[dict[str, Any]]:
        """One entry a pair."""
        pairs, ids = self.pairs, (self.ids, self.other.ids)
        names = (self.one.column("name_zh"), self.other.column("name_zh"))
        top = min(len(pairs), self.question.limit + 1)
        rows = [self._pair(n, ids, names) for n in range(top)]
        return rows + [{}] * (len(pairs) - top)

    def _pair(self, n: int, ids: Any, names: Any) -> dict[str, Any]:
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

    def grouped(self) -> list[dict[str, Any]]:
        """One entry a feature of A and a value of the field of B."""
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
        return [
            self._group(groups, names, int(each), n, sums) | {"pairs": int(count[n])}
            for n, each in enumerate(cells)
        ]

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

    def uncovered(self) -> list[dict[str, Any]]:
        """What the other layer leaves of each feature (of itself: not a question)."""
        if self.same:
            return []
        dimension = self.a.dimension
        floor = np.where(dimension == LENGTH, LISTED_ABOVE_M, LISTED_ABOVE_M2)
        names = self.one.column("name_zh")
        return [
            {
                "a": self.ids[a],
                "a_name_zh": plain(names[a]),
                **shared(float(self.cover.uncovered[a]), int(dimension[a])),
                "share_of_a": share(self.cover.uncovered[a], self.whole_a[a]),
            }
            for a in np.flatnonzero(self.cover.uncovered > floor)
        ]

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
    areas of A."""
    areal = a.dimension == AREA
    mine = areal[pairs.a] & (pairs.dimension == AREA)
    whole = exact_sum(cover.whole[areal])
    parts = exact_sum(pairs.amount[mine])
    double = exact_sum(cover.double[areal])
    left = exact_sum(cover.uncovered[areal])
    return {
        "whole_m2": whole,
        "pairs_m2": parts,
        "double_covered_m2": double,
        "uncovered_m2": left,
        "residual_m2": whole - (parts - double + left),
    }


def _repaired(layer: str, count: int) -> dict[str, str]:
    return {
        "code": "repaired",
        "en": f"{count} invalid geometries of {layer} were made valid before cutting",
        "zh": f"图层 {layer} 有 {count} 个无效几何，切割前已修复",
    }


def _without_self(meeting: _Meeting) -> Pairs:
    """Pairs within one layer: no feature with itself, and each pair once."""
    found = overlaps(meeting.a, meeting.b)
    row_a = meeting.one.rows[found.a]
    row_b = meeting.other.rows[found.b]
    keep = row_a < row_b
    return Pairs(
        found.a[keep],
        found.b[keep],
        found.dimension[keep],
        found.amount[keep],
        found.piece[keep],
        found.touching // 2,
        found.touching_m2 / 2,
    )
