"""Which formats we read, how each is recognised, and where its layers are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from service.errors import Unprocessable, UnsupportedMedia
from service.uploads import (
    boundary_points,
    geojson,
    geopackage,
    grid,
    ogr,
    topology,
    workbook,
    xml,
)
from service.uploads.archive import Member, unpack
from service.uploads.counting import check_text
from service.uploads.dxf import read_dxf
from service.uploads.geojson import read_geojson
from service.uploads.limits import UPLOADED, Limits
from service.uploads.shapefile import MAGIC as SHAPEFILE_MAGIC
from service.uploads.shapefile import read_shapefile
from service.uploads.table import ReadOptions, SourceTable
from service.uploads.text import read_text

Reader = Callable[[Path, ReadOptions], SourceTable]
_ZIP = b"PK\x03\x04"
_DWG = re.compile(rb"AC10\d\d")
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its file suffixes, the bytes it must begin with, its reader, and the
    names of its layers if it can have several."""

    id: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    read: Reader
    layers: Callable[[Path], list[str]] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """One readable layer: of which file, and under which name we offer it."""

    name: str
    path: Path
    format: Format
    layer: str | None = None


def _read_ogr(format_id: str) -> Reader:
    def read(path: Path, options: ReadOptions) -> SourceTable:
        reading = ogr.read(path, options.limits, layer=options.layer)
        return SourceTable(
            format_id,
            options.layer or path.stem,
            reading.geometry,
            reading.columns,
            reading.crs,
            problems=reading.problems,
        )

    return read


def _read_text(path: Path, options: ReadOptions) -> SourceTable:
    """A .txt is a boundary point file or a table."""
    text, *_ = read_text(path, options.encoding)
    if text.lstrip("\ufeff\x1e \r\n").startswith(("{", "[{", "<")):
        raise Unprocessable(
            "The .txt holds JSON or XML. Give it the suffix of its format.",
            ".txt 文件里是 JSON 或 XML。改用对应格式的扩展名。",
        )
    if boundary_points.looks_like(text):
        return boundary_points.read_boundary_points(path, options)
    if not re.search(r"[,\t;]", text):
        raise Unprocessable(
            "The text file is neither a boundary point file (with a [地块坐标] "
            "section) nor a table.",
            "文本文件既不是界址点坐标文件（含 [地块坐标]），也不是表格。",
        )
    return grid.read_csv(path, options)


def _read_csv(path: Path, options: ReadOptions) -> SourceTable:
    """A table, unless a spreadsheet saved a boundary point file under this suffix."""
    text, *_ = read_text(path, options.encoding)
    if boundary_points.has_section(text):
        return boundary_points.read_boundary_points(path, options)
    return grid.read_csv(path, options)


_XML = (b"<",)
FORMATS: tuple[Format, ...] = (
    Format("shapefile", (".shp",), (SHAPEFILE_MAGIC,), read_shapefile),
    Format(
        "geojson",
        (".geojson", ".json", ".topojson"),
        (b"{",),
        read_geojson,
        geojson.layer_names,
    ),
    Format(
        "gpkg",
        (".gpkg",),
        (b"SQLite format 3\x00",),
        geopackage.read_geopackage,
        geopackage.layer_names,
    ),
    Format("flatgeobuf", (".fgb",), (b"fgb\x03",), _read_ogr("flatgeobuf")),
    Format("kml", (".kml", ".ovkml"), _XML, xml.read_kml, xml.layer_names),
    Format("gml", (".gml",), _XML, xml.read_gml, xml.layer_names),
    Format("dxf", (".dxf",), (b"0", b"999", b"AutoCAD Binary DXF"), read_dxf),
    Format("boundary-points", (".txt",), (), _read_text),
    Format("csv", (".csv",), (), _read_csv),
    Format(
        "xlsx",
        (".xlsx", ".xls"),
        (_ZIP, _OLE),
        grid.read_workbook,
        workbook.sheet_names,
    ),
    Format("filegdb", (".gdb",), (), _read_ogr("filegdb"), ogr.layer_names),
)
_BY_SUFFIX = {suffix: format for format in FORMATS for suffix in format.suffixes}
_COMPANIONS = {
    ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".xml",
    ".xsd", ".gfs", ".csvt",
}  # fmt: skip
_NAMED = {
    "shapefile": "shapefile",
    "geojson": "GeoJSON",
    "gpkg": "GeoPackage",
    "flatgeobuf": "FlatGeobuf",
    "kml": "KML",
    "gml": "GML",
    "dxf": "DXF",
    "xlsx": "Excel",
}
_PACKED = (".zip", ".kmz", ".ovkmz")
_ARCHIVES = {".rar", ".7z", ".gz", ".tgz", ".bz2", ".xz", ".tar", ".zst"}
#: Pictures that belong to a KMZ, and notes that nobody expects to be read.
_EXPECTED = {".png", ".jpg", ".jpeg", ".gif", ".md", ".html"}


def find_sources(
    members: list[Member], folder: Path, limits: Limits = UPLOADED
) -> tuple[list[Source], list[str]]:
    """The layers that the received files hold, and the names of files not used.

    ``folder``: an existing, empty place for what has to be unpacked."""
    members = list(_geodatabases(_unpacked(members, folder, limits)))
    primary = [m for m in members if m.path.suffix in _BY_SUFFIX]
    if len(primary) > 1:  # a readme beside a shapefile is no second layer
        primary = [m for m in primary if m.path.suffix != ".txt"] or primary
        primary = [m for m in primary if not _is_note(m.path)] or primary
    if not primary:
        raise _no_known_file(members)
    used = {_stem(member.path) for member in primary}
    ignored = [m.name for m in members if not _belongs(m.path, used)]
    sources = [(one, member) for member in primary for one in _sources(member, limits)]
    if not sources:
        raise Unprocessable("The file holds no layer.", "文件里没有图层。")
    return _told_apart(sources), ignored


def _told_apart(sources: list[tuple[Source, Member]]) -> list[Source]:
    """Where two would be called the same (``甲/地块.shp`` and ``乙/地块.shp``) their
    names say the folder and the file."""
    counts = Counter(source.name for source, _ in sources)
    return [
        source
        if counts[source.name] == 1
        else replace(source, name="/".join(filter(None, (member.name, source.layer))))
        for source, member in sources
    ]


def _is_note(path: Path) -> bool:
    """A text that explains the files beside it."""
    if path.suffix != ".txt":
        return False
    text, *_ = read_text(path, None)
    return not boundary_points.looks_like(text) and not re.search(r"[,\t;]", text)


def _unpacked(members: list[Member], folder: Path, limits: Limits) -> list[Member]:
    packed = [m for m in members if m.path.suffix in _PACKED]
    if packed and len(members) > 1:
        raise _beside_others(packed[0].name)
    if not packed:
        return members
    return unpack(members[0].path, folder, limits.unpacked_bytes)


def _geodatabases(members: Sequence[Member]) -> Iterator[Member]:
    """Files within a folder called .gdb are one dataset: that folder."""
    seen: set[Path] = set()
    for member in members:
        folder = next((p for p in member.path.parents if p.suffix == ".gdb"), None)
        if folder is None:
            yield member
        elif folder not in seen:
            seen.add(folder)
            yield Member(folder, member.name.rpartition("/")[0] or folder.name)


def _sources(member: Member, limits: Limits) -> list[Source]:
    format = _BY_SUFFIX[member.path.suffix]
    is_xml = format.id in ("kml", "gml")
    if is_xml:
        xml.as_utf8(member.path)
    _check_magic(member, format)
    stem = Path(member.name).stem
    if is_xml:
        xml.check_self_contained(member.path)
    check_text(member.path, limits)
    if format.id == "geojson":
        topology.check_arcs(member.path, limits)
    names = format.layers(member.path) if format.layers else []
    if len(names) <= 1:
        return [Source(stem, member.path, format, names[0] if names else None)]
    # A document without a name is called after our copy; its own file's name is meant.
    called = {member.path.stem: stem}
    return [Source(called.get(name, name), member.path, format, name) for name in names]


def _check_magic(member: Member, format: Format) -> None:
    if member.path.is_dir():
        return
    with member.path.open("rb") as file:
        head = file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not head:
        raise Unprocessable(
            f"{member.name} is empty (0 bytes). Upload it again.",
            f"{member.name} 是空文件（0 字节）。重新上传。",
        )
    if _DWG.match(head):
        raise _dwg()
    if format.magic and not head.startswith(format.magic):
        kind = _NAMED.get(format.id, format.id)
        if format.id == "xlsx" and not head.startswith((_ZIP[:2], _OLE)):
            raise Unprocessable(
                f"{member.name} is no workbook but text or a web page with its suffix. "
                "Open it in Excel and save it as .xlsx.",
                f"{member.name} 不是工作簿，而是改了扩展名的文本或网页。"
                "用 Excel 打开后另存为 .xlsx。",
            )
        raise Unprocessable(
            f"{member.name} does not hold {kind}, whatever its name says. "
            "Export it again from your software.",
            f"{member.name} 的内容不是 {kind}，与扩展名不符。在原软件中重新导出。",
        )


def _belongs(path: Path, used: set[str]) -> bool:
    if path.suffix in _EXPECTED:
        return True
    is_part = path.suffix in _BY_SUFFIX or path.suffix in _COMPANIONS
    return is_part and _stem(path) in used


def _stem(path: Path) -> str:
    """The path without any suffix, so that ``a.shp.xml`` belongs to ``a.shp``."""
    return str(path.parent / path.name.partition(".")[0])


def _beside_others(name: str) -> Unprocessable:
    return Unprocessable(
        f"{name} is an archive and came together with other files. Upload it alone, or"
        " unpack it and upload or zip all files together.",
        f"{name} 是压缩包，不能与其他文件一起上传。"
        "单独上传它，或解开后把全部文件一起上传。",
    )


def _dwg() -> UnsupportedMedia:
    return UnsupportedMedia(
        "DWG cannot be read. Save it as DXF (R2007 or later) and upload that.",
        "不能读取 DWG。另存为 DXF（2007 版或更新）后上传。",
    )


def _no_known_file(members: list[Member]) -> Unprocessable | UnsupportedMedia:
    suffixes = {member.path.suffix for member in members}
    names = "、".join(member.name for member in members[:5])
    known = ", ".join(suffix for format in FORMATS for suffix in format.suffixes)
    if ".dwg" in suffixes:
        return _dwg()
    if suffixes & _ARCHIVES:
        return UnsupportedMedia(
            f"This kind of archive is not read ({names}). Unpack it and pack the files"
            " as .zip.",
            f"不支持这种压缩包（{names}）。解开后压缩为 .zip 再上传。",
        )
    if suffixes & _COMPANIONS:
        return Unprocessable(
            "The .shp is missing. Zip it with its .shx, .dbf, .prj and .cpg.",
            "缺少 .shp 文件。把 .shp、.shx、.dbf、.prj、.cpg 一并压缩上传。",
        )
    return UnsupportedMedia(
        f"No file of a known format ({names}). Formats: .zip, .kmz, {known}.",
        f"没有可识别格式的文件（{names}）。可用格式：.zip, .kmz, {known}。",
    )
