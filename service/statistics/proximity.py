"""How much of each feature lies within a geodesic distance of another layer."""

from __future__ import annotations

from typing import Any

import numpy as np

from geo.frame import FloatArray, ObjectArray
from geo.overlap import COUNT, LENGTH, Laid, areas, lay, overlaps
from geo.parts import Rows, sum_by_row
from geo.proximity import Nearest, bands, catchments, dissolved, nearest
from geo.subdivision import subdivided
from geo.surface import Basis
from service.statistics.amounts import exact_sum, plain, share
from service.statistics.grouping import group_by
from service.statistics.overlap import beyond, shared
from service.statistics.provenance import Provenance, out_of_reach
from service.statistics.reading import Reading, surface_for


def proximity_statistics(
    one: Reading,
    to: Reading,
    *,
    distances: list[float],
    basis: Basis = "ellipsoidal",
    by: str | None = None,
    limit: int = 10_000,
) -> dict[str, Any]:
    """Per feature of A what lies within the last of ``distances`` of any feature of B
    (overlapping catchments are dissolved), its nearest feature, and with several
    distances the rings between them; ``by`` a field of B, the same per value."""
    question = _Question(one, to, basis)
    reach = question.within(dissolved(catchments(to.geometry, distances[-1])))
    rings = _rings(question, distances)
    groups = _groups(question, distances[-1], by, limit) if by else {}
    near = nearest(one.geometry[:limit], to.geometry)
    features = [
        question.feature(n, reach, near) | _ring_parts(question, n, rings)
        | ({"by": groups.get(n, [])} if by else {})
        for n in range(len(near.row))
    ]  # fmt: skip
    left_out = (
        *out_of_reach(one, question.a),
        *beyond(len(features), len(one.rows), one.layer.id, "features", "要素"),
    )
    return {
        "layer": one.layer.id,
        "to": to.layer.id,
        "distance_m": distances[-1],
        "by": by,
        **Provenance(basis, (one, to), left_out).as_json(),
        "features": features,
        "total": question.total(reach) | _ring_totals(question, rings),
    }


class _Question:
    """A laid once, asked of several regions."""

    def __init__(self, one: Reading, to: Reading, basis: Basis) -> None:
        self.one, self.to = one, to
        on = surface_for(basis, one.geometry, to.geometry)
        self.a: Laid = one.laid(on)
        self.dimension = self.a.dimension
        self.whole: FloatArray = self.a.amount
        self.ids, self.names = one.ids, one.column("name_zh")
        self.to_ids, self.to_names = to.ids, to.column("name_zh")

    def within(self, region: ObjectArray) -> FloatArray:
        """What of each row of A lies in the region, in its own measure. The parts of a
        dissolved region never overlap, so what they share with a row adds up."""
        row, _, amount = self._shared(region)
        return sum_by_row(row, amount, len(self.whole))

    def within_each(self, regions: list[ObjectArray]) -> tuple[Rows, FloatArray]:
        """What of each row lies in each region that it meets: cells, which number row
        by row the regions of each, and amounts."""
        owner = np.repeat(np.arange(len(regions)), [len(each) for each in regions])
        row, part, amount = self._shared(np.concatenate(regions))
        cell = row * len(regions) + owner[part]
        cells, index = np.unique(cell, return_inverse=True)
        return cells, sum_by_row(index, amount, len(cells))

    def _shared(self, region: ObjectArray) -> tuple[Rows, Rows, FloatArray]:
        """Rows of A, parts of the region and what they share, in the row's measure.
        Many catchments dissolve into one that runs through the whole city: a row is
        cut by the pieces beside it."""
        laid = lay(self.a.surface, region)
        pieces, part = subdivided(laid.geoms)
        found = overlaps(self.a, areas(self.a.surface, pieces))
        same = found.dimension == self.dimension[found.a]
        return found.a[same], part[found.b[same]], found.amount[same]

    def part(self, n: int, amount: float) -> dict[str, Any]:
        return {
            **shared(float(amount), int(self.dimension[n])),
            "share": share(amount, self.whole[n]),
        }

    def feature(self, n: int, reach: FloatArray, near: Nearest) -> dict[str, Any]:
        return {
            "id": self.ids[n],
            "name_zh": plain(self.names[n]),
            **self.part(n, reach[n]),
            "nearest": self._nearest(near.row[n], near.distance_m[n]),
        }

    def _nearest(self, row: int, distance: float) -> dict[str, Any] | None:
        if row < 0:
            return None
        return {
            "id": self.to_ids[row],
            "name_zh": plain(self.to_names[row]),
            "distance_m": plain(distance),
        }

    def total(self, amounts: FloatArray) -> dict[str, Any]:
        """Sums over the features, by kind; a share of what dominates the layer."""
        kind = {"line": LENGTH, "point": COUNT}.get(self.one.layer.geometry, 2)
        mine = self.dimension == kind
        part, whole = exact_sum(amounts[mine]), exact_sum(self.whole[mine])
        return {
            "features": len(self.whole),
            **shared(part, kind),
            "share": share(part, whole),
        }


_Rings = list[tuple[float, float, FloatArray]]


def _rings(question: _Question, distances: list[float]) -> _Rings:
    if len(distances) < 2:
        return []
    edges = distances if distances[0] == 0 else [0.0, *distances]
    regions = bands(question.to.geometry, edges)
    return [
        (inner, outer, question.within(region))
        for inner, outer, region in zip(edges[:-1], edges[1:], regions, strict=True)
    ]


def _ring_parts(question: _Question, n: int, rings: _Rings) -> dict[str, Any]:
    if not rings:
        return {}
    return {
        "rings": [
            {"from_m": inner, "to_m": outer, **question.part(n, amounts[n])}
            for inner, outer, amounts in rings
        ]
    }


def _ring_totals(question: _Question, rings: _Rings) -> dict[str, Any]:
    if not rings:
        return {}
    return {
        "rings": [
            {"from_m": inner, "to_m": outer, **question.total(amounts)}
            for inner, outer, amounts in rings
        ]
    }


def _groups(
    question: _Question, distance: float, by: str, limit: int
) -> dict[int, list[dict[str, Any]]]:
    """By feature of A (the first ``limit``), its parts near each value of a field of B.
    All values are asked at once: a field may have as many as B has features."""
    groups = group_by(question.to, by)
    near = catchments(question.to.geometry, distance)
    order = np.argsort(groups.index, kind="stable")
    starts = np.searchsorted(groups.index[order], np.arange(1, len(groups.keys)))
    regions = [dissolved(each) for each in np.split(near[order], starts)]
    cells, amounts = question.within_each(regions)
    found: dict[int, list[dict[str, Any]]] = {}
    listed = int(np.searchsorted(cells, limit * len(regions)))
    for cell, amount in zip(cells[:listed].tolist(), amounts.tolist(), strict=False):
        n, k = divmod(cell, len(regions))
        part = {**groups.label(k), **question.part(n, amount)}
        found.setdefault(n, []).append(part)
    return found
