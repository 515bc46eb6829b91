"""Where single rings cross, touch or double back on themselves, and which are none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray

CROSSES = "Self-intersection"
TOUCHES = "Ring Self-intersection"
DOUBLED = "Edges overlap"
SPIKE = "Spike"
TOO_FEW = "Too few points in geometry component"

#: Rings of up to so many edges are compared all with all, many rings at once.
_SMALL = 48
_PAIRS_AT_ONCE = 2_000_000
#: Edges asked about at once; few at first, for a scribble has millions of pairs.
_FIRST_STEP, _LARGEST_STEP = 32, 4096
#: A ring that meets itself more often is a scribble: nobody reads on.
MOST = 10_000
#: Adjacent edges lie on each other only where they turn back as sharply as this.
_FLAT = 1e-6
#: Decimals to which two places are the same.
_DECIMALS = 12

IntArray = NDArray[np.intp]
Pairs = tuple[IntArray, IntArray]


@dataclass(frozen=True, slots=True)
class RingFault:
    """One place of one ring."""

    ring: int
    reason: str
    place: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Edges:
    """All edges, ring after ring, points said twice left out; those of ring r are
    ``first[r]`` … ``first[r + 1] - 1``."""

    xy: FloatArray  # (m, 4): x0, y0, x1, y1
    ring: IntArray  # (m,)
    first: IntArray  # (rings + 1,)

    def lines(self, index: IntArray) -> ObjectArray:
        made: ObjectArray = shapely.linestrings(self.xy[index].reshape(-1, 2, 2))
        return made


def ring_faults(rings: ObjectArray) -> list[RingFault]:
    """Every place where a ring is not simple. rings: (n,) linear rings, any CRS."""
    edges = _edges(rings)
    sizes = np.diff(edges.first)
    few = np.flatnonzero(sizes < 3)
    starts = shapely.get_coordinates(shapely.get_point(rings[few], 0))
    faults = [
        RingFault(int(ring), TOO_FEW, _place(start))
        for ring, start in zip(few, starts, strict=True)
    ]
    spikes, spike_lines = _spikes(edges, sizes)
    left, right = _near(edges, sizes)
    shared = shapely.intersection(edges.lines(left), edges.lines(right))
    met = ~shapely.is_empty(shared)
    left, right, shared = left[met], right[met], shared[met]
    along = shapely.get_dimensions(shared) == 1
    doubled = [
        RingFault(int(edges.ring[edge]), DOUBLED, _middle(line))
        for edge, line in zip(left[along], shared[along], strict=True)
    ]
    lines = _by_ring(edges.ring[left[along]], shared[along], spike_lines)
    at = ~along
    points = _crossings(edges, left[at], right[at], shared[at], lines)
    return [*faults, *spikes, *doubled, *points]


def _edges(rings: ObjectArray) -> _Edges:
    points, ring = shapely.get_coordinates(rings, return_index=True)
    is_edge = (ring[1:] == ring[:-1]) & (points[1:] != points[:-1]).any(axis=1)
    xy = np.hstack([points[:-1], points[1:]])[is_edge]
    ring = ring[:-1][is_edge]
    return _Edges(xy, ring, np.searchsorted(ring, np.arange(len(rings) + 1)))


def _spikes(
    edges: _Edges, sizes: IntArray
) -> tuple[list[RingFault], list[tuple[int, shapely.Geometry]]]:
    """Tips where a ring goes back along the edge that it came by."""
    edge = np.arange(len(edges.ring))
    last = edge == edges.first[edges.ring + 1] - 1
    after = np.where(last, edges.first[edges.ring], edge + 1)
    way = edges.xy[:, 2:] - edges.xy[:, :2]
    then = way[after]
    cross = way[:, 0] * then[:, 1] - way[:, 1] * then[:, 0]
    length = np.hypot(*way.T) * np.hypot(*then.T)
    back = ((way * then).sum(axis=1) < 0) & (np.abs(cross) <= _FLAT * length)
    turns = np.flatnonzero(back & (sizes[edges.ring] > 2))
    shared = shapely.intersection(edges.lines(turns), edges.lines(after[turns]))
    along = shapely.get_dimensions(shared) == 1
    turns, shared = turns[along], shared[along]
    tips = edges.xy[turns, 2:]
    owners = edges.ring[turns].tolist()
    faults = [
        RingFault(ring, SPIKE, _place(tip))
        for ring, tip in zip(owners, tips, strict=True)
    ]
    return faults, list(zip(owners, shared, strict=True))


def _near(edges: _Edges, sizes: IntArray) -> Pairs:
    """Pairs of edges of one ring, not adjacent, whose boxes meet."""
    pairs = [*_small(edges, sizes), *_large(edges, sizes)]
    if not pairs:
        nothing = np.empty(0, dtype=np.intp)
        return nothing, nothing
    left, right = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return left, right


def _small(edges: _Edges, sizes: IntArray) -> Iterator[Pairs]:
    low = np.minimum(edges.xy[:, :2], edges.xy[:, 2:])
    high = np.maximum(edges.xy[:, :2], edges.xy[:, 2:])
    for size in np.unique(sizes[(sizes > 3) & (sizes <= _SMALL)]):
        a, b = np.triu_indices(size, k=2)
        apart = (a > 0) | (b < size - 1)  # the last edge is the first one's neighbour
        a, b = a[apart], b[apart]
        starts = edges.first[:-1][sizes == size]
        step = max(1, _PAIRS_AT_ONCE // len(a))
        for at in range(0, len(starts), step):
            some = starts[at : at + step, None]
            left, right = (some + a).ravel(), (some + b).ravel()
            near = (low[left] <= high[right]).all(axis=1)
            near &= (low[right] <= high[left]).all(axis=1)
            yield left[near], right[near]


def _large(edges: _Edges, sizes: IntArray) -> Iterator[Pairs]:
    for ring in np.flatnonzero(sizes > _SMALL):
        first, size = edges.first[ring], int(sizes[ring])
        lines = edges.lines(np.arange(first, first + size))
        for left, right in _meeting(lines):
            apart = (left + 1 < right) & ((left > 0) | (right < size - 1))
            yield left[apart] + first, right[apart] + first


def _meeting(lines: ObjectArray) -> Iterator[Pairs]:
    """Lines that intersect later ones, until there are too many to read."""
    tree = shapely.STRtree(lines)
    at, step, count = 0, _FIRST_STEP, 0
    while at < len(lines) and count < MOST:
        left, right = tree.query(lines[at : at + step], predicate="intersects")
        later = left + at < right - 1
        pairs = left[later][:MOST] + at, right[later][:MOST]
        yield pairs
        count += len(pairs[0])
        at, step = at + step, min(2 * step, _LARGEST_STEP)


def _crossings(
    edges: _Edges,
    left: IntArray,
    right: IntArray,
    shared: ObjectArray,
    lines: dict[int, list[shapely.Geometry]],
) -> list[RingFault]:
    """Points where edges meet, each once; those at the ends of doubled edges are told
    with them."""
    places = shapely.get_coordinates(shared)
    ends = np.hstack([edges.xy[left], edges.xy[right]]).reshape(-1, 4, 2)
    touches = (ends == places[:, None, :]).all(axis=2).any(axis=1)
    rings = edges.ring[left]
    seen: dict[tuple[int, float, float], RingFault] = {}
    rows = zip(rings.tolist(), places, shared, touches.tolist(), strict=True)
    for ring, place, point, touch in rows:
        if touch and any(_lies_on(point, line) for line in lines.get(ring, ())):
            continue
        x, y = np.round(place, _DECIMALS).tolist()
        reason = TOUCHES if touch else CROSSES
        seen.setdefault((ring, x, y), RingFault(ring, reason, _place(place)))
    return list(seen.values())


def _by_ring(
    rings: IntArray, lines: ObjectArray, more: list[tuple[int, shapely.Geometry]]
) -> dict[int, list[shapely.Geometry]]:
    result: dict[int, list[shapely.Geometry]] = {}
    for ring, line in [*zip(rings.tolist(), lines, strict=True), *more]:
        result.setdefault(ring, []).append(line)
    return result


def _lies_on(point: shapely.Geometry, line: shapely.Geometry) -> bool:
    return bool(shapely.distance(point, line) <= 10.0**-_DECIMALS)


def _middle(line: shapely.Geometry) -> tuple[float, float]:
    return _place(shapely.get_coordinates(line).mean(axis=0))


def _place(xy: FloatArray) -> tuple[float, float]:
    return float(xy[0]), float(xy[1])
