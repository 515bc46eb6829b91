"""DXF: drawings, in which a parcel is a closed line and its number a text inside it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray
from service.uploads import ogr
from service.uploads.arcs import curves, misdrawn
from service.uploads.blocks import check_blocks, drop_fitted_curves, unfolded
from service.uploads.inscriptions import TEXT, has_text, joined, parted, texts_inside
from service.uploads.nearly_closed import nearly_closed
from service.uploads.problems import Problem
from service.uploads.regrouping import Own, options_for, own_entities, regrouped
from service.uploads.symbols import symbols
from service.uploads.table import (
    Columns,
    Encoding,
    ReadOptions,
    SourceTable,
    object_array,
)

_LAYER = "CAD图层"
_ID = "要素编号"
_DIMENSIONS = {"point": 0, "line": 1, "polygon": 2}
#: Classes that arrow heads are drawn with.
_ARROWS = ("AcDbTrace", "AcDbLeader")
_ESCAPE = re.compile(r"\\U\+([0-9A-Fa-f]{4})")


def read_dxf(path: Path, options: ReadOptions) -> SourceTable:
    """The entities of the kind that the layer takes. No CRS: drawings have none."""
    check_blocks(path, options.limits)
    dropped = drop_fitted_curves(path)
    told = {"CLOSED_LINE_AS_POLYGON": "YES", **options_for(path)}
    reading = ogr.read(path, options.limits, encoding="UTF-8", **told)
    texts = object_array([_unescaped(v) for v in _column(reading.columns, "Text")])
    own = own_entities(reading.columns, len(reading.geometry))
    texts[_our_labels(own, texts)] = None
    geometry = reading.geometry.copy()
    paper = _on_paper(reading.columns)
    aside = paper | _annotations(reading.columns)
    geometry[aside], texts[aside] = None, None
    classes = _column(reading.columns, "SubClasses")
    geometry[lost := misdrawn(geometry, classes)] = None
    loose: list[Problem] = []
    if options.kind == "polygon":
        loose = nearly_closed(geometry)
        geometry = _closed_lines_as_areas(geometry)
        lost |= (signs := symbols(geometry, classes))
        geometry[signs] = None
    geometry = regrouped(geometry, own.ids)
    dimensions = shapely.get_dimensions(geometry)
    wanted = _DIMENSIONS.get(options.kind, -1)
    taken = dimensions == wanted if wanted >= 0 else dimensions >= 0
    rows = np.flatnonzero(taken & ~own.labels)
    layers = [_unescaped(v) for v in _column(reading.columns, "Layer")]
    columns: Columns = {_ID: own.ids[rows], _LAYER: object_array(layers)[rows]}
    if wanted == 2:
        inside = texts_inside(geometry[rows], geometry, has_text(texts, geometry))
        columns[TEXT] = joined(inside, texts)
        if not _given(own.ids).any():
            columns |= parted(inside, texts, layers)
        geometry = geometry.copy()
        solid = _with_holes(geometry[rows], columns)
        geometry[rows] = solid
        kept = ~shapely.is_missing(solid)
        rows = rows[kept]
        columns = {name: values[kept] for name, values in columns.items()}
    else:
        columns[TEXT] = texts[rows]
    written = own.labels | _given(texts)
    unused = _unused(dimensions, rows, written, dropped + int(lost.sum()))
    return SourceTable(
        "dxf",
        path.stem,
        geometry[rows],
        _named(columns, is_own=bool(_given(own.ids).any())),
        None,
        Encoding("utf-8", "format"),
        (
            *unused,
            *unfolded(path),
            *loose,
            *_of_sheets(paper),
            *curves(path, reading.columns, rows),
            *_moved(reading.problems, rows),
        ),
        frozenset((_LAYER,)),
    )


def _on_paper(columns: Columns) -> NDArray[np.bool_]:
    """Entities of sheets: frames and titles in millimetres of paper."""
    flags = [value == 1 for value in _column(columns, "PaperSpace")]
    return np.array(flags, dtype=bool)


def _of_sheets(paper: NDArray[np.bool_]) -> list[Problem]:
    values = {"count": int(paper.sum())}
    return [Problem("paper_space", values=values)] if paper.any() else []


def _annotations(columns: Columns) -> NDArray[np.bool_]:
    """Dimensions and leaders come in pieces of one handle; their arrow heads would be
    parcels, their figures numbers of parcels."""
    handles = _column(columns, "EntityHandle")
    kinds = [str(kind) for kind in _column(columns, "SubClasses")]
    counts = Counter(handles)
    drawn = {
        handle
        for handle, kind in zip(handles, kinds, strict=True)
        if counts[handle] > 1 and kind.endswith(_ARROWS)
    }
    return np.array([handle in drawn for handle in handles], dtype=bool)


def _our_labels(own: Own, texts: ObjectArray) -> NDArray[np.bool_]:
    """Labels that still say what we wrote; an edited one is somebody's word."""
    ids = set(own.ids.tolist())
    result = own.labels.copy()
    result &= np.array([text in ids for text in texts.tolist()], dtype=bool)
    return result


def _given(values: ObjectArray) -> NDArray[np.bool_]:
    return np.array([value is not None for value in values.tolist()], dtype=bool)


def _named(columns: Columns, *, is_own: bool) -> Columns:
    """In a drawing of ours, what was added to it is called by the text inside it."""
    ids, texts = columns.pop(_ID), columns.pop(TEXT)
    if is_own:
        added = ~_given(ids)
        ids[added], texts[added] = texts[added], None
        columns = {_ID: ids, **columns}
    return {**columns, TEXT: texts} if _given(texts).any() else columns


def _closed_lines_as_areas(geometry: ObjectArray) -> ObjectArray:
    """Circles and rings of arcs come as lines that end where they began."""
    lines = shapely.get_type_id(geometry) == 1
    closed = lines & shapely.is_closed(geometry)
    rows = np.flatnonzero(closed & (shapely.get_num_coordinates(geometry) >= 4))
    result = geometry.copy()
    result[rows] = [shapely.Polygon(line.coords) for line in geometry[rows]]
    return result


def _column(columns: Columns, name: str) -> list[Any]:
    return columns[name].tolist() if name in columns else []


def _unescaped(text: Any) -> Any:
    """Drawings before 2007 write Chinese as ``\\U+6ce8``."""
    if not isinstance(text, str):
        return None
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), _reread(text)) or None


def _reread(text: str) -> str:
    """Newer drawings are in UTF-8 but name an old code page, which GDAL believes; old
    ones name a Western page and are in GBK."""
    if text.isascii():
        return text
    for encoding in ("utf-8", "gb18030"):
        try:
            return text.encode("latin-1").decode(encoding)
        except UnicodeError:
            continue
    return text


def _with_holes(areas: ObjectArray, columns: Columns) -> ObjectArray:
    """An outline without a text inside one that has a text, on the same CAD layer, is
    a hole of it; it becomes None."""
    texts, layers = columns[TEXT], columns[_LAYER]
    result = areas.copy()
    ours = _given(columns[_ID])  # whose holes are known
    sound = np.flatnonzero(shapely.is_valid(areas) & ~ours)
    outer, inner = shapely.STRtree(areas[sound]).query(
        areas[sound], predicate="contains_properly"
    )
    for shell, hole in zip(sound[outer].tolist(), sound[inner].tolist(), strict=True):
        same_layer = layers[shell] == layers[hole]
        if same_layer and texts[shell] is not None and texts[hole] is None:
            result[shell] = shapely.difference(result[shell], areas[hole])
            result[hole] = None
    return result


def _unused(
    dimensions: NDArray[np.int_],
    rows: NDArray[np.intp],
    written: NDArray[np.bool_],
    dropped: int,
) -> list[Problem]:
    left = np.ones(len(dimensions), dtype=bool)
    left[rows] = False
    left &= ~written & (dimensions >= 0)
    count = int(left.sum()) + dropped
    return [Problem("ignored_entities", values={"count": count})] if count else []


def _moved(problems: tuple[Problem, ...], rows: NDArray[np.intp]) -> list[Problem]:
    """Findings about rows that are kept, with their new numbers."""
    new_row = {int(old): new for new, old in enumerate(rows)}
    return [
        replace(p, row=new_row[p.row])
        for p in problems
        if p.row is not None and p.row in new_row
    ]
