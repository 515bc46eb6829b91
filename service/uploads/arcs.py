"""Arcs and splines of a drawing: which of its entities were curves before they were
read as lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray
from service.uploads.problems import Problem
from service.uploads.table import Columns

_ARCS = ("AcDbCircle", "AcDbArc", "AcDbEllipse")
_SPLINE = "AcDbSpline"
#: A polyline with its pairs, its handle, and a bulge that is not nought.
_POLYLINE = re.compile(
    rb"\n[ ]*0\r?\n(?:LW)?POLYLINE\r?\n.*?(?=\n[ ]*0\r?\n(?!VERTEX)[A-Z])", re.DOTALL
)
_HANDLE = re.compile(rb"\n[ ]*5\r?\n[ ]*([0-9A-Fa-f]+)")
_BULGE = re.compile(rb"\n[ ]*42\r?\n[ ]*[-+]?0*\.?0*[1-9]")


def curves(path: Path, columns: Columns, rows: NDArray[np.intp]) -> list[Problem]:
    """What is to be said of the rows that are kept."""
    bulged = _bulged(path)
    classes, handles = (
        columns[name].tolist() if name in columns else []
        for name in ("SubClasses", "EntityHandle")
    )
    kinds = [str(classes[row]) for row in rows] if len(classes) else []
    splines = sum(kind.endswith(_SPLINE) for kind in kinds)
    arcs = sum(kind.endswith(_ARCS) for kind in kinds)
    arcs += sum(handles[row] in bulged for row in rows) if len(handles) else 0
    told = []
    if arcs:
        told.append(Problem("curves_densified", values={"count": arcs}))
    if splines:
        told.append(Problem("splines_approximated", values={"count": splines}))
    return told


def misdrawn(geometry: ObjectArray, classes: Sequence[Any]) -> NDArray[np.bool_]:
    """Closed splines that the reader begins at the origin of the plane, far away."""
    result = np.zeros(len(geometry), dtype=bool)
    for row, kind in enumerate(classes):
        if str(kind).endswith(_SPLINE) and geometry[row] is not None:
            points = shapely.get_coordinates(geometry[row])
            others = points[1:]
            result[row] = not points[0].any() and np.abs(others).min(initial=1) > 0
    return result


def _bulged(path: Path) -> set[str]:
    raw = path.read_bytes()
    found: set[str] = set()
    if raw.startswith(b"AutoCAD Binary") or not _BULGE.search(raw):
        return found
    for entity in _POLYLINE.finditer(raw):
        if _BULGE.search(entity[0]) and (handle := _HANDLE.search(entity[0])):
            found.add(handle[1].decode())
    return found
