"""Mapbox Vector Tiles 2.1, a whole tile at a time with NumPy.

Format: https://github.com/mapbox/vector-tile-spec/tree/master/2.1
Nothing is lost on the way out without a trace: a polygon or line smaller than a pixel
becomes a point in its place, with the same properties.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo import varint
from geo.frame import Frame
from geo.paths import (
    Paths,
    from_square,
    line_paths,
    point_paths,
    polygon_paths,
    to_square,
)
from geo.ragged import ByteArray, IntArray, Ragged, interleave, offsets_of, sums
from geo.tags import Tags, field
from geo.window import BUFFER, EXTENT, PIXEL, Pieces, Window, merge

MAX_ZOOM = 22

POINT, LINE, POLYGON = 1, 2, 3  # the format's geometry types
MOVE_TO, LINE_TO, CLOSE_PATH = 1, 2, 7  # its commands

#: Fields: a tile's layer; a layer's name, feature, extent and version; a feature's
#: tags, type and geometry.
LAYER, NAME, EXTENT_FIELD, VERSION = b"\x1a", b"\x0a", b"\x28", b"\x78\x02"
FEATURE, TAGS, TYPE, GEOMETRY = 0x12, 0x12, 0x18, 0x22


@dataclass(frozen=True, slots=True)
class TileSource:
    """One version of a layer, prepared once to cut any number of tiles from."""

    name: str
    polygons: Paths
    lines: Paths
    points: Paths
    tags: Tags

    @classmethod
    def of(cls, name: str, frame: Frame) -> TileSource:
        """``frame.columns`` are the properties that the tiles' features carry, beside
        ``id``."""
        return cls(
            name,
            polygon_paths(frame.geometry),
            line_paths(frame.geometry),
            point_paths(frame.geometry),
            Tags.of({"id": frame.ids, **frame.columns}),
        )

    def __len__(self) -> int:
        return len(self.tags.index)


def bounds(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east, north (degrees) of all that a tile shows, its buffer and what
    is drawn as a point there included."""
    spare = (BUFFER + 2 * PIXEL) / EXTENT
    low, high = np.array([x, y]) - spare, np.array([x, y]) + 1 + spare
    (west, east), (north, south) = from_square(np.column_stack((low, high)) / 2**z)
    return float(west), float(south), float(east), float(north)


def covering(box: tuple[float, float, float, float], z: int) -> tuple[range, range]:
    """Columns and rows of the tiles that a box (degrees) lies in."""
    west, south, east, north = box
    corners = to_square(np.array([[west, north], [east, south]])) * 2**z
    (left, right), (top, bottom) = np.clip(corners, 0, 2**z - 1).astype(int).tolist()
    return range(left, right + 1), range(top, bottom + 1)


class Block(NamedTuple):
    """The features of one geometry type: their rows, and their geometries' bytes."""

    kind: int
    row: IntArray
    geometry: Ragged


def encode_tile(source: TileSource, z: int, x: int, y: int) -> bytes:
    """The tile's bytes; none at all where there is nothing to show.

    ``x`` counts from the west and ``y`` from the north, 0 … 2**z - 1. The one layer
    inside has the source's name. A feature of mixed geometry types, or one that is
    partly too small to see, is there once per type.
    """
    window = Window(z, x, y)
    polygons, specks = window.polygons(source.polygons)
    lines, dots = window.lines(source.lines)
    points = merge(window.points(source.points), specks, dots)
    drawn = ((POLYGON, polygons), (LINE, lines), (POINT, [points]))
    blocks = [
        _block(kind, pieces)
        for kind, several in drawn
        for pieces in several
        if len(pieces.row)
    ]
    return field(LAYER, _layer(source, blocks)) if blocks else b""


def _layer(source: TileSource, blocks: list[Block]) -> bytes:
    tags, values = source.tags.take(np.concatenate([block.row for block in blocks]))
    name = field(NAME, source.name.encode())
    extent = EXTENT_FIELD + varint.encode_one(EXTENT)
    features = _features(blocks, tags).tobytes()
    return VERSION + name + features + source.tags.keys + values + extent


def _features(blocks: list[Block], tags: Ragged) -> ByteArray:
    """All feature messages, each with its field number and length before it."""
    kind = np.repeat([b.kind for b in blocks], [len(b.row) for b in blocks])
    flat = np.concatenate([block.geometry[0] for block in blocks])
    sizes = np.concatenate([block.geometry[1] for block in blocks])
    tag_size, size = varint.encode(tags[1]), varint.encode(sizes)
    length = 4 + tag_size[1] + tags[1] + size[1] + sizes
    one = np.ones_like(kind)
    return interleave(
        [
            (FEATURE * one, one),
            varint.encode(length),
            (TAGS * one, one),
            tag_size,
            tags,
            (TYPE * one, one),
            (kind, one),
            (GEOMETRY * one, one),
            size,
            (flat, sizes),
        ]
    )


def _block(kind: int, pieces: Pieces) -> Block:
    first = np.flatnonzero(np.diff(pieces.row, prepend=-1))
    begins = pieces.start[first]
    row = pieces.row[first]
    if kind == POINT:  # all points of a feature share one command
        pieces = pieces._replace(start=np.append(first, len(pieces.row)))
        first = np.arange(len(row))
    commands, at = _commands(kind, pieces, begins)
    flat, size = varint.encode(commands)
    per_feature = np.diff(np.append(at[first], len(commands)))
    return Block(kind, row, (flat, sums(size, per_feature)))


def _commands(
    kind: int, pieces: Pieces, begins: IntArray
) -> tuple[NDArray[np.int32], IntArray]:
    """The drawing commands of all paths, and where each path's start; the pen is
    back at the origin at the points ``begins``."""
    count = np.diff(pieces.start)
    spare = {POINT: 1, LINE: 2, POLYGON: 3}[kind]
    at = offsets_of(2 * count + spare)
    nth = np.arange(pieces.xy.shape[1]) - np.repeat(pieces.start[:-1], count)
    place = np.repeat(at[:-1], count) + 1 + 2 * nth + ((nth > 0) & (kind != POINT))
    moves = np.diff(pieces.xy, axis=1, prepend=0)
    moves[:, begins] = pieces.xy[:, begins]
    out = np.empty(int(at[-1]), dtype=np.int32)
    out[place], out[place + 1] = varint.zigzag(moves)
    out[at[:-1]] = MOVE_TO | (count if kind == POINT else 1) << 3
    if kind != POINT:
        out[at[:-1] + 3] = LINE_TO | (count - 1) << 3
    if kind == POLYGON:
        out[at[1:] - 1] = CLOSE_PATH | 1 << 3
    return out, at[:-1]
