"""Moving everything from one store into another: versions, history, records, audit."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from layers.catalogue import Layer
from service.errors import Conflict
from service.stores.base import Store
from service.stores.copying import PLAIN_TABLES, Copying

#: Called with what is being copied, how much is done, and of how much.
Progress = Callable[[str, int, int], None]


def migrate(
    source: Store,
    target: Store,
    layers: Iterable[Layer],
    *,
    progress: Progress = lambda what, done, total: None,
    replace: bool = False,
) -> None:
    """Copy everything in one transaction: a target that fails midway holds nothing
    new. Raises ``Conflict`` if the target holds versions and may not be replaced, or
    the source has layers that the catalogue lacks."""
    known = list(layers)
    for store in (source, target):
        store.prepare(known)
    assert isinstance(source, Copying) and isinstance(target, Copying)
    _check(source, target, known, replace=replace)
    with source.database.snapshot(), target.database.transaction():
        target.clear(known)
        for layer in known:
            _copy_layer(source, target, layer, progress)
        for name in PLAIN_TABLES:
            for rows in source.plain_rows(name):
                target.add_plain_rows(name, rows)


def _copy_layer(
    source: Copying, target: Copying, layer: Layer, progress: Progress
) -> None:
    total, done, last = source.count_features(layer), 0, 0
    progress(layer.id, done, total)
    while rows := source.features_after(layer, last):
        target.add_features(layer, rows)
        done, last = done + len(rows), rows[-1][0]
        progress(layer.id, done, total)
    target.finish_features(layer)


def _check(source: Store, target: Store, known: list[Layer], *, replace: bool) -> None:
    if target.current_versions() and not replace:
        raise Conflict(
            "The target store already holds published versions. Name an empty one.",
            "目标存储中已有发布版本，请指定一个空的存储。",
        )
    strangers = set(source.current_versions()) - {layer.id for layer in known}
    if strangers:
        names = ", ".join(sorted(strangers))
        raise Conflict(
            f"The source store has layers that the catalogue lacks: {names}."
            " Add them to layers/catalogue.toml, so that nothing is lost.",
            f"源存储中有目录里没有的图层：{names}。请先补入 layers/catalogue.toml。",
        )
