"""Bringing a store's tables up to the catalogue, once per change of it."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from hashlib import sha256

from layers.catalogue import Layer
from service.stores.records import Records

#: Raise it when the tables themselves change: every layer is then created anew.
SCHEMA = 2
KIND = "schema"


class Preparation(Records):
    """``prepare`` for every store: nothing is written when nothing has changed, so
    that many processes may start at once."""

    _layers: dict[str, Layer]

    def prepare(self, layers: Sequence[Layer]) -> None:
        if self._stale(layers):
            with self._db.transaction():
                self._db.lock("prepare")
                self._create_base()
                for layer in self._stale(layers):
                    self._create_layer(layer)
                    self.put(KIND, layer.id, {"digest": _digest(layer)})
            self._prepared()
        self._layers |= {layer.id: layer for layer in layers}

    def _stale(self, layers: Sequence[Layer]) -> list[Layer]:
        if not self._db.has_table("atlas_records"):
            return list(layers)
        known = {r.id: r.data["digest"] for r in self.records(KIND, limit=100_000)}
        return [layer for layer in layers if known.get(layer.id) != _digest(layer)]

    @abstractmethod
    def _create_base(self) -> None:
        """The tables that are no layer's; harmless where they are."""

    @abstractmethod
    def _create_layer(self, layer: Layer) -> None:
        """A layer's tables, or the columns that they lack."""

    def _prepared(self) -> None:
        """After tables have changed."""


def _digest(layer: Layer) -> str:
    fields = [(f.name, f.type, bool(f.codes)) for f in layer.fields]
    about = (SCHEMA, fields, layer.class_field, layer.title_zh, layer.title_en)
    return sha256(repr(about).encode()).hexdigest()[:16]
