"""Filling an R-tree whole: its nodes are written as SQLite itself would store them.

Entry by entry, SQLite puts some 35,000 boxes a second into an R-tree; packed level
by level from boxes in spatial order, a million take a second, and the tree is
tighter. The format is in SQLite's documentation, "The SQLite R*Tree Module", 5:
a node is the tree's depth (root only) and its cell count as 16-bit integers, then
cells of a 64-bit id and 32-bit floats, big-endian, zero-filled to a fixed length.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import orjson
from numpy.typing import NDArray

from geo.frame import FloatArray
from service.stores.database import Database, quoted

#: Part of a node that is filled, so that later entries do not split every node.
FILL = 0.9
ROOT = 1
CELL = np.dtype([("id", ">i8"), ("sides", ">f4", (6,))])
#: A node's number beside an entry's, in one 64-bit integer.
NODE_BITS = 24
LINKED_AT_ONCE = 100_000
NUMBERS = orjson.OPT_SERIALIZE_NUMPY
Ids = NDArray[np.int64]


def fill_rtree(db: Database, name: str, ids: Ids, sides: FloatArray) -> None:
    """Replace a three-dimensional R-tree's content. ``sides`` are (n, 6): least and
    greatest along each dimension, in spatial order."""
    node_bytes = _node_bytes(db, name)
    per_node = int((node_bytes - 4) // CELL.itemsize * FILL)
    cells, depth, next_node = _cells(ids, sides), 0, ROOT + 1
    _clear(db, name)
    while len(cells) > per_node:
        nodes = next_node + np.arange(-(-len(cells) // per_node))
        owners = np.repeat(nodes, per_node)[: len(cells)]
        _link(db, name, depth, cells["id"], owners)
        _store(db, name, nodes, _blobs(cells, per_node, node_bytes))
        cells = _parents(nodes, cells["sides"], per_node)
        depth, next_node = depth + 1, int(nodes[-1]) + 1
    _link(db, name, depth, cells["id"], np.full(len(cells), ROOT))
    (root,) = _blobs(cells, max(len(cells), 1), node_bytes)
    root = depth.to_bytes(2, "big") + root[2:]
    _store(db, name, np.array([ROOT]), [root])


def _cells(ids: Ids, sides: FloatArray) -> NDArray[Any]:
    """Leaf cells; 32-bit sides never lie inside the 64-bit ones."""
    cells = np.zeros(len(ids), dtype=CELL)
    cells["id"] = ids
    rounded = sides.astype(np.float32)
    outward = np.where(np.arange(6) % 2, np.float32(np.inf), np.float32(-np.inf))
    inside = np.where(np.arange(6) % 2, rounded < sides, rounded > sides)
    cells["sides"] = np.where(inside, np.nextafter(rounded, outward), rounded)
    return cells


def _parents(nodes: Ids, sides: NDArray[Any], per_node: int) -> NDArray[Any]:
    starts = np.arange(0, len(sides), per_node)
    cells = np.zeros(len(nodes), dtype=CELL)
    cells["id"] = nodes
    native = sides.astype(np.float32)
    cells["sides"][:, ::2] = np.minimum.reduceat(native[:, ::2], starts)
    cells["sides"][:, 1::2] = np.maximum.reduceat(native[:, 1::2], starts)
    return cells


def _blobs(cells: NDArray[Any], per_node: int, node_bytes: int) -> list[bytes]:
    chunks = [cells[at : at + per_node] for at in range(0, len(cells) or 1, per_node)]
    heads = (b"\0\0" + len(chunk).to_bytes(2, "big") for chunk in chunks)
    return [
        (head + chunk.tobytes()).ljust(node_bytes, b"\0")
        for head, chunk in zip(heads, chunks, strict=True)
    ]


def _node_bytes(db: Database, name: str) -> int:
    root = db.one(f"SELECT length(data) FROM {_part(name, 'node')} WHERE nodeno = 1")
    return int(root[0]) if root else 0


def _clear(db: Database, name: str) -> None:
    for part in ("node", "rowid", "parent"):
        db.run(f"DELETE FROM {_part(name, part)}")


def _link(db: Database, name: str, depth: int, ids: Ids, nodes: Ids) -> None:
    """Which node holds an entry (depth 0), or which parent a node has: in the order of
    the entries, one statement for many."""
    part = _part(name, "parent" if depth else "rowid")
    pairs = np.sort(ids.astype(np.int64) << NODE_BITS | nodes)
    sql = f"SELECT value >> {NODE_BITS}, value & {2**NODE_BITS - 1} FROM json_each(?)"
    for at in range(0, len(pairs), LINKED_AT_ONCE):
        some = orjson.dumps(pairs[at : at + LINKED_AT_ONCE], option=NUMBERS)
        db.run(f"INSERT INTO {part} {sql}", (some.decode(),))


def _store(db: Database, name: str, nodes: Ids, blobs: list[bytes]) -> None:
    rows = zip(nodes.tolist(), blobs, strict=True)
    db.many(f"INSERT INTO {_part(name, 'node')} VALUES (?, ?)", rows)


def _part(name: str, part: str) -> str:
    return quoted(f"{name}_{part}")
