"""How much of each feature lies within a geodesic distance of another layer."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import shapely

from geo.drawn import Drawn
from geo.frame import FloatArray, ObjectArray
from geo.overlap import COUNT, LENGTH, TOUCH, areas, lay, overlaps
from geo.parts import Rows, sum_by_row
from geo.patches import Patches
from geo.patches import shared as cut
from geo.proximity import bands, catchments, dissolved, nearest
from geo.stopping import step
from geo.subdivision import subdivided
from geo.surface import Basis
from service.statistics.amounts import amount_columns, exact_sum, plain_list, share
from service.statistics.goesby import goes_by
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
    question = _Question(one, to, basis, limit)
    reach = question.within(dissolved(catchments(to.geometry, distances[-1])))
    rings = _rings(question, distances)
    features = question.features(reach)
    if rings:
        _add_rings(features, question, rings)
    if by:
        _add_groups(features, question, distances[-1], by)
    left_out = (
        *out_of_reach(one, question.dimension),
        *beyond(len(features), len(one.rows), one.layer.id, "features", "要素"),
    )
    return {
        "layer": one.layer.id,
        "to": to.layer.id,
        "distance_m": distances[-1],
        "by": by,
        **Provenance(basis, (one, to), left_out, _of_itself(one, to)).as_json(),
        "features": features,
        "total": question.total(reach) | _ring_totals(question, rings),
    }


def _of_itself(one: Reading, to: Reading) -> tuple[dict[str, str], ...]:
    """That features are measured to themselves, if they are."""
    if one.layer.id != to.layer.id or one.version != to.version:
        return ()
    both = len(np.intersect1d(one.rows, to.rows))
    if both == 0:
        return ()
    note = {
        "code": "of_itself",
        "en": f"{both} features stand on both sides: each is 0 m from itself. Tell them"
        " apart with filter= and to-filter=",
        "zh": f"{both} 个要素同时在两侧，各自到自身为 0 米。请用 filter= 与 to-filter="
        " 区分",
    }
    return (note,)


class _Question:
    """A laid once, asked of several regions; the first ``limit`` rows are listed."""

    def __init__(self, one: Reading, to: Reading, basis: Basis, limit: int) -> None:
        self.one, self.to = one, to
        self.surface = surface_for(basis, one.bounds, to.bounds)
        self.dimension, self.whole = one.measured(self.surface)
        self.rows: Rows = np.arange(min(limit, len(self.whole)))

    @cached_property
    def _patches(self) -> tuple[Patches, Rows]:
        return self.one.patches(self.surface)

    def within(self, region: ObjectArray) -> FloatArray:
        """What of each row of A lies in the region (the parts of a dissolved one), in
        its own measure. What lies wholly inside or outside is not looked at."""
        step()
        amounts = np.zeros(len(self.whole))
        if len(region) == 0:
            return amounts
        patches, order = self._patches
        shape = Drawn(self.surface, shapely.multipolygons(region))
        ((rows, amount),) = cut(shape, [patches])
        real = amount > TOUCH[patches.dimension[rows]]
        amounts[order[rows[real]]] = amount[real]
        return amounts

    def within_each(self, regions: list[ObjectArray]) -> tuple[Rows, FloatArray]:
        """What of each row listed lies in each region that it meets: cells, which
        number row by row the regions of each, and amounts."""
        owner = np.repeat(np.arange(len(regions)), [len(each) for each in regions])
        laid = lay(self.surface, np.concatenate(regions))
        pieces, part = subdivided(laid.geoms)
        a = self.one.narrowed(self.rows).laid(self.surface)
        found = overlaps(a, areas(self.surface, pieces))
        found = found.take(found.dimension == self.dimension[found.a])
        cell = found.a * len(regions) + owner[part[found.b]]
        cells, index = np.unique(cell, return_inverse=True)
        return cells, sum_by_row(index, found.amount, len(cells))

    def parts(self, amounts: FloatArray) -> list[dict[str, Any]]:
        """Of each row listed, in every unit and as a share."""
        rows = self.rows
        return amount_columns(amounts[rows], self.dimension[rows], self.whole[rows])

    def part(self, n: int, amount: float) -> dict[str, Any]:
        return {
            **shared(float(amount), int(self.dimension[n])),
            "share": share(amount, self.whole[n]),
        }

    def features(self, reach: FloatArray) -> list[dict[str, Any]]:
        """Every row listed, with the nearest of the others."""
        listed = self.one.narrowed(self.rows)
        rows = zip(
            listed.ids.tolist(),
            plain_list(listed.column("name_zh")),
            goes_by(listed),
            self.parts(reach),
            self._nearest(listed),
            strict=True,
        )
        return [
            {"id": id, "name_zh": name, **known, **part, "nearest": near}
            for id, name, known, part, near in rows
        ]

    def _nearest(self, listed: Reading) -> list[dict[str, Any] | None]:
        step()
        near = nearest(listed.geometry, self.to.geometry)
        names = plain_list(self.to.column("name_zh"))
        others = list(zip(self.to.ids.tolist(), names, strict=True))
        return [
            None
            if row < 0
            else {
                "id": others[row][0],
                "name_zh": others[row][1],
                "distance_m": distance,
            }
            for row, distance in zip(
                near.row.tolist(), near.distance_m.tolist(), strict=True
            )
        ]

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


def _add_rings(
    features: list[dict[str, Any]], question: _Question, rings: _Rings
) -> None:
    by_ring = [
        [{"from_m": inner, "to_m": outer, **part} for part in question.parts(amounts)]
        for inner, outer, amounts in rings
    ]
    for feature, parts in zip(features, zip(*by_ring, strict=True), strict=True):
        feature["rings"] = list(parts)


def _ring_totals(question: _Question, rings: _Rings) -> dict[str, Any]:
    if not rings:
        return {}
    return {
        "rings": [
            {"from_m": inner, "to_m": outer, **question.total(amounts)}
            for inner, outer, amounts in rings
        ]
    }


def _add_groups(
    features: list[dict[str, Any]], question: _Question, distance: float, by: str
) -> None:
    """To each feature its parts near each value of a field of B. All values are asked
    at once: a field may have as many as B has features."""
    groups = group_by(question.to, by)
    near = catchments(question.to.geometry, distance)
    order = np.argsort(groups.index, kind="stable")
    starts = np.searchsorted(groups.index[order], np.arange(1, len(groups.keys)))
    regions = [dissolved(each) for each in np.split(near[order], starts)]
    for feature in features:
        feature["by"] = []
    cells, amounts = question.within_each(regions)
    for cell, amount in zip(cells.tolist(), amounts.tolist(), strict=True):
        n, k = divmod(cell, len(regions))
        features[n]["by"].append({**groups.label(k), **question.part(n, amount)})
