"""Reading through GDAL: one call, its warnings kept quiet, its errors translated."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geo.frame import ObjectArray
from service.errors import Unprocessable
from service.uploads.drivers import pyogrio
from service.uploads.limits import Limits
from service.uploads.openrings import mended
from service.uploads.problems import Problem
from service.uploads.table import Columns, object_array

#: Text is asked for in this encoding where GDAL would guess: every byte survives.
RAW = "ISO-8859-1"
#: So many features are read at once, and counted before more are.
WINDOW = 50_000
_LARGEST_EXACT = 2.0**53
#: What the reader says when it leaves the values along a line out.
_MEASURED = "Measured (M)"
_ERRORS = (
    pyogrio.errors.DataSourceError,
    pyogrio.errors.DataLayerError,
    pyogrio.errors.FeatureError,
    pyogrio.errors.FieldError,
    pyogrio.errors.GeometryError,
    pyogrio.errors.CRSError,
)
#: Formats that can begin to read anywhere.
_INDEXED = (".gpkg", ".shp", ".fgb", ".gdb")


@dataclass(frozen=True, slots=True)
class Reading:
    """What GDAL gave: arrays, and the findings that only reading can make."""

    geometry: ObjectArray
    columns: Columns
    crs: str | None
    problems: tuple[Problem, ...]


def read(path: Path, limits: Limits, **options: Any) -> Reading:
    """One layer of a file. ``options`` go to ``pyogrio.raw.read``."""
    if path.suffix not in _INDEXED:
        return _window(path, limits, options)
    limits.check(_announced(path, options), 0)
    windows = [_window(path, limits, options, 0)]
    while len(windows[-1].geometry) == WINDOW:  # there may be more
        _check_together(windows, limits)
        windows.append(_window(path, limits, options, len(windows) * WINDOW))
    _check_together(windows, limits)
    return windows[0] if len(windows) == 1 else _joined(windows)


def _announced(path: Path, options: Mapping[str, Any]) -> int:
    """The number of features that the file names, 0 if it does not."""
    named = {k: v for k, v in options.items() if k in ("layer", "encoding")}
    count = int(_quiet(pyogrio.read_info, path, **named)["features"])
    return max(0, count)


def _window(
    path: Path, limits: Limits, options: Mapping[str, Any], first: int | None = None
) -> Reading:
    """Features from ``first`` on; all of them without one."""
    window = {"skip_features": first, "max_features": WINDOW}
    window = {} if first is None else window
    window["datetime_as_string"] = True  # otherwise the time zone is lost
    measured: list[Problem] = []
    meta, _, wkb, values = _quiet(pyogrio.raw.read, path, measured, **window, **options)
    count = len(values[0]) if values else 0
    geometry, problems = _geometry(wkb, count, limits)
    shift = first or 0
    problems = tuple(replace(p, row=(p.row or 0) + shift) for p in problems)
    problems += (*measured, *_rounded(meta, values))
    return Reading(geometry, _columns(meta, values), meta["crs"], problems)


def _rounded(meta: Mapping[str, Any], values: Sequence[Any]) -> Iterator[Problem]:
    """Whole numbers too long for the floats that they came as."""
    for name, kind, column in zip(meta["fields"], meta["dtypes"], values, strict=True):
        if not str(kind).startswith("int") or column.dtype.kind != "f":
            continue
        with np.errstate(invalid="ignore"):
            count = int((np.abs(column) >= _LARGEST_EXACT).sum())
        if count:
            told = {"name": str(name), "count": count}
            yield Problem("rounded_numbers", None, str(name), values=told)


def _check_together(windows: Sequence[Reading], limits: Limits) -> None:
    shapes = [window.geometry for window in windows]
    vertices = sum(int(shapely.get_num_coordinates(some).sum()) for some in shapes)
    limits.check(sum(map(len, shapes)), vertices)


def _joined(windows: Sequence[Reading]) -> Reading:
    return Reading(
        np.concatenate([window.geometry for window in windows]),
        {
            name: np.concatenate([window.columns[name] for window in windows])
            for name in windows[0].columns
        },
        windows[0].crs,
        tuple(
            problem
            for number, window in enumerate(windows)
            for problem in window.problems
            if number == 0 or problem.code != "dropped_measures"
        ),
    )


def _quiet(
    read: Callable[..., Any],
    path: Path,
    told: list[Problem] | None = None,
    **options: Any,
) -> Any:
    """GDAL's warnings kept, but for those of measures; its errors told as ours."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            result = read(path, **options)
        except (*_ERRORS, IndexError, UnicodeError) as error:
            raise unreadable() from error
    if told is not None and any(_MEASURED in str(w.message) for w in said):
        told.append(Problem("dropped_measures"))
    return result


def feature_count(path: Path, layer: str) -> int:
    """The number of features of a layer, as the file names or counts them."""
    return int(_quiet(pyogrio.read_info, path, layer=layer)["features"])


def layer_names(path: Path) -> list[str]:
    """Names of the layers of a file that hold geometry, or all if none does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            layers = pyogrio.list_layers(path).tolist()
        except (*_ERRORS, UnicodeError) as error:
            raise unreadable() from error
    located = [name for name, kind in layers if kind is not None]
    return located or [name for name, _ in layers]


def check_vertices(geometry: ObjectArray, limits: Limits) -> None:
    """Refuse more than the limits allow."""
    limits.check(len(geometry), int(shapely.get_num_coordinates(geometry).sum()))


def unreadable() -> Unprocessable:
    """The file is not what its name says, or is damaged."""
    return Unprocessable(
        "The file cannot be read: it is damaged, incomplete or not of the format "
        "its name says. Export it again from your software.",
        "文件无法读取：已损坏、不完整，或内容与扩展名不符。在原软件中重新导出。",
    )


def _geometry(
    wkb: ObjectArray | None, count: int, limits: Limits
) -> tuple[ObjectArray, tuple[Problem, ...]]:
    if wkb is None:
        return np.full(count, None, dtype=object), ()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        geometry = _shapes(wkb)
    given = np.array([item is not None for item in wkb], dtype=bool)
    lost = np.flatnonzero(given & shapely.is_missing(geometry))
    problems = [p for row in lost.tolist() for p in _close(geometry, row, wkb[row])]
    check_vertices(geometry, limits)
    return geometry, tuple(problems)


def _close(geometry: ObjectArray, row: int, wkb: bytes) -> list[Problem]:
    """Put the area with its open rings closed into ``geometry``, and say which."""
    if (closed := mended(wkb)) is None:
        return [Problem("unreadable_geometry", row)]
    geometry[row] = closed.geometry
    return [
        Problem("unclosed_ring", row, values={"ring": ring}) for ring in closed.opened
    ]


def _shapes(wkb: ObjectArray) -> ObjectArray:
    try:
        shapes: ObjectArray = shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:  # one curve must not cost the rest
        return object_array([_shape(one) for one in wkb.tolist()])
    return shapes


def _shape(wkb: bytes | None) -> shapely.Geometry | None:
    try:
        return shapely.from_wkb(wkb, on_invalid="ignore")
    except NotImplementedError:
        return None


def _columns(meta: Mapping[str, Any], values: Sequence[Any]) -> Columns:
    described = zip(
        meta["fields"].tolist(),
        meta["dtypes"].tolist(),
        meta["ogr_subtypes"],
        values,
        strict=True,
    )
    return {
        name: _typed(column, kind, subtype) for name, kind, subtype, column in described
    }


def _typed(values: NDArray[Any], kind: str, subtype: str) -> NDArray[Any]:
    if kind == "bool":
        known = [None if v is None or v != v else bool(v) for v in values.tolist()]
        return object_array(known)
    return _whole(values) if kind.startswith("int") else _plain(values, subtype)


def _whole(values: NDArray[Any]) -> NDArray[Any]:
    """Integers, which come as floats where some are missing."""
    if values.dtype.kind != "f":
        return values.astype(np.int64)
    return object_array([None if v != v else int(v) for v in values.tolist()])


def _plain(values: NDArray[Any], subtype: str) -> NDArray[Any]:
    """Integers to int64, numbers to float64, dates to ISO text, JSON to values."""
    if values.dtype.kind in "iu":
        return values.astype(np.int64)
    if values.dtype.kind == "f":
        return values.astype(np.float64)
    if values.dtype.kind == "M":
        return _dates(values)
    if subtype == "OFSTJSON":
        return object_array([_json(value) for value in values.tolist()])
    return object_array([_listed(value) for value in values.tolist()])


def _listed(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) else value


def _dates(values: NDArray[Any]) -> ObjectArray:
    text: ObjectArray = np.datetime_as_string(values).astype(object)
    text[np.isnat(values)] = None
    return text


def _json(value: Any) -> Any:
    try:
        return orjson.loads(value) if isinstance(value, str) else value
    except orjson.JSONDecodeError:
        return value
