"""KML and GML: XML that must not reach for anything outside itself."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.parsers import expat

import numpy as np

from service.errors import Unprocessable
from service.uploads import ogr
from service.uploads.encoding import codec_name
from service.uploads.problems import Problem
from service.uploads.table import ReadOptions, SourceTable

#: What shows or means something that lies elsewhere.
_ELSEWHERE = re.compile(
    rb"<(?:\w+:)?NetworkLink\b"
    rb"|<xi:include\b|\bxlink:href\s*=\s*[\"'](?![#\"'])"
)
#: Pictures laid over the ground or the screen, and what they are called.
_PICTURE = re.compile(
    rb"<(?:\w+:)?(?:GroundOverlay|PhotoOverlay|ScreenOverlay)\b[^>]*>"
    rb"(?:\s*<(?:\w+:)?name>([^<]{0,200})<)?"
)
_LISTED = 8
#: Who wrote it stands at the beginning.
_HEAD_BYTES = 4096
_MAP_APPS = re.compile(
    r"奥维|ovital|高德|\bamap|autonavi|百度地图|baidu ?map|腾讯地图|两步路|2bulu",
    re.IGNORECASE,
)
_HEAD = 1024
#: How XML begins that is no text of single bytes.
_WIDE = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)
_PROLOGUE = r"^(\s*<\?xml[^>]*?encoding\s*=\s*[\"'])([\w.:-]+)([\"'])"
_SAID, _SAID_TEXT = re.compile(_PROLOGUE.encode()), re.compile(_PROLOGUE)
#: Curves of GML, which become lines.
_ARCS = re.compile(rb"<(?:\w+:)?(?:Arc|Circle|CubicSpline|BSpline|Bezier)\w*[\s>]")
#: So many layers of a file that small are opened to see whether they are empty.
_FEW, _SMALL = 20, 1 << 24
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
    reading = _read(path, options)
    columns = {k: v for k, v in reading.columns.items() if not _is_noise(k, v.tolist())}
    if "name_zh" in columns:  # our own export, which repeats it for viewers
        columns.pop("Name", None)
    return SourceTable(
        "kml",
        options.layer or path.stem,
        reading.geometry,
        columns,
        "OGC:CRS84",
        problems=(*reading.problems, *_of_map_app(path)),
    )


def _of_map_app(path: Path) -> list[Problem]:
    """Maps of China on the web draw over a shifted system, and KML cannot say so."""
    with path.open("rb") as file:
        head = file.read(_HEAD_BYTES).decode("utf-8", "replace")
    found = _MAP_APPS.search(head)
    if found is None and path.suffix != ".ovkml":
        return []
    return [Problem("map_app_positions", values={"app": found[0] if found else "奥维"})]


def read_gml(path: Path, options: ReadOptions) -> SourceTable:
    """One feature type of a GML file."""
    reading = _read(path, options)
    columns = {k: v for k, v in reading.columns.items() if k not in ("gml_id", "fid")}
    return SourceTable(
        "gml",
        options.layer or path.stem,
        reading.geometry,
        columns,
        reading.crs,
        problems=reading.problems,
    )


def as_utf8(path: Path) -> None:
    """Rewrite the private copy in UTF-8 if it is XML in another encoding, which the
    readers know few of."""
    raw = path.read_bytes()
    codec = next((name for mark, name in _WIDE if raw.startswith(mark)), None)
    said = _SAID.match(raw)
    codec = codec or (codec_name(said[2].decode("latin-1")) if said else None)
    for name in dict.fromkeys((codec or "utf-8", "utf-8", "gb18030")):
        try:
            text = raw.decode(name)
        except UnicodeError:
            continue
        if name not in ("utf-8", "ascii") and text.lstrip("\ufeff \r\n\t").startswith(
            "<"
        ):
            plain = _SAID_TEXT.sub(r"\1UTF-8\3", text.removeprefix("\ufeff"), count=1)
            path.write_bytes(plain.encode("utf-8"))
        return


def layer_names(path: Path) -> list[str]:
    """Names of the folders or feature types; where the XML breaks off if it does. What
    holds folders only, and folders that hold nothing, are left out."""
    try:
        names = ogr.layer_names(path)
        if not 1 < len(names) <= _FEW or path.stat().st_size > _SMALL:
            return names
        return [name for name in names if ogr.feature_count(path, name)] or names[:1]
    except Unprocessable as refusal:
        raise _slip(path) or refusal from refusal


def _read(path: Path, options: ReadOptions) -> ogr.Reading:
    """What the file itself holds, and how often it points elsewhere."""
    check_self_contained(path)
    try:
        reading = ogr.read(path, options.limits, layer=options.layer)
    except Unprocessable as refusal:
        raise _slip(path) or refusal from refusal
    reading = _without_overlays(reading)
    raw = path.read_bytes()
    count = len(_ELSEWHERE.findall(raw))
    told = [Problem("remote_references", values={"count": count})] if count else []
    told += _pictures(raw)
    arcs = len(_ARCS.findall(raw))
    told += [Problem("curves_densified", values={"count": arcs})] if arcs else []
    return replace(reading, problems=(*reading.problems, *told))


def _pictures(raw: bytes) -> list[Problem]:
    found = [name.decode("utf-8", "replace").strip() for name in _PICTURE.findall(raw)]
    names = "、".join([name for name in found if name][:_LISTED]) or "–"
    values = {"count": len(found), "names": names}
    return [Problem("overlaid_pictures", values=values)] if found else []


def _without_overlays(reading: ogr.Reading) -> ogr.Reading:
    """The frame of a picture is no feature of the map."""
    icons = reading.columns.get("icon")
    if icons is None:
        return reading
    kept = np.array([icon is None for icon in icons.tolist()], dtype=bool)
    if kept.all():
        return reading
    new_row = np.cumsum(kept) - 1
    problems = [
        replace(p, row=int(new_row[p.row]))
        for p in reading.problems
        if p.row is not None and kept[p.row]
    ]
    columns = {name: values[kept] for name, values in reading.columns.items()}
    return ogr.Reading(reading.geometry[kept], columns, reading.crs, tuple(problems))


def _slip(path: Path) -> Unprocessable | None:
    """Where the XML breaks off; None if as XML it is sound."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_declarations
    try:
        parser.Parse(path.read_bytes(), True)
    except expat.ExpatError as error:
        line, column = error.lineno, error.offset + 1
        return Unprocessable(
            f"The XML is broken at line {line}, column {column}: it is cut off there or"
            " mistyped. Export it again from your software.",
            f"XML 在第 {line} 行第 {column} 列出错：此处被截断或书写有误。"
            "在原软件中重新导出。",
        )
    return None


def check_self_contained(path: Path) -> None:
    """Refuse document types and entities, which can read files and fill memory."""
    raw = path.read_bytes()
    if b"\0" in raw[:_HEAD]:  # text in two or four bytes a sign
        raw = raw.replace(b"\0", b"")
    if _REACHING.search(raw):
        _refuse_declarations()


def _refuse_declarations(*_: object) -> None:
    raise Unprocessable(
        "The XML declares a document type or entities, which are not read. Export the"
        " file again without them.",
        "XML 中含文档类型或实体声明，不予读取。重新导出不含声明的文件。",
    )


def _is_noise(name: str, values: list[object]) -> bool:
    if name not in _KML_NOISE:
        return False
    return name != "id" or all(value is None for value in values)
