"""What publishing an upload would do to the current version of its layer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import Frame
from service.stores.base import Changes
from service.uploads.comparison import Comparison, compare, edited, property_names
from service.uploads.options import Mode
from service.uploads.problems import Problem
from service.uploads.table import object_array

#: Filled in by us where neither the file nor the person said; never reason enough to
#: change a feature that lies where it lay.
_IMPLIED = ("evidence", "accuracy_m", "source_title", "source_ref")


@dataclass(frozen=True, slots=True)
class Effect:
    """Only what changes is kept; the rest of the layer stays as it is."""

    changes: Changes
    summary: dict[str, int]
    problems: list[Problem]


def effect_of(
    staged: Frame, supplied: Collection[str], current: Frame, mode: Mode
) -> Effect:
    """``supplied``: the layer's fields that the file or the person gave. In upsert
    mode everything else of an existing feature is kept."""
    whole, comparison = staged, compare(staged, current)
    if mode != "replace":
        whole, comparison = _merged(staged, supplied, current, comparison)
    changed = comparison.pairs[comparison.changed]
    touched = np.sort(np.concatenate([comparison.added, changed[:, 0]]))
    summary = comparison.summary()
    if mode != "replace":
        summary["removes"] = 0
    return Effect(
        Changes(whole.take(touched), _removed(comparison, current, mode)),
        summary,
        _collisions(whole, comparison) if mode == "append" else [],
    )


def changed(current: Frame, changes: Changes) -> Frame:
    """What a layer is after changes, in the order of ids."""
    put = changes.upserts
    gone = {*put.ids.tolist(), *changes.removes.tolist()}
    stays = current.take(
        np.array([id not in gone for id in current.ids.tolist()], dtype=bool)
    )
    names = property_names(stays, put)
    ids = np.concatenate([stays.ids, put.ids])
    order = np.argsort(ids)
    columns = {
        name: np.concatenate([_column(name, stays, put), _column(name, put, stays)])
        for name in names
    }
    geometry = np.concatenate([stays.geometry, put.geometry])
    return Frame(ids, geometry, columns).take(order)


def _removed(comparison: Comparison, current: Frame, mode: Mode) -> NDArray[np.object_]:
    gone = comparison.removed if mode == "replace" else comparison.removed[:0]
    return object_array(current.ids[gone].tolist())


def _collisions(staged: Frame, comparison: Comparison) -> list[Problem]:
    return [
        Problem("existing_id", int(row), "id", values={"value": str(staged.ids[row])})
        for row in comparison.pairs[comparison.changed][:, 0]
    ]


def _merged(
    staged: Frame, supplied: Collection[str], current: Frame, comparison: Comparison
) -> tuple[Frame, Comparison]:
    """Existing features keep what the upload does not speak of."""
    rows, old_rows = comparison.pairs[:, 0], comparison.pairs[:, 1]
    geometry = staged.geometry.copy()
    undrawn = shapely.is_missing(geometry[rows])
    geometry[rows[undrawn]] = current.geometry[old_rows[undrawn]]
    still = ~comparison.moved | undrawn
    columns: dict[str, NDArray[Any]] = {}
    for name in property_names(staged, current):
        keeps = _keeps(name, staged, supplied)
        kept = np.flatnonzero(still) if keeps == "still" else np.arange(len(rows))
        columns[name] = _column(name, staged, current)
        if keeps != "none":
            old = _column(name, current, staged)
            columns[name][rows[kept]] = old[old_rows[kept]]
    whole = Frame(staged.ids, geometry, columns)
    differs = edited(whole.take(rows), current.take(old_rows))
    return whole, replace(comparison, moved=~still, edited=differs)


def _keeps(name: str, staged: Frame, supplied: Collection[str]) -> str:
    """Of which existing features a property stays: none, those still in place, all."""
    if name in supplied:
        return "none"
    if name in _IMPLIED:
        return "still"
    in_file = name in staged.columns and not _is_blank(staged.columns[name])
    return "none" if in_file else "all"


def _is_blank(values: NDArray[Any]) -> bool:
    return all(value is None or value != value for value in values.tolist())


def _column(name: str, frame: Frame, like: Frame) -> NDArray[Any]:
    """A fresh copy of the column, empty and of the other frame's type if missing."""
    own, other = frame.columns.get(name), like.columns.get(name)
    numeric = all(c is None or c.dtype.kind == "f" for c in (own, other))
    if own is None:
        missing = np.nan if numeric else None
        return np.full(len(frame), missing, dtype=float if numeric else object)
    return own.copy() if numeric else own.astype(object)
