"""Publishing: a changeset becomes the next version, in one transaction."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import Any

import numpy as np
import shapely

from geo.frame import Frame
from geo.measures import measures
from layers.catalogue import Layer
from service.errors import Conflict, NotFound
from service.stores.auditing import Audit
from service.stores.base import (
    Bounds,
    Changes,
    Progress,
    Publication,
    Version,
    silent,
)
from service.stores.boxtree import Rows, spatial_order
from service.stores.columns import objects, stored
from service.stores.database import now
from service.stores.packing import pack, unpack
from service.stores.pieces import Pieces
from service.stores.ready import extra_texts, feature_texts
from service.stores.versioning import Versions

CHANGESET = "changeset"
MANY = 1000
#: Features that a thread prepares at once: other threads of the process, which
#: answer readers, wait for the interpreter no longer than one library call on these.
CHUNK = 2_000
#: Features prepared before any is stored. Storing row by row beside busy threads would
#: wait for the interpreter at each row; and this bounds the memory.
SECTION = 32 * CHUNK
THREADS = 4


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about some upserts that can be computed without the store.
    ``texts`` have a comma after each. ``columns`` are named as in
    ``tables.value_columns``; those without a single value are left out."""

    frame: Frame
    texts: Pieces
    columns: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Totals:
    """What a version's features come to."""

    feature_count: int
    located_count: int
    extent: Bounds | None
    area_m2: float
    length_m: float


class Writing(ABC):
    """A version being written, inside its transaction; each store has its own."""

    @abstractmethod
    def end(self, ids: set[str]) -> set[str]:
        """End the current versions of these features; the ids that had one."""

    @abstractmethod
    def insert(self, prepared: Prepared) -> None: ...

    def lay(self, parts: Iterable[Prepared]) -> None:
        """Before the transaction: everything, seen by nobody until it ends."""
        raise NotImplementedError

    @abstractmethod
    def finish(self) -> Totals:
        """After the last insert; of everything current."""

    @abstractmethod
    def published(self, version: Version) -> None:
        """After the transaction."""

    @abstractmethod
    def close(self) -> None:
        """In the end, whatever has become of it."""


class Publishing(Versions, Audit):
    """The writing part of the contract; each store says how rows are kept."""

    _layers: dict[str, Layer]

    def publish(
        self, changes: Changes, publication: Publication, *, told: Progress = silent
    ) -> Version:
        layer = self._layer(publication.layer)
        upserted = _distinct(changes.upserts)
        with ExitStack() as stack:
            stack.enter_context(self._alone(layer))
            parts = stack.enter_context(closing(self._parts(changes.upserts, layer)))
            first = [part for part in (next(parts, None),) if part]
            every = _heard(chain(first, parts), len(upserted), told)
            laid = self._laid_before(publication, layer, len(upserted))
            if laid is not None:
                stack.enter_context(closing(laid))
                laid.lay(every)
            with self._db.transaction():
                self._db.lock(f"publish {layer.id}")
                number = self._next_number(publication)
                writing = laid or self._writing(layer, number, len(upserted))
                stack.enter_context(closing(writing))
                known = writing.end(upserted.union(changes.removes.tolist()))
                for part in every:
                    writing.insert(part)
                changed = len(upserted & known)
                version = replace(
                    _version(publication, number, writing.finish()),
                    adds=len(upserted) - changed,
                    changes=changed,
                    removes=len(known) - changed,
                )
                self._insert_version(version)
                self._mark_published(version)
                self._audit_publication(version)
            writing.published(version)
        return version

    def _alone(self, layer: Layer) -> AbstractContextManager[None]:
        """Held while a layer is published, where the database itself needs it."""
        return nullcontext()

    def _laid_before(
        self, publication: Publication, layer: Layer, count: int
    ) -> Writing | None:
        """How a version is written whose rows are laid down before the transaction,
        where that lets others write meanwhile."""
        return None

    def _parts(self, frame: Frame, layer: Layer) -> Generator[Prepared]:
        """The upserts prepared, chunk by chunk. Side by side: most of the work is
        done in libraries that let other threads run."""
        order = _order(frame)
        prepare = partial(self._prepare, layer=layer)
        with ThreadPoolExecutor(THREADS) as pool:
            for at in range(0, len(order), SECTION):
                section = order[at : at + SECTION]
                rows = (section[i : i + CHUNK] for i in range(0, len(section), CHUNK))
                ready = deque(pool.map(prepare, map(frame.take, rows)))
                while ready:
                    yield ready.popleft()

    def _prepare(self, frame: Frame, layer: Layer) -> Prepared:
        return prepare(frame, layer)

    def save_changes(self, changeset: str, layer: str, changes: Changes) -> None:
        self._db.run(
            "INSERT INTO atlas_changes (changeset, layer, data) VALUES (?, ?, ?)"
            " ON CONFLICT (changeset) DO UPDATE"
            " SET layer = excluded.layer, data = excluded.data",
            (changeset, layer, pack(changes)),
        )

    def changes(self, changeset: str) -> Changes:
        sql = "SELECT data FROM atlas_changes WHERE changeset = ?"
        row = self._db.one(sql, (changeset,))
        if row is None:
            raise NotFound(
                f"The changeset {changeset!r} has no features kept here.",
                f"变更“{changeset}”没有保存的要素。",
                changeset=changeset,
            )
        return unpack(bytes(row[0]))

    def _layer(self, layer: str) -> Layer:
        try:
            return self._layers[layer]
        except KeyError:
            raise NotFound(
                f"The store has not been prepared for a layer {layer!r}.",
                f"数据存储中尚未建立图层“{layer}”。",
                layer=layer,
            ) from None

    def _next_number(self, publication: Publication) -> int:
        current = self.current_version(publication.layer)
        if current != publication.base_version:
            raise Conflict(
                f"The layer {publication.layer!r} is at version {current}, but this"
                f" change was made on version {publication.base_version}. Look at"
                " what has changed and submit again.",
                f"图层“{publication.layer}”当前为第 {current} 版，而本次变更基于第"
                f" {publication.base_version} 版；请核对新变化后重新提交。",
                current=current,
                base_version=publication.base_version,
            )
        return current + 1

    def _mark_published(self, version: Version) -> None:
        if version.changeset is None:
            return
        record = self.get(CHANGESET, version.changeset)
        if record is None:
            return
        if record.data.get("status") == "rejected":
            raise _returned(record.id)
        state = {"status": "published", "version": version.number}
        state |= {"published_at": version.published_at, "approver": version.approver}
        data = {**record.data, **state}
        self.put(CHANGESET, record.id, data, expect=record.revision)

    def _audit_publication(self, version: Version) -> None:
        actor = version.approver or version.author
        names = ("changeset", "author", "feature_count", "adds", "changes", "removes")
        data = {name: getattr(version, name) for name in names}
        subject = f"{version.layer}@{version.number}"
        self.append_audit(actor, "publish", subject, data)

    @abstractmethod
    def _writing(self, layer: Layer, number: int, count: int) -> Writing:
        """How this store writes a version with so many upserts."""


def _returned(changeset: str) -> Conflict:
    return Conflict(
        f"The changeset {changeset!r} has been returned to its author meanwhile.",
        f"变更“{changeset}”期间已被退回给提交人。",
        changeset=changeset,
    )


def prepare(frame: Frame, layer: Layer) -> Prepared:
    """Measures, texts and columns of upserts."""
    frame = _without_empty(frame)
    computed = measures(frame.geometry)
    fields = {field.name: stored(frame, field) for field in layer.fields}
    extra = extra_texts(frame, layer)
    texts = feature_texts(frame, layer, columns=fields, measures=computed, extra=extra)
    columns = {n: v.tolist() for n, v in computed.items()} | fields
    if extra is not None:
        columns["extra"] = [text.decode() for text in extra]
    given = {n: v for n, v in columns.items() if v.count(None) < len(v)}
    return Prepared(frame, texts, given)


def _heard(parts: Iterable[Prepared], total: int, told: Progress) -> Iterator[Prepared]:
    """The parts, each told when it has been taken care of."""
    done = 0
    for part in parts:
        yield part
        told(done := done + len(part.frame), total)


def _distinct(frame: Frame) -> set[str]:
    ids = set(map(str, frame.ids.tolist()))
    if len(ids) < len(frame):
        raise Conflict(
            "The changeset holds the same feature id twice.", "变更中要素编号重复。"
        )
    return ids


def _without_empty(frame: Frame) -> Frame:
    """An empty geometry says no more than a missing one."""
    geometry = frame.geometry.copy()
    geometry[shapely.is_empty(geometry)] = None
    return Frame(objects([str(id) for id in frame.ids]), geometry, frame.columns)


def _order(frame: Frame) -> Rows:
    """Many features are kept neighbour by neighbour, few in the order given."""
    if len(frame) < MANY:
        return np.arange(len(frame))
    return spatial_order(shapely.bounds(frame.geometry))


def _version(publication: Publication, number: int, totals: Totals) -> Version:
    return Version(
        layer=publication.layer,
        number=number,
        published_at=now(),
        author=publication.author,
        approver=publication.approver,
        changeset=publication.changeset,
        note=publication.note,
        feature_count=totals.feature_count,
        located_count=totals.located_count,
        extent=totals.extent,
        area_m2=totals.area_m2,
        length_m=totals.length_m,
        adds=0,
        changes=0,
        removes=0,
    )
