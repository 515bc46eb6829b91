"""KML and GML: XML that must not reach for anything outside itself."""

from __future__ import annotations

import re
from pathlib import Path

from service.errors import Unprocessable
from service.uploads import ogr
from service.uploads.table import ReadOptions, SourceTable

_REACHING = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
#: What the KML driver adds to every feature, whether the file says so or not.
_KML_NOISE = {
    "id",
    "timestamp",
    "begin",
    "end",
    "altitudeMode",
    "tessellate",
    "extrude",
    "visibility",
    "drawOrder",
    "icon",
    "snippet",
    "gml_id",
}


def read_kml(path: Path, options: ReadOptions) -> SourceTable:
    """One folder of a KML file; always lon, lat."""
    check_self_contained(path)
    reading = ogr.read(path, options.limits, layer=options.layer)
    columns = {k: v for k, v in reading.columns.items() if not _is_noise(k, v.tolist())}
    if "name_zh" in columns:  # our own export, which repeats it for viewers
        columns.pop("Name", None)
    return SourceTable(
        "kml",
        options.layer or path.stem,
        reading.geometry,
        columns,
        "OGC:CRS84",
        problems=reading.problems,
    )


def read_gml(path: Path, options: ReadOptions) -> SourceTable:
    """One feature type of a GML file."""
    check_self_contained(path)
    reading = ogr.read(path, options.limits, layer=options.layer)
    columns = {k: v for k, v in reading.columns.items() if k not in ("gml_id", "fid")}
    return SourceTable(
        "gml",
        options.layer or path.stem,
        reading.geometry,
        columns,
        reading.crs,
        problems=reading.problems,
    )


def check_self_contained(path: Path) -> None:
    """Refuse document types and entities, which can read files and fill memory."""
    raw = path.read_bytes()
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raw = raw.decode("utf-16", "replace").encode()
    if _REACHING.search(raw):
        raise Unprocessable(
            "The XML declares a document type or entities, which are not read. Export "
            "the file again without them.",
            "XML 中含文档类型或实体声明，不予读取。重新导出不含声明的文件。",
        )


def _is_noise(name: str, values: list[object]) -> bool:
    if name not in _KML_NOISE:
        return False
    return name != "id" or all(value is None for value in values)
