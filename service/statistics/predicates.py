"""What a rule can demand, and where the demand is not met.

Each predicate yields one finding for every feature that fails it (or cannot be asked).
Whether a failure is a violation or a matter of judgement is decided in ``checks``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import shapely

from geo.doubled import self_overlaps
from geo.overlap import (
    AREA,
    COUNT,
    LENGTH,
    TOUCH,
    Laid,
    Pairs,
    coverage,
    mean_width,
    overlaps,
)
from geo.proximity import nearest
from geo.surface import Basis
from service.statistics.amounts import AREA_COLUMN, plain
from service.statistics.reading import Reading, surface_for
from service.statistics.rules import Rule

Measure = Literal["area_m2", "length_m", "count", "distance_m"]
_MEASURES: Mapping[int, Measure] = {AREA: "area_m2", LENGTH: "length_m", COUNT: "count"}


@dataclass(frozen=True, slots=True)
class Finding:
    """A feature that fails. ``amount`` is what ``measure`` says: m², m of line, points
    or metres too far; ``conflict`` is in CRS84; ``other`` a row of the other layer."""

    row: int
    why_zh: str
    why_en: str
    amount: float = 0.0
    measure: Measure = "area_m2"
    width_m: float | None = None
    conflict: shapely.Geometry | None = None
    other: int | None = None
    #: Nothing could be measured: no geometry, no value.
    open: bool = False


Findings = Iterator[Finding]
_SHAVED_M = 0.001


def apart(rule: Rule, one: Reading, other: Reading, basis: Basis) -> Findings:
    """No two features share ground."""
    laid = one.laid(surface_for(basis, one.bounds))
    pairs = self_overlaps(laid)
    for n in range(len(pairs)):
        yield _shared(laid, pairs, n, "与另一要素重叠", "overlaps another feature")


def clear_of(rule: Rule, one: Reading, other: Reading, basis: Basis) -> Findings:
    """No feature shares anything with the other layer."""
    yield from _meeting(
        one, other, basis, "与不应重叠的要素重叠", "overlaps what it must not"
    )


def apart_from_published(one: Reading, other: Reading, basis: Basis) -> Findings:
    """What is proposed shares no ground with what is published beside it."""
    yield from _meeting(
        one, other, basis, "与已发布的要素重叠", "overlaps a published feature"
    )


def _meeting(
    one: Reading, other: Reading, basis: Basis, why_zh: str, why_en: str
) -> Findings:
    on = surface_for(basis, one.bounds)
    laid = one.laid(on)
    pairs = overlaps(laid, other.laid(on))
    for n in range(len(pairs)):
        yield _shared(laid, pairs, n, why_zh, why_en)


def within(rule: Rule, one: Reading, other: Reading, basis: Basis) -> Findings:
    """Every feature lies inside the other layer as a whole."""
    yield from _left_over(
        one, other, basis, "越出应在的范围", "reaches outside what should hold it"
    )


def tiled_by(rule: Rule, one: Reading, other: Reading, basis: Basis) -> Findings:
    """The other layer covers every feature wholly, and none of it twice."""
    yield from _left_over(one, other, basis, "有未被覆盖的缝隙", "has a gap")
    on = surface_for(basis, one.bounds)
    laid = one.laid(on)
    cover = coverage(laid, overlaps(laid, other.laid(on)))
    for row in np.flatnonzero(cover.double > TOUCH[AREA]):
        yield Finding(
            int(row), "被重复覆盖", "is covered twice", float(cover.double[row])
        )


def area_equals(rule: Rule, one: Reading, other: Reading, basis: Basis) -> Findings:
    """The area is the one that a field states (in 亩)."""
    stated = one.column(rule.field or "").astype(np.float64) * 2000 / 3
    measured = one.column(AREA_COLUMN[basis]).astype(np.float64)
    for row in np.flatnonzero(np.isfinite(stated)):
        off = measured[row] - stated[row]
        if not abs(off) <= rule.tolerance_m2:
            yield Finding(
                int(row),
                f"量得 {measured[row]:,.2f} ㎡，文件载 {stated[row]:,.2f} ㎡",
                f"measures {measured[row]:,.2f} m², stated {stated[row]:,.2f} m²",
                amount=float(abs(np.nan_to_num(off))),
                open=bool(np.isnan(off)),
            )


def in_parent(rule: Rule, one: Reading, other: Reading, basis: Basis) -> Findings:
    """A feature filed under one of the other layer lies in it."""
    place = {id: row for row, id in enumerate(other.ids)}
    here, there = one.geometry, other.geometry
    for row, parent in enumerate(one.column("parent")):
        if parent not in place:
            continue
        home = place[parent]
        if here[row] is None:
            yield Finding(row, "无几何，无法判断", "has no geometry", open=True)
        elif not shapely.intersects(here[row], there[home]):
            off = nearest(here[row : row + 1], there[home : home + 1]).distance_m[0]
            yield Finding(
                row,
                f"距所列组团 {off:,.0f} 米",
                f"is {off:,.0f} m from where it is filed",
                amount=float(off),
                measure="distance_m",
                width_m=float(off),
                conflict=here[row],
                other=home,
            )


def near(rule: Rule, one: Reading, other: Reading, basis: Basis) -> Findings:
    """Every feature has one of the other layer within a distance."""
    found = nearest(one.geometry, other.geometry)
    for row, (home, off) in enumerate(zip(found.row, found.distance_m, strict=True)):
        if home < 0:
            yield Finding(row, "无几何，无法判断", "has no geometry", open=True)
        elif off > rule.distance_m:
            yield Finding(
                row,
                f"最近者在 {off:,.0f} 米外",
                f"the nearest is {off:,.0f} m away",
                amount=float(off - rule.distance_m),
                measure="distance_m",
                width_m=float(off - rule.distance_m),
                other=int(home),
            )


def _left_over(
    one: Reading, other: Reading, basis: Basis, why_zh: str, why_en: str
) -> Findings:
    on = surface_for(basis, one.bounds)
    laid = one.laid(on)
    cover = coverage(laid, overlaps(laid, other.laid(on)))
    width = _widest(laid, cover.left)
    for row in np.flatnonzero(cover.uncovered > TOUCH[laid.dimension]):
        yield Finding(
            int(row),
            why_zh,
            why_en,
            amount=float(cover.uncovered[row]),
            measure=_MEASURES[int(laid.dimension[row])],
            width_m=plain(width[row]),
            conflict=on.lift(cover.left[row : row + 1])[0],
        )
    for row in np.flatnonzero(one.missing):
        yield Finding(int(row), "无几何，无法判断", "has no geometry", open=True)


def _widest(laid: Laid, left: Any) -> Any:
    """The mean width of the widest part of each remainder, in metres. Spikes that
    rounding leaves along a common border are shaved off first: they have a length but
    no width."""
    width = np.full(len(left), np.nan)
    areal = laid.dimension == AREA
    shaved = shapely.buffer(left[areal], -_SHAVED_M, join_style="mitre")
    opened = shapely.buffer(shaved, _SHAVED_M, join_style="mitre")
    parts, rows = shapely.get_parts(opened, return_index=True)
    widest = np.zeros(len(opened))
    np.fmax.at(widest, rows, mean_width(laid.surface, parts))
    width[areal] = widest
    return width


def _shared(laid: Laid, pairs: Pairs, n: int, why_zh: str, why_en: str) -> Finding:
    piece = pairs.piece[n : n + 1]
    areal = pairs.dimension[n] == AREA
    return Finding(
        int(pairs.a[n]),
        why_zh,
        why_en,
        amount=float(pairs.amount[n]),
        measure=_MEASURES[int(pairs.dimension[n])],
        width_m=plain(mean_width(laid.surface, piece)[0]) if areal else None,
        conflict=laid.surface.lift(piece)[0],
        other=int(pairs.b[n]),
    )


PREDICATES: Mapping[str, Callable[[Rule, Reading, Reading, Basis], Findings]] = {
    "apart": apart,
    "clear_of": clear_of,
    "within": within,
    "tiled_by": tiled_by,
    "area_equals": area_equals,
    "in_parent": in_parent,
    "near": near,
}
