"""Publishing: a changeset becomes the next version, in one transaction."""

from __future__ import annotations

from abc import abstractmethod
from concurrent.futures import ThreadPoolExecutor
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
from service.stores.base import Bounds, Changes, Publication, Version
from service.stores.boxtree import spatial_order
from service.stores.columns import objects, stored
from service.stores.database import now
from service.stores.packing import pack, unpack
from service.stores.ready import extra_texts, feature_texts
from service.stores.versioning import Versions

CHANGESET = "changeset"
MANY = 1000
CHUNK = 10_000
THREADS = 4


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything about the upserts that can be computed before anything is locked.
    ``columns`` are named as in ``tables.value_columns``; those without a single
    value are left out."""

    frame: Frame
    texts: list[str]
    columns: dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Totals:
    """What a version's features come to."""

    feature_count: int
    located_count: int
    extent: Bounds | None
    area_m2: float
    length_m: float


class Publishing(Versions, Audit):
    """The writing part of the contract; each store says how rows are kept."""

    _layers: dict[str, Layer]

    def publish(self, changes: Changes, publication: Publication) -> Version:
        layer = self._layer(publication.layer)
        prepared = prepare(changes.upserts, layer)
        upserted = set(prepared.frame.ids)
        with self._db.transaction():
            self._db.lock(f"publish {layer.id}")
            number = self._next_number(publication)
            touched = upserted.union(changes.removes.tolist())
            known = self._close(layer, touched, number) if number > 1 else set()
            self._insert(layer, prepared, number)
            version = _version(publication, number, self._totals(layer))
            version = replace(
                version,
                adds=len(upserted - known),
                changes=len(upserted & known),
                removes=len(known - upserted),
            )
            self._insert_version(version)
            self._mark_published(version)
            self._audit_publication(version)
        return version

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
        state = {"status": "published", "version": version.number}
        state["published_at"] = version.published_at
        self.put(CHANGESET, record.id, {**record.data, **state})

    def _audit_publication(self, version: Version) -> None:
        actor = version.approver or version.author
        names = ("changeset", "author", "feature_count", "adds", "changes", "removes")
        data = {name: getattr(version, name) for name in names}
        subject = f"{version.layer}@{version.number}"
        self.append_audit(actor, "publish", subject, data)

    # -- what a store says -----------------------------------------------------
    @abstractmethod
    def _close(self, layer: Layer, ids: set[str], number: int) -> set[str]:
        """End the current versions of these features; the ids that had one."""

    @abstractmethod
    def _insert(self, layer: Layer, prepared: Prepared, number: int) -> None: ...

    @abstractmethod
    def _totals(self, layer: Layer) -> Totals:
        """Of everything current."""


def prepare(frame: Frame, layer: Layer) -> Prepared:
    """Texts, measures and columns of the features of a changeset. In chunks, side by
    side: most of the work is done in libraries that let other threads run."""
    frame = _in_place_order(_without_empty(frame))
    if len(frame) <= CHUNK:
        return _given(_prepare(frame, layer))
    rows = np.arange(len(frame))
    chunks = (
        frame.take(rows[start : start + CHUNK]) for start in range(0, len(frame), CHUNK)
    )
    with ThreadPoolExecutor(THREADS) as pool:
        parts = list(pool.map(partial(_prepare, layer=layer), chunks))
    columns = {
        name: list(chain.from_iterable(part.columns[name] for part in parts))
        for name in parts[0].columns
    }
    texts = [text for part in parts for text in part.texts]
    return _given(Prepared(frame, texts, columns))


def _given(prepared: Prepared) -> Prepared:
    """Without the columns that hold nothing."""
    columns = {n: v for n, v in prepared.columns.items() if v.count(None) < len(v)}
    return replace(prepared, columns=columns)


def _prepare(frame: Frame, layer: Layer) -> Prepared:
    computed = measures(frame.geometry)
    columns: dict[str, list[Any]] = {n: v.tolist() for n, v in computed.items()}
    columns |= {field.name: stored(frame, field) for field in layer.fields}
    extra = extra_texts(frame, layer)
    if extra is not None:
        columns["extra"] = extra
    texts = feature_texts(frame, layer, measures=computed, extra=extra)
    return Prepared(frame, texts, columns)


def _without_empty(frame: Frame) -> Frame:
    """An empty geometry says no more than a missing one."""
    if len(set(frame.ids)) < len(frame):
        raise Conflict(
            "The changeset holds the same feature id twice.", "变更中要素编号重复。"
        )
    geometry = frame.geometry.copy()
    geometry[shapely.is_empty(geometry)] = None
    return Frame(objects([str(id) for id in frame.ids]), geometry, frame.columns)


def _in_place_order(frame: Frame) -> Frame:
    """Many features are kept neighbour by neighbour, few in the order given."""
    if len(frame) < MANY:
        return frame
    return frame.take(spatial_order(shapely.bounds(frame.geometry)))


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
