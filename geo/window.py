"""What of a layer's shapes a single map tile shows, in the tile's own units."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.clip import clip_lines, clip_rings
from geo.frame import FloatArray
from geo.paths import Paths, areas
from geo.ragged import IntArray, offsets_of, sums, take

EXTENT = 4096
#: What a tile carries beyond its edges, so that outlines and symbols join up:
#: 4 pixels of a tile that is drawn 256 pixels wide.
BUFFER = 64
#: One such pixel. What is smaller both ways is drawn as a point.
PIXEL = EXTENT // 256

LOW, HIGH = -BUFFER, EXTENT + BUFFER
Index = NDArray[np.intp]


class Pieces(NamedTuple):
    """``n`` paths: points (2, c) int32 in tile units, (n + 1,) offsets into them, the
    feature of each, ascending, and whether it is not a hole."""

    xy: NDArray[np.int32]
    start: IntArray
    row: IntArray
    outer: NDArray[np.bool_]

    def some(self, kept: NDArray[np.bool_]) -> Pieces:
        """The paths that a mask keeps."""
        if kept.all():
            return self
        index = np.flatnonzero(kept)
        xy, lengths = take(self.xy, self.start, index)
        return Pieces(xy, offsets_of(lengths), self.row[index], self.outer[index])


class Window:
    """Tile ``x`` from the west and ``y`` from the north of 2**z each way."""

    def __init__(self, z: int, x: int, y: int) -> None:
        self._scale = float(EXTENT << z)
        self._origin = np.array([[x], [y]], dtype=np.float64) * EXTENT
        self._low = (self._origin + LOW) / self._scale
        self._high = (self._origin + HIGH) / self._scale

    def polygons(self, paths: Paths) -> tuple[list[Pieces], Pieces]:
        """Rings, those of whole features and those of cut ones, and points for what
        is too small to be a ring here."""
        seen, specks = self._seen(paths)
        inside, across = self._split(paths, seen)
        drawn = [_rounded(paths, inside, *self._local(paths, inside))]
        if len(across):
            cut = clip_rings(*self._local(paths, across), LOW, HIGH)
            drawn.append(_rounded(paths, across, *cut))
        sound = [_sound(_without_repeats(pieces, closed=True)) for pieces in drawn]
        return [rings for rings, _ in sound], merge(specks, *(s for _, s in sound))

    def lines(self, paths: Paths) -> tuple[list[Pieces], Pieces]:
        """Lines, likewise, and points for those that are too short to be lines."""
        seen, specks = self._seen(paths)
        inside, across = self._split(paths, seen)
        drawn = [_rounded(paths, inside, *self._local(paths, inside))]
        if len(across):
            xy, start, line = clip_lines(*self._local(paths, across), LOW, HIGH)
            drawn.append(_rounded(paths, across[line], xy, start))
        lines = [_without_repeats(pieces, closed=False) for pieces in drawn]
        return [line.some(np.diff(line.start) > 1) for line in lines], specks

    def points(self, paths: Paths) -> Pieces:
        """Points."""
        return self._centres(paths, self._touching(paths))

    def _seen(self, paths: Paths) -> tuple[Index, Pieces]:
        """The paths to draw as they are, and a point for each that is smaller."""
        found = self._touching(paths)
        west, north, east, south = paths.box.take(found, axis=1)
        small = np.maximum(east - west, south - north) * self._scale < PIXEL
        specks = found[small & paths.outer[found]]
        return found[~small], self._centres(paths, specks)

    def _touching(self, paths: Paths) -> Index:
        meets = paths.box[:2] <= self._high
        meets &= paths.box[2:] >= self._low
        return np.flatnonzero(meets[0] & meets[1])

    def _split(self, paths: Paths, index: Index) -> tuple[Index, Index]:
        """The paths of features that are whole here, and those of features that the
        tile's edge cuts."""
        box = paths.box.take(index, axis=1)
        out = ((box[:2] < self._low) | (box[2:] > self._high)).any(axis=0)
        cut = np.isin(paths.row[index], paths.row[index[out]])
        return index[~cut], index[cut]

    def _local(self, paths: Paths, index: Index) -> tuple[FloatArray, IntArray]:
        xy, lengths = take(paths.xy, paths.start, index)
        xy *= self._scale
        xy -= self._origin
        return xy, offsets_of(lengths)

    def _centres(self, paths: Paths, index: Index) -> Pieces:
        box = paths.box.take(index, axis=1)
        centre = (box[:2] + box[2:]) / 2 * self._scale - self._origin
        return _rounded(paths, index, centre, np.arange(len(index) + 1))


def merge(*some: Pieces) -> Pieces:
    """Points of several kinds, feature by feature."""
    row = np.concatenate([pieces.row for pieces in some])
    order = np.argsort(row, kind="stable")
    xy = np.concatenate([pieces.xy for pieces in some], axis=1).take(order, axis=1)
    return Pieces(xy, np.arange(len(row) + 1), row[order], np.ones_like(row, bool))


def _rounded(paths: Paths, index: Index, xy: FloatArray, start: IntArray) -> Pieces:
    whole = np.rint(xy).astype(np.int32)
    return Pieces(whole, start, paths.row[index], paths.outer[index])


def _without_repeats(pieces: Pieces, *, closed: bool) -> Pieces:
    """Drop points equal to the one before; in rings also a first one equal to the
    last."""
    (x, y), start = pieces.xy, pieces.start
    new = np.ones(len(x), dtype=bool)
    new[1:] = (x[1:] != x[:-1]) | (y[1:] != y[:-1])
    filled = np.flatnonzero(np.diff(start))
    first, last = start[filled], start[filled + 1] - 1
    new[first] = (x[first] != x[last]) | (y[first] != y[last]) if closed else True
    if new.all():
        return pieces
    lengths = sums(new, np.diff(start))
    return pieces._replace(
        xy=pieces.xy.compress(new, axis=1), start=offsets_of(lengths)
    )


def _sound(pieces: Pieces) -> tuple[Pieces, Pieces]:
    """The rings that still have an inside after rounding, turned as they should be,
    holes only with their outer ring; and a point for each outer ring that has not."""
    pieces = pieces.some(np.diff(pieces.start) > 0)
    area = areas(pieces.xy, pieces.start)
    sound = np.where(pieces.outer, area > 0, area < 0)
    shell = np.maximum.accumulate(np.where(pieces.outer, np.arange(len(sound)), 0))
    slivers = pieces.some(pieces.outer & ~sound)
    return pieces.some(sound & sound[shell]), _first_points_inside(slivers)


def _first_points_inside(pieces: Pieces) -> Pieces:
    """The first point of each path that is not merely where the tile cuts it."""
    inside = ((pieces.xy > LOW) & (pieces.xy < HIGH)).all(axis=0)
    path = np.repeat(np.arange(len(pieces.row)), np.diff(pieces.start))[inside]
    path, first = np.unique(path, return_index=True)
    start = np.arange(len(path) + 1)
    return Pieces(
        pieces.xy.compress(inside, axis=1).take(first, axis=1),
        start,
        pieces.row[path],
        pieces.outer[path],
    )
