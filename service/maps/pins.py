"""Which version of each layer a map shows: the newest, a numbered one, or as of a
time."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from layers.catalogue import Layer
from service.errors import NotFound
from service.parameters import bad, instant, utc_text
from service.stores.base import Store

_PIN = re.compile(r"([\w-]+)[:@]([0-9]{1,9})")


def pinned_versions(
    store: Store, layers: Sequence[Layer], given: Mapping[str, str], main: str | None
) -> dict[str, int]:
    """layer -> version. ``version=3`` pins the ``main`` one, the only one that was
    asked for; ``version=old-villages:3,district:1`` several; the others, such as the
    district below the map, are the newest."""
    if "version" in given and "as-of" in given:
        raise bad("as-of", "excludes version", "不能与 version 同时使用")
    if "as-of" in given:
        moment = utc_text(instant("as-of", given["as-of"], end=True))
        wanted = {n.id: store.version_as_of(n.id, moment) for n in layers}
        return {id_: _published(id_, n, n) for id_, n in wanted.items()}
    pins = _pins(layers, given.get("version"), main)
    current = store.current_versions()
    return {
        layer.id: _published(layer.id, pins.get(layer.id), current.get(layer.id, 0))
        for layer in layers
    }


def _pins(
    layers: Sequence[Layer], text: str | None, main: str | None
) -> dict[str, int]:
    if text is None:
        return {}
    if main is not None and re.fullmatch(r"[0-9]{1,9}", text):
        return {main: int(text)}
    pins = {}
    for part in text.split(","):
        match = _PIN.fullmatch(part.strip())
        if match is None or match[1] not in {layer.id for layer in layers}:
            raise bad(
                "version",
                "must be a number for a map of one layer, else layer:number pairs of"
                f" the layers drawn, not {text[:60]!r}",
                "须为版本号（单图层），或所绘图层的“图层:版本”列表，"
                f"而不是“{text[:60]}”",
            )
        pins[match[1]] = int(match[2])
    return pins


def _published(layer: str, wanted: int | None, current: int) -> int:
    number = current if wanted is None else wanted
    if 1 <= number <= current:
        return number
    raise NotFound(
        f"Layer {layer!r} has no such version. See /api/collections/{layer}/versions.",
        f"图层“{layer}”没有所要的版本，可用版本见 /api/collections/{layer}/versions。",
        parameter="version",
    )
