"""Features out again, in the formats that offices use.

Every export can be uploaded here again and changes nothing, within what the format
can hold (docs/uploads.md has the table; tests/service/exports proves it).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from geo.crs import Crs, parse_crs
from geo.frame import Frame
from layers.catalogue import Layer
from service.atlas import atlas_of
from service.errors import NotAcceptable
from service.parameters import bad

if TYPE_CHECKING:
    from service.items import ItemsRequest

Writer = Callable[[Frame, Layer, Crs], bytes]


@dataclass(frozen=True, slots=True)
class ExportFormat:
    """A format: where its writer is (imported when it is first asked for), the CRS it
    is written in unless another is asked for, and what it is called."""

    writer: str
    crs: str
    suffix: str
    media_type: str
    #: Whether ``crs=`` is obeyed; the others have one CRS only.
    any_crs: bool = True


_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_KML = "application/vnd.google-earth.kml+xml"
FORMATS: Mapping[str, ExportFormat] = {
    "csv": ExportFormat("tables:write_csv", "CRS84", ".csv", "text/csv; charset=utf-8"),
    "xlsx": ExportFormat("tables:write_xlsx", "CRS84", ".xlsx", _SHEET),
    "gpkg": ExportFormat(
        "datasets:write_gpkg", "EPSG:4490", ".gpkg", "application/geopackage+sqlite3"
    ),
    "shp": ExportFormat(
        "shapefile:write_shapefile", "EPSG:4490", "-shp.zip", "application/zip"
    ),
    "shp-gbk": ExportFormat(
        "shapefile:write_gbk_shapefile", "EPSG:4490", "-shp-gbk.zip", "application/zip"
    ),
    "kml": ExportFormat("datasets:write_kml", "CRS84", ".kml", _KML, any_crs=False),
    "dxf": ExportFormat("drawing:write_dxf", "EPSG:4547", ".dxf", "image/vnd.dxf"),
    "txt": ExportFormat(
        "boundary_points:write_boundary_points",
        "EPSG:4526",
        ".txt",
        "text/plain; charset=gb18030",
        any_crs=False,
    ),
}


def export_items(request: Request, layer: Layer, number: int, form: str) -> Response:
    """The features that ``/items`` would find as a file: all of them, unless a limit
    is asked for. Blocks."""
    from service.banded import banded
    from service.items import BAND, parse_items, with_unlocated

    atlas = atlas_of(request)
    asked = parse_items(request, layer, max_limit=atlas.settings.max_limit)
    if asked.hits:
        raise bad("resulttype", "counts in JSON and HTML only", "只能用于 JSON 和 HTML")
    if not BAND.isdisjoint(request.query_params):
        asked, _ = banded(request, layer, number, asked)
    asked = with_unlocated(asked, atlas.store.version(layer.id, number))
    frame = _frame(request, layer, number, asked)
    format = FORMATS[form]
    obeyed = "crs" in request.query_params and format.any_crs
    crs = asked.crs if obeyed else parse_crs(format.crs)
    name = f"{layer.id}-v{number}{format.suffix}"
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-crs": f"<{crs.uri}>",
        "cache-control": "no-cache",
        "vary": "Accept",
    }
    content = export(frame, layer, form, crs)
    return Response(content, headers=headers, media_type=format.media_type)


def _frame(request: Request, layer: Layer, number: int, asked: ItemsRequest) -> Frame:
    """The rows and columns that were asked for, in the order of ``/items``."""
    atlas, given, query = atlas_of(request), request.query_params, asked.query
    frame = atlas.store.frame(layer.id, number, query=query)
    if {"limit", "offset", "sortby"} & given.keys():
        most = query.limit if "limit" in given else atlas.settings.max_features
        wanted = atlas.store.ids(layer.id, number, query)
        wanted = wanted[query.offset : query.offset + most]
        rows = {id: row for row, id in enumerate(frame.ids)}
        frame = frame.take(np.array([rows[id] for id in wanted], dtype=np.intp))
    columns = frame.columns
    if (named := asked.properties) is not None:
        columns = {n: values for n, values in columns.items() if n in named}
    nowhere = np.full(len(frame), None, dtype=object)
    return Frame(frame.ids, frame.geometry if asked.geometry else nowhere, columns)


def export(frame: Frame, layer: Layer, form: str, crs: Crs | None = None) -> bytes:
    """The file's bytes. ``frame`` is in CRS84."""
    if form not in FORMATS:
        names = ", ".join(FORMATS)
        raise NotAcceptable(
            f"Format {form!r} is not written here. Use {names}.",
            f"不提供“{form}”格式。可用：{names}。",
        )
    format = FORMATS[form]
    module, _, function = format.writer.partition(":")
    write: Writer = getattr(import_module(f"service.exports.{module}"), function)
    return write(frame, layer, crs or parse_crs(format.crs))
