"""GeoPackage and KML, through GDAL."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import Crs, from_crs84
from geo.frame import Frame, ObjectArray
from layers.catalogue import Layer
from service.exports.sheet import flat_columns

_TYPES = {
    "polygon": "MultiPolygon",
    "line": "MultiLineString",
    "point": "MultiPoint",
    "any": "Unknown",
}
#: What a GeoPackage calls its key and its shapes.
_OWN = ("fid", "geom")
_MULTI = {1: 5, 2: 6, 0: 4}
_BUILD = {
    0: shapely.multipoints,
    1: shapely.multilinestrings,
    3: shapely.multipolygons,
}


def write_gpkg(frame: Frame, layer: Layer, crs: Crs) -> bytes:
    """A GeoPackage with one layer."""
    shapes = as_multi(from_crs84(frame.geometry, crs, axis="xy"))
    return _bytes(
        "GPKG",
        ".gpkg",
        shapes,
        flat_columns(frame, layer),
        layer=layer.id,
        geometry_type=_TYPES[layer.geometry],
        crs=f"EPSG:{crs.epsg}",
    )


def write_kml(frame: Frame, layer: Layer, crs: Crs) -> bytes:
    """A KML document; the Chinese name is what a viewer labels."""
    columns = dict(flat_columns(frame, layer))
    if "name_zh" in columns:
        columns["Name"] = columns["name_zh"]
    shapes = from_crs84(frame.geometry, crs, axis="xy")
    return _bytes(
        "LIBKML",
        ".kml",
        shapes,
        columns,
        layer=layer.id,
        geometry_type="Unknown",
        crs="EPSG:4326",
    )


def as_multi(geometry: ObjectArray) -> ObjectArray:
    """Every single geometry as a collection of one, as tables of one type want it."""
    result = geometry.copy()
    kinds = shapely.get_type_id(geometry)
    for kind, build in _BUILD.items():
        for row in np.flatnonzero(kinds == kind):
            result[row] = build([geometry[row]])
    return result


def write_dataset(
    path: Path,
    geometry: ObjectArray,
    columns: Mapping[str, NDArray[Any]],
    **options: Any,
) -> None:
    """One layer by ``pyogrio.raw.write``; its warnings say nothing to the caller."""
    from service.uploads.drivers import pyogrio

    values = [_writable(column) for column in columns.values()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.raw.write(
            path,
            shapely.to_wkb(geometry),
            values,
            np.array(list(columns), dtype=object),
            field_mask=[_missing(column) for column in values],
            **options,
        )


def _writable(column: NDArray[Any]) -> NDArray[Any]:
    return column if column.dtype.kind == "f" else column.astype(object)


def _missing(column: NDArray[Any]) -> NDArray[np.bool_]:
    missing = [value is None or value != value for value in column.tolist()]
    return np.array(missing, dtype=bool)


def _bytes(
    driver: str,
    suffix: str,
    geometry: ObjectArray,
    columns: Mapping[str, NDArray[Any]],
    **options: Any,
) -> bytes:
    named = dict(zip(distinct(columns), columns.values(), strict=True))
    with TemporaryDirectory(prefix="atlas-export-") as folder:
        path = Path(folder) / f"{options['layer']}{suffix}"
        write_dataset(path, geometry, named, driver=driver, **options)
        return path.read_bytes()


def distinct(names: Iterable[str]) -> list[str]:
    """Names that differ by more than capitals, and are none of the format's own.

    >>> distinct(["Name", "name", "fid"])
    ['Name', 'name_2', 'fid_2']
    """
    taken = set(_OWN)
    result = []
    for name in names:
        unique, number = name, 1
        while unique.casefold() in taken:
            number += 1
            unique = f"{name}_{number}"
        taken.add(unique.casefold())
        result.append(unique)
    return result
