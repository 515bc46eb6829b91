"""What of each layer a map shows: one filter for all that have its properties, and
filters of single layers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from layers.catalogue import Layer
from service.errors import BadRequest
from service.filters import parse_filter
from service.parameters import bad

#: Characters of all filters of single layers.
MAX_LAYER_FILTERS = 8_000


def layer_filters(text: str | None) -> tuple[tuple[str, str], ...]:
    """``{"old-villages": "status = 'planned'"}`` as pairs."""
    if text is None:
        return ()
    try:
        told = orjson.loads(text) if len(text) <= MAX_LAYER_FILTERS else None
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, dict) or not all(isinstance(v, str) for v in told.values()):
        raise bad(
            "layer-filter",
            "must be a JSON object of layers and their CQL2 text, of at most"
            f" {MAX_LAYER_FILTERS:,} characters",
            f"须为“图层: CQL2 文本”的 JSON 对象，最多 {MAX_LAYER_FILTERS:,} 个字符",
        )
    return tuple(sorted(told.items()))


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The filter for all layers and its language, and those of single layers."""

    text: str | None
    lang: str
    single: tuple[tuple[str, str], ...]

    def conditions(self, drawn: Sequence[Layer]) -> dict[str, Any]:
        """The condition of every layer that has one; the others stay whole."""
        found = self._for_all(drawn)
        named = {layer.id: layer for layer in drawn}
        for id_, text in self.single:
            if id_ not in named:
                raise bad(
                    "layer-filter",
                    f"names {id_[:60]!r}, which is not drawn",
                    f"所指图层“{id_[:60]}”不在图上",
                )
            own = parse_filter(text, named[id_], lang="cql2-text")
            both = {"op": "and", "args": [found[id_], own]} if id_ in found else own
            found[id_] = both
        return found

    def _for_all(self, layers: Sequence[Layer]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        refused: BadRequest | None = None
        if self.text is None:
            return found
        for layer in layers:
            try:
                found[layer.id] = parse_filter(self.text, layer, lang=self.lang)
            except BadRequest as error:
                refused = refused or error
        if not found and refused is not None:
            raise refused
        return found
