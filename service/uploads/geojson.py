"""GeoJSON in, through GDAL; with the CRS it names, which RFC 7946 forbids it to."""

from __future__ import annotations

import re
from pathlib import Path

import orjson

from service.errors import Unprocessable
from service.uploads import ogr
from service.uploads.encoding import decode
from service.uploads.table import Encoding, ReadOptions, SourceTable

_CRS_MEMBER = re.compile(rb'"crs"\s*:\s*\{')
_WINDOW = 1 << 16


def read_geojson(path: Path, options: ReadOptions) -> SourceTable:
    """The features of a GeoJSON file. Without a ``crs`` member the table has no CRS:
    the standard says lon/lat, but projected numbers are common in practice."""
    encoding = _as_utf8(path)
    try:
        reading = ogr.read(path, options.limits, layer=options.layer)
    except Unprocessable as refusal:
        raise _slip(path) or refusal from refusal
    return SourceTable(
        "geojson",
        path.stem,
        reading.geometry,
        reading.columns,
        reading.crs if _names_crs(path) else None,
        encoding,
        reading.problems,
    )


def layer_names(path: Path) -> list[str]:
    """TopoJSON can hold several layers; GeoJSON has one, without a name."""
    with path.open("rb") as file:
        is_topology = b'"Topology"' in file.read(_WINDOW)
    return ogr.layer_names(path) if is_topology else []


def _slip(path: Path) -> Unprocessable | None:
    """Where the JSON breaks off; None if as JSON it is sound."""
    try:
        orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        line, column = error.lineno, error.colno
        return Unprocessable(
            f"The JSON is broken at line {line}, column {column}: it is cut off there "
            "or mistyped. Export it again from your software.",
            f"JSON 在第 {line} 行第 {column} 列出错：此处被截断或书写有误。"
            "在原软件中重新导出。",
        )
    return None


def _names_crs(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(_WINDOW)
        file.seek(max(0, path.stat().st_size - _WINDOW))
        return bool(_CRS_MEMBER.search(head) or _CRS_MEMBER.search(file.read()))


def _as_utf8(path: Path) -> Encoding:
    """Rewrite the private copy in UTF-8 if it is not; GBK exports exist."""
    raw = path.read_bytes()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        text, _ = decode(raw, "gb18030")
        path.write_text(text, "utf-8")
        sample = re.findall(r"[\u4e00-\u9fff]{2,}", text)[:5]
        return Encoding("gb18030", "detected", {"gb18030": sample})
    return Encoding("utf-8", "format")
