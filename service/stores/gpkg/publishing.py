"""Writing feature versions into a GeoPackage.

Rows of varying values go in one by one; whatever can be told in one piece (texts,
geometries, ids, the spatial index) goes in by one statement for many rows: SQLite
then works without the interpreter, which serves others meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import chain, islice

import numpy as np
import orjson
import shapely

from geo.frame import FloatArray, Frame
from layers.catalogue import Layer
from service.errors import ServiceError
from service.stores.base import Changes, Progress, Publication, Version, silent
from service.stores.columns import MEASURES
from service.stores.database import quoted
from service.stores.gpkg import laying, reserve
from service.stores.gpkg.blob import to_blobs
from service.stores.gpkg.boxindex import BoxIndex
from service.stores.gpkg.connection import SqliteDatabase
from service.stores.gpkg.laying import LAID, Turns, alone
from service.stores.gpkg.packs import Packs
from service.stores.gpkg.reach import reach_after, tell_extent
from service.stores.gpkg.schema import create_indexes, drop_indexes
from service.stores.gpkg.textblocks import blocks_of, store_blocks
from service.stores.pieces import Offsets, Pieces
from service.stores.publishing import Prepared, Publishing, Totals, Writing
from service.stores.tables import OPEN, table

#: Fewer new features than this are quicker put into indexes one by one.
WORTH_FILLING = 500
SIZE_BITS = 32
ROWS_AT_ONCE = 40


@dataclass(frozen=True, slots=True)
class Laid(Prepared):
    """Also the GeoPackage blobs (empty: not located), the envelopes, and the texts in
    blocks whose rids count from 0."""

    blobs: Pieces
    bounds: FloatArray
    blocks: list[tuple[int, bytes]]


class GeoPackagePublishing(Publishing):
    """How this store prepares and writes."""

    _db: SqliteDatabase
    _packs: Packs

    def publish(
        self, changes: Changes, publication: Publication, *, told: Progress = silent
    ) -> Version:
        with self._db.roomy(len(changes.upserts) > WORTH_FILLING):
            version = super().publish(changes, publication, told=told)
        reserve.keep(self._db)
        return version

    def _alone(self, layer: Layer) -> AbstractContextManager[None]:
        return alone(self._db, layer.id)

    def _laid_before(
        self, publication: Publication, layer: Layer, count: int
    ) -> Writing | None:
        if count < laying.WORTH_LAYING or self._db.connection.in_transaction:
            return None
        number = self._next_number(publication)  # refused before anything is written
        laying.remove_laid(self._db, layer.id)
        return self._writing(layer, number, count, before=True)

    def _prepare(self, frame: Frame, layer: Layer) -> Prepared:
        made = super()._prepare(frame, layer)
        geometry = made.frame.geometry
        bounds = shapely.bounds(geometry)
        blobs = to_blobs(geometry, bounds)
        blocks = blocks_of(np.arange(len(geometry)), made.texts)
        return Laid(made.frame, made.texts, made.columns, blobs, bounds, blocks)

    def _writing(
        self, layer: Layer, number: int, count: int, *, before: bool = False
    ) -> Writing:
        previous = self.version(layer.id, number - 1) if number > 1 else None
        kind = LaidWriting if before else GeoPackageWriting
        return kind(self._db, self._packs, layer, previous, count)


class GeoPackageWriting(Writing):
    """Where the upserts are all there is, the version's pack is written in passing."""

    #: ``v_to`` of a new row.
    _until = OPEN

    def __init__(
        self,
        db: SqliteDatabase,
        packs: Packs,
        layer: Layer,
        previous: Version | None,
        count: int,
    ) -> None:
        self._db, self._packs, self._layer = db, packs, layer
        self._previous = previous
        alone = previous is None or not previous.feature_count
        self._draft = packs.draft(count) if alone else None
        self._number = previous.number + 1 if previous else 1
        self._features = table(layer.id, "features")
        row = db.one(f"SELECT coalesce(max(rid), 0) FROM {self._features}") or (0,)
        self._first = self._next = row[0] + 1
        #: Where most of an index will be new, it is sorted once in the end.
        self._sorted_later = count > max(WORTH_FILLING, row[0])
        self._index = BoxIndex(db, layer)
        self._ended: list[int] = []
        self._added: list[FloatArray] = []

    def end(self, ids: set[str]) -> set[str]:
        known = self._ended_of(ids)
        if self._sorted_later:
            drop_indexes(self._db, self._layer)
        return known

    def _ended_of(self, ids: set[str]) -> set[str]:
        if self._previous is None or not self._previous.feature_count:
            return set()
        rows = self._db.all(
            "SELECT f.rid, f.id FROM json_each(?) touched"
            f" CROSS JOIN {self._features} f ON f.id = touched.value"
            f" WHERE f.v_to = {OPEN}",
            (orjson.dumps(list(ids)).decode(),),
        )
        self._ended = sorted(rid for rid, _ in rows)
        self._db.run(
            f"UPDATE {self._features} SET v_to = ?"
            " WHERE rid IN (SELECT value FROM json_each(?))",
            (self._number, orjson.dumps(self._ended).decode()),
        )
        self._index.end(self._ended, self._number)
        return {id for _, id in rows}

    def insert(self, prepared: Prepared) -> None:
        assert isinstance(prepared, Laid)
        rids = np.arange(self._next, self._next + len(prepared.frame))
        self._insert_features(prepared, rids)
        blocks = ((self._next + row, block) for row, block in prepared.blocks)
        store_blocks(self._db, self._layer.id, blocks)
        self._insert_geometries(prepared.blobs)
        self._next += len(rids)
        self._index.add(rids, prepared.bounds, self._number)
        self._added.append(prepared.bounds[~np.isnan(prepared.bounds[:, 0])])
        self._add_to_draft(rids, prepared)

    def finish(self) -> Totals:
        if self._sorted_later:
            create_indexes(self._db, self._layer)
        self._index.fill()
        row = self._db.one(
            "SELECT count(*), coalesce(sum(area_m2), 0.0),"
            f" coalesce(sum(length_m), 0.0) FROM {self._features} WHERE v_to = {OPEN}"
        )
        added = np.vstack((*self._added, np.empty((0, 4))))
        located, extent = reach_after(
            self._db, self._layer, self._previous, self._ended, added
        )
        tell_extent(self._db, self._layer, extent)
        count, area, length = row or (0, 0.0, 0.0)
        return Totals(count, located, extent, area, length)

    def published(self, version: Version) -> None:
        self._packs.make(version, self._draft)

    def close(self) -> None:
        if self._draft:
            self._draft.close()

    def _add_to_draft(self, rids: Offsets, laid: Laid) -> None:
        if self._draft is None:
            return
        try:
            self._draft.add(rids, laid.texts, laid.blobs, laid.bounds)
        except OSError:  # no room: a pack can be made later, the version goes on
            self._draft.close()
            self._draft = None

    def _insert_features(self, laid: Laid, rids: Offsets) -> None:
        """Many rows in a statement: SQLite then need not find the end for each."""
        zero = [n for n in MEASURES if laid.columns[n].count(0) == len(rids)]
        varied = {"rid": rids.tolist(), "id": laid.frame.ids.tolist()}
        varied |= {n: v for n, v in laid.columns.items() if n not in zero}
        names = ", ".join(("v_from", "v_to", *zero, *map(quoted, varied)))
        same = f"{self._number}, {self._until}{', 0.0' * len(zero)}"
        row = f"({same}{', ?' * len(varied)})"
        values = chain.from_iterable(zip(*varied.values(), strict=True))
        together, apart = divmod(len(rids), ROWS_AT_ONCE)
        for rows, times in ((ROWS_AT_ONCE, together), (1, apart)):
            self._db.many(
                f"INSERT INTO {self._features} ({names})"
                f" VALUES {', '.join([row] * rows)}",
                (tuple(islice(values, rows * len(varied))) for _ in range(times)),
            )

    def _insert_geometries(self, blobs: Pieces) -> None:
        sizes = blobs.ends - blobs.starts
        spans = orjson.dumps(
            blobs.starts << SIZE_BITS | sizes, option=orjson.OPT_SERIALIZE_NUMPY
        )
        self._db.run(
            f"INSERT INTO {table(self._layer.id, 'geometry')} SELECT ? + key,"
            f" nullif(substr(?, (value >> {SIZE_BITS}) + 1,"
            f" value & {2**SIZE_BITS - 1}), x'') FROM json_each(?)",
            (self._next, blobs.whole, spans.decode()),
        )


class LaidWriting(GeoPackageWriting):
    """Rows first, in turns with other writers; the transaction lets them appear."""

    _until = LAID
    _appeared = False

    def lay(self, parts: Iterable[Prepared]) -> None:
        turns = Turns(self._db)
        if self._first == 1:
            with turns.transaction():  # nothing to be found by them yet
                drop_indexes(self._db, self._layer)
        for part in parts:
            with turns.transaction():
                self.insert(part)
        with turns.transaction():
            create_indexes(self._db, self._layer, only=("id",))

    def end(self, ids: set[str]) -> set[str]:
        known = self._ended_of(ids)
        if self._sorted_later:
            drop_indexes(self._db, self._layer, besides=("id",))
        laying.appear(self._db, self._layer.id, self._first)
        return known

    def published(self, version: Version) -> None:
        self._appeared = True
        super().published(version)

    def close(self) -> None:
        super().close()
        if not self._appeared:
            with suppress(ServiceError):  # else the next one sweeps
                laying.remove_laid(self._db, self._layer.id)
