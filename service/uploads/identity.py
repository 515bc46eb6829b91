"""Feature ids: the file's own, or one made of the content, so that the same feature
uploaded twice is the same feature."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.frame import FloatArray, ObjectArray
from layers.catalogue import Layer
from service.uploads.mapping import Mapped
from service.uploads.problems import Problem
from service.uploads.table import object_array

#: Served coordinates have seven decimals, about a centimetre.
DECIMALS = 7
_ACCEPTABLE = re.compile(r"[^\x00-\x1f\x7f/?#%\\]{1,128}")


def feature_ids(
    mapped: Mapped, geometry: ObjectArray, layer: Layer
) -> tuple[ObjectArray, list[Problem]]:
    """An id a feature, unique; what is wrong with the file's own ids."""
    if mapped.ids is None:
        return _content_ids(mapped, geometry, layer), []
    given = object_array([_text(value) for value in mapped.ids.tolist()])
    problems = list(_id_problems(given))
    return _unique(given), problems


def normal_form(geometry: ObjectArray) -> ObjectArray:
    """The same shape always in the same order, whatever its coordinates are."""
    with np.errstate(invalid="ignore"):
        result: ObjectArray = shapely.normalize(rounded(geometry))
    return result


def rounded(geometry: ObjectArray) -> ObjectArray:
    """Geometry with the coordinates that are served."""
    result: ObjectArray = shapely.transform(geometry, _round)
    return result


def _round(coordinates: FloatArray) -> FloatArray:
    with np.errstate(over="ignore"):
        return np.round(coordinates, DECIMALS)


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _id_problems(given: ObjectArray) -> list[Problem]:
    counts = Counter(given.tolist())
    problems = []
    for row, text in enumerate(given.tolist()):
        if not _ACCEPTABLE.fullmatch(text):
            problems.append(Problem("malformed_id", row, "id", values={"value": text}))
        elif counts[text] > 1:
            problems.append(Problem("duplicate_id", row, "id", values={"value": text}))
    return problems


def _content_ids(mapped: Mapped, geometry: ObjectArray, layer: Layer) -> ObjectArray:
    shapes = shapely.to_wkb(normal_form(geometry))
    told = {name: _json_values(mapped.columns[name]) for name in sorted(mapped.columns)}
    told = {name: column for name, column in told.items() if any(map(_is_told, column))}
    names, values = list(told), list(told.values())
    rows = zip(*values, strict=True) if values else ((),) * len(shapes)
    digests = [
        f"{layer.id}-{_digest(shape, names, row)}"
        for shape, row in zip(shapes, rows, strict=True)
    ]
    return _unique(object_array(digests))


def _json_values(values: NDArray[Any]) -> list[Any]:
    return [None if v != v or v == "" else v for v in values.tolist()]


def _is_told(value: Any) -> bool:
    return value is not None


def _digest(shape: bytes | None, names: list[str], row: tuple[Any, ...]) -> str:
    known = dict(zip(names, row, strict=True))
    if None in row:
        known = {name: value for name, value in known.items() if value is not None}
    content = (shape or b"") + orjson.dumps(known, default=str)
    return hashlib.sha256(content).hexdigest()[:12]


def _unique(ids: ObjectArray) -> ObjectArray:
    """The second feature of the same id becomes ``…-2``, in file order."""
    seen: Counter[str] = Counter()
    result = []
    for text in ids.tolist():
        seen[text] += 1
        result.append(text if seen[text] == 1 else f"{text}-{seen[text]}")
    return object_array(result)
