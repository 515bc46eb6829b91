"""Ready-made texts in the file: neighbours together in compressed blocks.

A row of ``<layer>__texts`` is the rid of a block's first feature and the block: how
many features, the length of each text, the texts with a comma after each, compressed.
Neighbours share vertices and field names, so that a block takes an eighth of its texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import orjson
import zstandard
from numpy.typing import NDArray

from service.stores.database import Database
from service.stores.pieces import Offsets, Pieces
from service.stores.tables import table

#: Bytes of text in a block, about: to read one feature is to unpack one block.
SIZE = 32 * 1024
LENGTHS = np.dtype("<u4")
READ_AT_ONCE = 200
TAKEN_AT_ONCE = 5_000
Block = tuple[int, bytes]


def blocks_of(rids: NDArray[np.int64], texts: Pieces) -> list[Block]:
    """The texts of rows with ascending rids; a block never spans a gap."""
    window = texts.starts // SIZE
    apart = (np.diff(window) != 0) | (np.diff(rids) != 1)
    firsts = np.flatnonzero(np.concatenate((np.ones(min(len(rids), 1), bool), apart)))
    lasts = np.append(firsts[1:], len(rids))[: len(firsts)]
    lengths = (texts.ends - texts.starts).astype(LENGTHS)
    return [
        (int(rids[first]), _block(lengths[first:last], texts, first, last))
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)
    ]


def _block(lengths: NDArray[np.uint32], texts: Pieces, first: int, last: int) -> bytes:
    start = int(texts.ends[first - 1]) if first else 0
    head = len(lengths).to_bytes(4, "little") + lengths.tobytes()
    return zstandard.compress(head + texts.whole[start : texts.ends[last - 1]], 1)


def unblocked(block: bytes) -> Pieces:
    """The texts of a block, a comma after each."""
    raw = zstandard.decompress(block)
    at = 4 + 4 * int.from_bytes(raw[:4], "little")
    return Pieces(raw[at:], np.cumsum(np.frombuffer(raw[4:at], LENGTHS), dtype="<i8"))


def store_blocks(db: Database, layer: str, blocks: Iterable[Block]) -> None:
    """Add blocks to a layer."""
    db.many(f"INSERT INTO {table(layer, 'texts')} VALUES (?, ?)", blocks)


def texts_at(db: Database, layer: str, rids: list[int]) -> list[bytes]:
    """The texts of rows, in the order asked for."""
    texts = table(layer, "texts")
    first = f"(SELECT max(rid) FROM {texts} WHERE rid <= value)"
    rows = db.all(
        f"SELECT rid, data FROM {texts} WHERE rid IN"
        f" (SELECT {first} FROM json_each(?))",
        (orjson.dumps(rids).decode(),),
    )
    found: dict[int, bytes] = {}
    for rid, block in rows:
        pieces = unblocked(block)
        found |= dict(enumerate(pieces.listed(without=1), rid))
    return [found[rid] for rid in rids]


def all_texts(db: Database, layer: str) -> Iterator[tuple[Offsets, Pieces]]:
    """Every block with the rids of its rows, in their order."""
    sql = (
        f"SELECT rid, data FROM {table(layer, 'texts')}"
        f" WHERE rid > ? ORDER BY rid LIMIT {READ_AT_ONCE}"
    )
    after = 0
    while rows := db.all(sql, (after,)):
        for rid, block in rows:
            pieces = unblocked(block)
            yield rid + np.arange(len(pieces)), pieces
        after = rows[-1][0]


def block_texts(db: Database, layer: str) -> bool:
    """Stores of before had a row for each text: take them over and drop them. Whether
    there were any."""
    if not db.has_table(f"{layer}__text"):
        return False
    rows_after = (
        f"SELECT rid, CAST(json AS BLOB) FROM {table(layer, 'text')}"
        f" WHERE rid > ? ORDER BY rid LIMIT {TAKEN_AT_ONCE}"
    )
    after = 0
    while rows := db.all(rows_after, (after,)):
        texts = Pieces.of(text + b"," for _, text in rows)
        store_blocks(db, layer, blocks_of(np.array([rid for rid, _ in rows]), texts))
        after = rows[-1][0]
    db.run(f"DROP TABLE {table(layer, 'text')}")
    return True
