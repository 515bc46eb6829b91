"""Zipped shapefiles: names cut on character borders, the encoding written down, and a
table that says which short name was which."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.crs import Crs, from_crs84
from geo.frame import Frame
from layers.catalogue import Layer
from service.exports.datasets import write_dataset
from service.exports.sheet import flat_columns

NAME_BYTES = 10
TEXT_BYTES = 254
#: The name table lies beside the .shp under this suffix; our reader honours it.
NAMES_SUFFIX = ".fields.txt"
_KINDS = {
    "polygon": "Polygon",
    "line": "LineString",
    "point": "Point",
    "any": "Polygon",
}


def write_shapefile(frame: Frame, layer: Layer, crs: Crs) -> bytes:
    """A zip of .shp, .shx, .dbf, .prj, .cpg and the name table, in UTF-8. Text longer
    than 254 bytes is cut on a character border, which the name table tells."""
    return _write(frame, layer, crs, "UTF-8")


def write_gbk_shapefile(frame: Frame, layer: Layer, crs: Crs) -> bytes:
    """The same in GBK, for older software; in GB18030, which goes on where GBK ends,
    if there are characters that need it."""
    return _write(frame, layer, crs, "GBK" if _fits_gbk(frame, layer) else "GB18030")


def _fits_gbk(frame: Frame, layer: Layer) -> bool:
    columns = flat_columns(frame, layer)
    texts = (v for column in columns.values() for v in column.tolist())
    try:
        "".join([*columns, *(v for v in texts if isinstance(v, str))]).encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def _write(frame: Frame, layer: Layer, crs: Crs, encoding: str) -> bytes:
    columns = {
        name: values
        for name, values in flat_columns(frame, layer).items()
        if any(v is not None and v == v for v in values.tolist()) or not len(frame)
    }  # fixed widths: a column that says nothing would weigh as much as one that does
    names = short_names(columns, encoding)
    cut = {name: _cut_column(values, encoding) for name, values in columns.items()}
    shortened = {n for n, values in cut.items() if values is not columns[n]}
    table = _name_table(names, shortened)
    shapes = from_crs84(frame.geometry, crs, axis="xy")
    sink = io.BytesIO()
    with TemporaryDirectory(prefix="atlas-export-") as folder:
        write_dataset(
            Path(folder) / f"{layer.id}.shp",
            shapes,
            {names[name]: values for name, values in cut.items()},
            driver="ESRI Shapefile",
            geometry_type=_KINDS[layer.geometry],
            crs=f"EPSG:{crs.epsg}",
            encoding=encoding,
        )
        (Path(folder) / f"{layer.id}{NAMES_SUFFIX}").write_text(table, "utf-8-sig")
        with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(Path(folder).iterdir()):
                archive.write(path, path.name)
    return sink.getvalue()


def short_names(names: Iterable[str], encoding: str = "utf-8") -> dict[str, str]:
    """Full name -> name of at most ten bytes, all different.

    >>> short_names(["landuse_code", "landuse_color"])
    {'landuse_code': 'landuse_co', 'landuse_color': 'landuse__2'}
    """
    result: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        short, number = cut_text(name, NAME_BYTES, encoding), 1
        while short.casefold() in taken:
            number += 1
            mark = f"_{number}"
            short = cut_text(name, NAME_BYTES - len(mark), encoding) + mark
        taken.add(short.casefold())
        result[name] = short
    return result


def cut_text(text: str, limit: int, encoding: str = "utf-8") -> str:
    """The text, cut to so many bytes between two characters."""
    return text.encode(encoding, "replace")[:limit].decode(encoding, "ignore")


def _cut_column(values: NDArray[Any], encoding: str) -> NDArray[Any]:
    """The column itself if every text fits."""
    if values.dtype.kind == "f":
        return values
    listed = values.tolist()
    cut = [None if v is None else cut_text(v, TEXT_BYTES, encoding) for v in listed]
    if cut == listed:
        return values
    result = np.empty(len(listed), dtype=object)
    result[:] = cut
    return result


def _name_table(names: dict[str, str], shortened: set[str]) -> str:
    lines = ["dbf\tname\tnote"]
    lines += [
        f"{short}\t{name}\t{'shortened 有截断或替换' if name in shortened else ''}"
        for name, short in names.items()
    ]
    return "\r\n".join(lines) + "\r\n"
