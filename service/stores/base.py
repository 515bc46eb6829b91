"""The store contract. One test suite (tests/service/stores) runs over every store.

A store keeps, per layer, immutable versions 1, 2, 3 …; beside them, JSON records
(uploads, changesets, tokens …), the features of changesets not yet published, and
an append-only audit log. All text is UTF-8; all times are UTC ISO 8601 strings;
all geometry is CRS84 (lon, lat).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from geo.frame import Frame, ObjectArray
from layers.catalogue import Layer

#: Hears how many features are done, of how many.
Progress = Callable[[int, int], None]
Bounds = tuple[float, float, float, float]  # west, south, east, north in degrees


@dataclass(frozen=True, slots=True)
class Version:
    """One published version of a layer."""

    layer: str
    number: int
    published_at: str
    author: str
    approver: str | None
    changeset: str | None
    note: str
    feature_count: int
    located_count: int
    extent: Bounds | None
    area_m2: float
    length_m: float
    adds: int
    changes: int
    removes: int


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """A read of the bytes lane. ``filter`` is CQL2 JSON, already validated against
    the layer's queryables, with geometries in CRS84."""

    bbox: Bounds | None = None
    filter: Mapping[str, Any] | None = None
    sortby: Sequence[tuple[str, bool]] = ()  # (field, descending)
    limit: int = 10
    offset: int = 0
    count: bool = True  # whether ``matched`` is wanted


@dataclass(frozen=True, slots=True)
class ItemPage:
    """Features as comma-joined GeoJSON text, ready to stand in ``[…]``."""

    features: bytes
    returned: int
    matched: int | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a changeset does to one layer: whole features put, ids removed.

    ``upserts.columns`` hold the catalogue's fields; fields that the catalogue does
    not know are kept and served too (nothing is dropped)."""

    upserts: Frame
    removes: ObjectArray


@dataclass(frozen=True, slots=True)
class Publication:
    """Who publishes what, on top of which version."""

    layer: str
    base_version: int  # 0 for the first version
    author: str
    approver: str | None = None
    changeset: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class FeatureVersion:
    """One line of a feature's history."""

    version: int
    published_at: str
    author: str
    approver: str | None
    changeset: str | None
    change: str  # "add" | "change" | "remove"
    feature: bytes | None  # GeoJSON text; None when removed
    note: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """A JSON document with optimistic concurrency: ``revision`` grows by one."""

    kind: str
    id: str
    revision: int
    data: Mapping[str, Any] = field(default_factory=dict)


def silent(done: int, total: int) -> None:
    """Where nobody wants to hear of progress."""


class Store(ABC):
    """Thread-safe. Reads never block on a write in progress. Driver errors are
    translated to ``StoreUnavailable``; nothing else of the driver leaks."""

    # -- life ------------------------------------------------------------------
    @abstractmethod
    def prepare(self, layers: Sequence[Layer]) -> None:
        """Create or migrate the schema for these layers. Safe to repeat, and safe
        when several processes do it at once."""

    @abstractmethod
    def ping(self) -> None:
        """Raise ``StoreUnavailable`` unless the store answers."""

    @abstractmethod
    def close(self) -> None: ...

    # -- versions --------------------------------------------------------------
    @abstractmethod
    def current_version(self, layer: str) -> int:
        """The newest published version, 0 if none. Fresh across processes, cheap."""

    @abstractmethod
    def current_versions(self) -> dict[str, int]: ...

    @abstractmethod
    def version(self, layer: str, number: int) -> Version:
        """Raises ``NotFound``."""

    @abstractmethod
    def versions(self, layer: str) -> list[Version]:
        """Newest first."""

    @abstractmethod
    def version_as_of(self, layer: str, timestamp: str) -> int:
        """The version that was current at a UTC time, 0 if none was."""

    # -- bytes lane ------------------------------------------------------------
    @abstractmethod
    def items(self, layer: str, version: int, query: ItemQuery) -> ItemPage: ...

    @abstractmethod
    def item(self, layer: str, version: int, id: str) -> bytes | None: ...

    @abstractmethod
    def newest(self, layer: str, id: str) -> tuple[int, bytes] | None:
        """A feature as the current version has it, and that version's number: one
        question to the database, so they belong together."""

    @abstractmethod
    def history(self, layer: str, id: str) -> list[FeatureVersion]:
        """Newest first; empty if the id never existed."""

    @abstractmethod
    def ids(self, layer: str, version: int, query: ItemQuery) -> list[str]:
        """Of every feature that the query finds, in its order; its limit and offset
        do not apply."""

    # -- frame lane ------------------------------------------------------------
    @abstractmethod
    def frame(
        self, layer: str, version: int, *, query: ItemQuery | None = None
    ) -> Frame:
        """The features of a version, ordered by id, with every property as a column
        plus the measures ``area_m2``, ``area_plane_m2``, ``length_m``,
        ``length_plane_m`` (float64). With a query: its bbox and filter apply, its
        limit does not."""

    # -- writing ---------------------------------------------------------------
    @abstractmethod
    def publish(
        self, changes: Changes, publication: Publication, *, told: Progress = silent
    ) -> Version:
        """One transaction: the next version, the ready-made GeoJSON, the measures,
        the totals, the changeset record marked ``published`` with its version, and
        an audit entry. Raises ``Conflict`` if ``base_version`` is not current."""

    @abstractmethod
    def save_changes(self, changeset: str, layer: str, changes: Changes) -> None:
        """Keep (or replace) the features of a changeset that is not published."""

    @abstractmethod
    def changes(self, changeset: str) -> Changes:
        """Raises ``NotFound``."""

    @abstractmethod
    def transaction(self) -> AbstractContextManager[None]:
        """Everything that this thread writes within it: all or nothing."""

    # -- records ---------------------------------------------------------------
    @abstractmethod
    def put(
        self,
        kind: str,
        id: str,
        data: Mapping[str, Any],
        *,
        expect: int | None = None,
    ) -> Record:
        """Insert or replace a record. ``expect`` is the revision the caller has seen
        (0: must not exist yet); raises ``Conflict`` if it is not the stored one."""

    @abstractmethod
    def get(self, kind: str, id: str) -> Record | None: ...

    @abstractmethod
    def records(
        self,
        kind: str,
        *,
        match: Mapping[str, Any] | None = None,
        limit: int = 1000,
        offset: int = 0,
    ) -> list[Record]:
        """Records of a kind, newest first, whose top-level members equal ``match``."""

    @abstractmethod
    def delete(self, kind: str, id: str) -> bool: ...

    # -- audit -----------------------------------------------------------------
    @abstractmethod
    def append_audit(self, actor: str, action: str, subject: str, data: Any) -> None:
        """Append to the log; each entry's hash covers the one before it."""

    @abstractmethod
    def audit(self) -> Iterator[Mapping[str, Any]]:
        """Oldest first: ``{seq, at, actor, action, subject, data, previous, hash}``."""
