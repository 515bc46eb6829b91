"""Which class a feature belongs to, read from the shared styles and code schemes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.frame import Frame
from layers.catalogue import Layer

#: Legends name classes down to this level of a scheme (0701, not 070101).
LEGEND_LEVEL = 2


@dataclass(frozen=True, slots=True)
class Class:
    """One class. ``titles`` (zh, en) None stands for the layer itself."""

    code: str | None
    titles: tuple[str, str] | None
    fill: str | None = None
    edge: str | None = None
    standard: str | None = None


WHOLE_LAYER = Class(None, None)
UNCLASSIFIED = Class(None, ("未分类", "Unclassified"), "#FFFFFF", "#7B8784", "#FFFFFF")

Rows = NDArray[np.intp]


def classified(
    layer: Layer, frame: Frame, styles: Mapping[str, Any]
) -> list[tuple[Class, Rows]]:
    """Classes that occur, in the order of their scheme, with their rows."""
    rules = styles["layers"].get(layer.id, {}).get("classes") or {}
    name = rules.get("field") or layer.class_field
    values = frame.columns.get(name) if name else None
    if values is None or len(frame) == 0:
        return [(WHOLE_LAYER, np.arange(len(frame), dtype=np.intp))]
    listed = {str(v["value"]): _listed(v) for v in rules.get("values", ())}
    schemes = _Schemes(styles.get("schemes", {}))
    rows: dict[Class, list[int]] = {}
    known: dict[tuple[Any, Any], Class] = {}
    for row, key in enumerate(_keys(frame, values)):
        if key not in known:
            code = str(key[1])
            known[key] = listed.get(code) or schemes.find(key[0], code)
        rows.setdefault(known[key], []).append(row)
    return sorted(
        ((cls, np.array(r, dtype=np.intp)) for cls, r in rows.items()),
        key=lambda item: (item[0].code is None, _place(listed, item[0])),
    )


def _keys(frame: Frame, values: NDArray[Any]) -> Iterator[tuple[Any, Any]]:
    scheme = frame.columns.get("landuse_scheme")
    firsts = scheme.tolist() if scheme is not None else [None] * len(values)
    return zip(firsts, values.tolist(), strict=True)


def _place(listed: Mapping[str, Class], cls: Class) -> tuple[int, str]:
    order = {c.code: n for n, c in enumerate(listed.values())}
    return order.get(cls.code, len(order)), cls.code or ""


def _listed(value: Mapping[str, Any]) -> Class:
    zh = value.get("zh") or str(value["value"])
    return Class(
        str(value["value"]),
        (zh, value.get("en") or zh),
        value.get("fill"),
        value.get("edge"),
        value.get("standard"),
    )


class _Schemes:
    """Land-use schemes: a code is drawn as its ancestor of the legend's level."""

    def __init__(self, schemes: Mapping[str, Any]) -> None:
        self._entries = {
            name: {entry["code"]: entry for entry in entries}
            for name, entries in schemes.items()
        }

    def find(self, scheme: str | None, code: str) -> Class:
        """The class of a code, unclassified if the scheme does not know it."""
        entries = self._entries.get(scheme or "", {})
        if not scheme and self._entries:  # a layer of one scheme need not repeat it
            entries = next(iter(self._entries.values()))
        entry = entries.get(code)
        while entry and int(entry.get("level") or 1) > LEGEND_LEVEL:
            entry = entries.get(entry.get("parent") or "")
        if entry is None:
            return UNCLASSIFIED
        return Class(
            entry["code"],
            (entry["name_zh"], entry.get("name_en") or entry["name_zh"]),
            entry.get("light_fill"),
            entry.get("light_edge"),
            entry.get("standard"),
        )
