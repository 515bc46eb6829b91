"""Changes as bytes: how the features of an unpublished changeset are kept."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import orjson
import shapely
import zstandard
from numpy.typing import NDArray

from geo.frame import Frame, ObjectArray
from service.stores.base import Changes
from service.stores.columns import objects

#: Geometries at a time.
TURN = 1_000
OPTIONS = orjson.OPT_SERIALIZE_NUMPY


def pack(changes: Changes) -> bytes:
    """One compressed block: a JSON head, then each geometry's WKB."""
    frame = changes.upserts
    wkb = [body or b"" for body in _by_turns(_to_wkb, frame.geometry)]
    head = {
        "ids": frame.ids.tolist(),
        "removes": changes.removes.tolist(),
        "lengths": [len(b) for b in wkb],
        "columns": {name: _column(values) for name, values in frame.columns.items()},
    }
    text = orjson.dumps(head, default=str, option=OPTIONS)
    block = b"".join((len(text).to_bytes(8, "little"), text, *wkb))
    return zstandard.compress(block, 1)


def unpack(block: bytes) -> Changes:
    """What ``pack`` was given."""
    raw = zstandard.decompress(block)
    start = 8 + int.from_bytes(raw[:8], "little")
    head = orjson.loads(raw[8:start])
    bounds = np.cumsum([start, *head["lengths"]]).tolist()
    wkb = [raw[a:b] or None for a, b in pairwise(bounds)]
    geometry = objects(_by_turns(shapely.from_wkb, objects(wkb)))
    columns = {name: _values(*kept) for name, kept in head["columns"].items()}
    frame = Frame(objects(head["ids"]), geometry, columns)
    return Changes(frame, objects(head["removes"]))


def _to_wkb(geometries: ObjectArray) -> ObjectArray:
    wkb: ObjectArray = shapely.to_wkb(geometries, flavor="iso")
    return wkb


def _by_turns(
    change: Callable[[ObjectArray], ObjectArray], values: ObjectArray
) -> list[Any]:
    """``change`` of all, some at a time: it holds the interpreter, and there may be
    readers to answer between."""
    parts = (values[at : at + TURN] for at in range(0, len(values), TURN))
    return [one for part in parts for one in change(part).tolist()]


def _column(values: NDArray[Any]) -> tuple[str, list[Any]]:
    plain = values.tolist()
    if values.dtype == object:
        plain = [None if v != v else v for v in plain]
    return values.dtype.kind, plain


def _values(kind: str, values: list[Any]) -> NDArray[Any]:
    if kind == "f":
        return np.array(values, dtype=np.float64)
    if kind in "iub":
        return np.array(values)
    return objects(values)
