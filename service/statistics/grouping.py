"""Features grouped by the values of a field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.frame import FloatArray
from geo.parts import Rows
from layers.catalogue import Field, Layer
from service.parameters import bad
from service.statistics.amounts import plain
from service.statistics.reading import Reading


@dataclass(frozen=True, slots=True)
class Groups:
    """``keys`` in ascending order, missing last; ``index`` is each row's key."""

    field: Field | None
    keys: list[Any]
    index: Rows

    def sums(self, values: FloatArray) -> FloatArray:
        return np.bincount(self.index, values, minlength=len(self.keys)).astype(float)

    @property
    def counts(self) -> NDArray[np.intp]:
        return np.bincount(self.index, minlength=len(self.keys))

    def label(self, position: int) -> dict[str, Any]:
        """The key, with the names of its code where the field lists codes."""
        key = self.keys[position]
        names = self.field.codes.get(str(key), {}) if self.field else {}
        return {"key": key, **{f"key_{lang}": name for lang, name in names.items()}}


def group_by(reading: Reading, name: str | None) -> Groups:
    """Groups by a field; one group whose key is None without a field."""
    if name is None:
        return Groups(None, [None], np.zeros(len(reading.rows), dtype=np.intp))
    field = known_field(reading.layer, name, "by")
    first: dict[Any, int] = {}
    seen = [first.setdefault(v, len(first)) for v in reading.column(name).tolist()]
    keys = sorted({k for v in first if (k := _key(v)) is not None}, key=_order)
    place = {key: position for position, key in enumerate(keys)}
    if any(_key(v) is None for v in first):
        place[None] = len(keys)
        keys.append(None)
    position = np.array([place[_key(v)] for v in first], dtype=np.intp)
    return Groups(field, keys, position[np.array(seen, dtype=np.intp)])


def known_field(layer: Layer, name: str, parameter: str) -> Field:
    """The layer's field, or a refusal that lists the fields there are."""
    field = layer.field(name)
    if field is not None and field.type != "json":
        return field
    names = ", ".join(f.name for f in layer.fields if f.type != "json")
    raise bad(
        parameter,
        f"names {name[:60]!r}, which layer {layer.id!r} has no plain field for;"
        f" its fields: {names}",
        f"所指“{name[:60]}”不是图层“{layer.id}”的普通字段；可用字段：{names}",
    )


def _key(value: Any) -> Any:
    """Empty text and NaN are missing."""
    value = plain(value)
    return None if value == "" else value


def _order(value: Any) -> tuple[bool, Any]:
    """Numbers before text, each in its own order."""
    return isinstance(value, str), value
