"""GeoJSON in, through GDAL; with the CRS it names, which RFC 7946 forbids it to."""

from __future__ import annotations

import re
from pathlib import Path

import orjson

from service.errors import BadRequest, Unprocessable
from service.uploads import ogr
from service.uploads.encoding import decode
from service.uploads.problems import Problem
from service.uploads.readings import parse_reading
from service.uploads.table import Encoding, ReadOptions, SourceTable
from service.uploads.topology import is_topology

_CRS_MEMBER = re.compile(
    rb'"crs"\s*:\s*\{[^{}]*(?:\{[^{}]*?(?:"name"\s*:\s*"(?P<name>[^"]*)")?[^{}"]*\})?'
)
_WINDOW = 1 << 16
_FALLBACK = "EPSG:4326"


def read_geojson(path: Path, options: ReadOptions) -> SourceTable:
    """The features of a GeoJSON file. Without a ``crs`` member the table has no CRS:
    the standard says lon/lat, but projected numbers are common in practice."""
    encoding = _as_utf8(path)
    try:
        reading = ogr.read(path, options.limits, layer=options.layer)
    except Unprocessable as refusal:
        raise _slip(path) or refusal from refusal
    crs, doubts = _named_crs(path, reading.crs)
    return SourceTable(
        "geojson",
        path.stem,
        reading.geometry,
        reading.columns,
        crs,
        encoding,
        (*reading.problems, *doubts),
    )


def layer_names(path: Path) -> list[str]:
    """TopoJSON can hold several layers; GeoJSON has one, without a name."""
    return ogr.layer_names(path) if is_topology(path) else []


def _slip(path: Path) -> Unprocessable | None:
    """Where the JSON breaks off; None if as JSON it is sound."""
    try:
        orjson.loads(path.read_bytes())
    except orjson.JSONDecodeError as error:
        line, column = error.lineno, error.colno
        if "depth" in error.msg:
            return Unprocessable(
                f"The JSON is nested too deeply (line {line}, column {column}). Export "
                "it again from your software.",
                f"JSON 嵌套过深（第 {line} 行第 {column} 列）。在原软件中重新导出。",
            )
        return Unprocessable(
            f"The JSON is broken at line {line}, column {column}: it is cut off there "
            "or mistyped. Export it again from your software.",
            f"JSON 在第 {line} 行第 {column} 列出错：此处被截断或书写有误。"
            "在原软件中重新导出。",
        )
    return None


def _named_crs(path: Path, read: str | None) -> tuple[str | None, list[Problem]]:
    """The CRS that the file names, if the registry knows it: what GDAL takes instead
    of an unknown one would be a guess."""
    with path.open("rb") as file:
        head = file.read(_WINDOW)
        file.seek(max(0, path.stat().st_size - _WINDOW))
        found = _CRS_MEMBER.search(head) or _CRS_MEMBER.search(file.read())
    if not found:
        return None, []
    name = (found["name"] or b"?").decode("utf-8", "replace")
    try:
        return parse_reading(name).name, []
    except BadRequest:
        if read not in (None, _FALLBACK):
            return read, []
        return None, [Problem("unknown_crs_name", values={"name": name[:80]})]


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
