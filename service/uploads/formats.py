"""Which formats we read, how each is recognised, and where its layers are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from service.errors import Unprocessable, UnsupportedMedia
from service.uploads import ogr
from service.uploads.archive import Member, unpack
from service.uploads.geojson import read_geojson
from service.uploads.shapefile import MAGIC as SHAPEFILE_MAGIC
from service.uploads.shapefile import read_shapefile
from service.uploads.table import ReadOptions, SourceTable

Reader = Callable[[Path, ReadOptions], SourceTable]


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its file suffixes, the bytes it must begin with, its reader."""

    id: str
    suffixes: tuple[str, ...]
    magic: tuple[bytes, ...]
    read: Reader
    layered: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One readable layer: of which file, and under which name we offer it."""

    name: str
    path: Path
    format: Format
    layer: str | None = None


def _read_layered(format_id: str) -> Reader:
    def read(path: Path, options: ReadOptions) -> SourceTable:
        reading = ogr.read(path, layer=options.layer)
        return SourceTable(
            format_id,
            options.layer or path.stem,
            reading.geometry,
            reading.columns,
            reading.crs,
            problems=reading.problems,
        )

    return read


FORMATS: tuple[Format, ...] = (
    Format("shapefile", (".shp",), (SHAPEFILE_MAGIC,), read_shapefile),
    Format("geojson", (".geojson", ".json"), (b"{",), read_geojson),
    Format("gpkg", (".gpkg",), (b"SQLite format 3\x00",), _read_layered("gpkg"), True),
    Format("flatgeobuf", (".fgb",), (b"fgb\x03",), _read_layered("flatgeobuf")),
)
_BY_SUFFIX = {suffix: format for format in FORMATS for suffix in format.suffixes}
_COMPANIONS = {".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qpj", ".xml"}


def find_sources(members: list[Member], folder: Path) -> tuple[list[Source], list[str]]:
    """The layers that the received files hold, and the names of files not used.

    ``folder``: an existing, empty place for what has to be unpacked."""
    members = _unpacked(members, folder)
    primary = [m for m in members if m.path.suffix in _BY_SUFFIX]
    if not primary:
        raise _no_known_file(members)
    used = {_stem(member.path) for member in primary}
    ignored = [m.name for m in members if not _belongs(m.path, used)]
    return [source for member in primary for source in _sources(member)], ignored


def _unpacked(members: list[Member], folder: Path) -> list[Member]:
    if len(members) != 1 or members[0].path.suffix != ".zip":
        return members
    return unpack(members[0].path, folder)


def _sources(member: Member) -> list[Source]:
    format = _BY_SUFFIX[member.path.suffix]
    _check_magic(member, format)
    stem = Path(member.name).stem
    if not format.layered:
        return [Source(stem, member.path, format)]
    return [
        Source(name, member.path, format, name) for name in ogr.layer_names(member.path)
    ]


def _check_magic(member: Member, format: Format) -> None:
    with member.path.open("rb") as file:
        head = file.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n")
    if not head:
        raise Unprocessable(
            f"{member.name} is empty (0 bytes). Upload it again.",
            f"{member.name} 是空文件（0 字节）。重新上传。",
        )
    if not head.startswith(format.magic):
        raise Unprocessable(
            f"{member.name} is not a {format.id} file, whatever its name says. "
            "Export it again from your software.",
            f"{member.name} 的内容不是 {format.id} 格式，与扩展名不符。"
            "在原软件中重新导出。",
        )


def _belongs(path: Path, used: set[str]) -> bool:
    is_part = path.suffix in _BY_SUFFIX or path.suffix in _COMPANIONS
    return is_part and _stem(path) in used


def _stem(path: Path) -> str:
    """The path without any suffix, so that ``a.shp.xml`` belongs to ``a.shp``."""
    return str(path.parent / path.name.partition(".")[0])


def _no_known_file(members: list[Member]) -> Unprocessable | UnsupportedMedia:
    suffixes = {member.path.suffix for member in members}
    names = "、".join(member.name for member in members[:5])
    known = ", ".join(suffix for format in FORMATS for suffix in format.suffixes)
    if ".dwg" in suffixes:
        return UnsupportedMedia(
            "DWG cannot be read. Save it as DXF (R2007 or later) and upload that.",
            "不能读取 DWG。另存为 DXF（2007 版或更新）后上传。",
        )
    return UnsupportedMedia(
        f"No file of a known format ({names}). Formats: .zip, {known}.",
        f"没有可识别格式的文件（{names}）。可用格式：.zip, {known}。",
    )
