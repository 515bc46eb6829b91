"""Shapefiles: the parts, the missing index, and the encoding that nobody wrote down."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from geo.frame import ObjectArray
from service.errors import Unprocessable
from service.uploads import ogr
from service.uploads.encoding import decode, decode_together, detect
from service.uploads.problems import Problem
from service.uploads.table import Columns, Encoding, ReadOptions, SourceTable

MAGIC = b"\x00\x00\x27\x0a"
_HEADER = 100
#: Bytes of a record's place in the index.
_ENTRY = 8


def read_shapefile(path: Path, options: ReadOptions) -> SourceTable:
    """The features of ``path`` (.shp), whose companions lie beside it."""
    check_complete(path)
    problems = [*_mend_companions(path), *_counts_differ(path)]
    try:
        reading = ogr.read(path, options.limits, encoding=ogr.RAW)
    except Unprocessable as refusal:
        raise _cut_off(path.with_suffix(".dbf")) or refusal from refusal
    encoding = _encoding(path, reading.columns, options)
    columns, undecoded = _decode_columns(reading.columns, encoding)
    names, shortened = _full_names(path)
    columns = {names.get(name, name): values for name, values in columns.items()}
    problems += [*reading.problems, *undecoded]
    problems += [
        Problem("shortened_at_export", None, name, values={"name": name})
        for name in shortened
    ]
    return SourceTable(
        "shapefile",
        path.stem,
        reading.geometry,
        columns,
        reading.crs,
        encoding,
        tuple(problems),
    )


def check_complete(path: Path) -> None:
    """Refuse a .shp that is not one, or that ends before it should."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if len(header) < _HEADER or not header.startswith(MAGIC):
        raise Unprocessable(
            "The .shp file is not a shapefile. Export it again from your software.",
            ".shp 文件不是 shapefile。在原软件中重新导出。",
        )
    (words,) = struct.unpack(">i", header[24:28])
    size = path.stat().st_size
    if words * 2 > size:
        raise Unprocessable(
            f"The shapefile is cut off: {words * 2:,} bytes are announced, "
            f"{size:,} are there. Upload it again.",
            f"shapefile 被截断：应有 {words * 2:,} 字节，只有 {size:,} 字节。"
            "重新上传。",
        )


def _mend_companions(path: Path) -> Iterator[Problem]:
    index = path.with_suffix(".shx")
    if not index.exists() or _falls_short(index, path):
        rebuild_index(path)
        yield Problem("index_rebuilt")
    table = path.with_suffix(".dbf")
    if not table.exists():
        yield Problem("missing_attributes")
    elif not all(_dbf_sizes(table)[1:]):
        table.unlink()  # our copy; without it the shapes can be read
        yield Problem("broken_attributes")


def _counts_differ(path: Path) -> Iterator[Problem]:
    """Shapes and rows belong together one by one; what has no partner would be lost."""
    table = path.with_suffix(".dbf")
    if not table.exists():
        return
    shapes = (path.with_suffix(".shx").stat().st_size - _HEADER) // _ENTRY
    count, header, length = _dbf_sizes(table)
    there = max(0, table.stat().st_size - header) // length
    rows = min(count, there)
    if rows != shapes:
        values = {"shapes": shapes, "rows": rows}
        yield Problem("attribute_count_differs", values=values)


def _cut_off(table: Path) -> Unprocessable | None:
    """Why the attribute table cannot be read, if it ends before it should."""
    if not table.exists():
        return None
    count, header, length = _dbf_sizes(table)
    size, due = table.stat().st_size, header + count * length
    if size >= due:
        return None
    return Unprocessable(
        f"The attribute table (.dbf) is cut off: {due:,} bytes are announced, {size:,} "
        "are there. Upload it again.",
        f"属性表（.dbf）被截断：应有 {due:,} 字节，只有 {size:,} 字节。重新上传。",
    )


def _dbf_sizes(path: Path) -> tuple[int, int, int]:
    """Rows announced, and the bytes of the heading and of a row."""
    with path.open("rb") as file:
        header = file.read(12)
    sizes = struct.unpack("<IHH", header[4:12]) if len(header) == 12 else (0, 0, 0)
    return sizes[0], sizes[1], sizes[2]


def _falls_short(index: Path, path: Path) -> bool:
    """Whether the index leads to fewer records than the shapes hold."""
    entries = (index.stat().st_size - _HEADER) // _ENTRY
    try:
        return sum(1 for _ in _records(path.read_bytes())) > entries
    except Unprocessable:
        return False  # gaps between records, which an index may well skip


def rebuild_index(path: Path) -> None:
    """Write the .shx by walking the record headers of the .shp.

    GDAL could do it, but only by a process-wide switch that breaks other reads.
    """
    body = path.read_bytes()
    entries = b"".join(
        struct.pack(">ii", at // 2, words) for at, words in _records(body)
    )
    length = struct.pack(">i", (_HEADER + len(entries)) // 2)
    header = body[:24] + length + body[28:_HEADER]
    path.with_suffix(".shx").write_bytes(header + entries)


def _records(body: bytes) -> Iterator[tuple[int, int]]:
    """(offset, content length in 16-bit words) of each record."""
    at = _HEADER
    while at + 8 <= len(body):
        (words,) = struct.unpack(">i", body[at + 4 : at + 8])
        if words < 2 or at + 8 + words * 2 > len(body):
            raise ogr.unreadable()
        yield at, words
        at += 8 + words * 2


def _encoding(path: Path, columns: Columns, options: ReadOptions) -> Encoding:
    cpg = path.with_suffix(".cpg")
    dbf = path.with_suffix(".dbf")
    return detect(
        list(dict.fromkeys(_raw_texts(columns))),
        declared=options.encoding,
        cpg=cpg.read_text("ascii", "ignore").strip() if cpg.exists() else None,
        dbf_language=_dbf_language(dbf) if dbf.exists() else 0,
    )


def _full_names(path: Path) -> tuple[dict[str, str], list[str]]:
    """What our own exports called the fields before ten bytes had to do, and which of
    them hold texts that did not fit."""
    table = path.with_suffix(".fields.txt")
    if not table.exists():
        return {}, []
    lines = table.read_text("utf-8-sig", "replace").splitlines()[1:]
    parts = [part for line in lines if len(part := line.split("\t")) > 1]
    shortened = [part[1] for part in parts if "".join(part[2:]).strip()]
    return {part[0]: part[1] for part in parts}, shortened


def _dbf_language(path: Path) -> int:
    with path.open("rb") as file:
        header = file.read(32)
    return header[29] if len(header) == 32 else 0


def _raw_texts(columns: Columns) -> Iterator[bytes]:
    for name, values in columns.items():
        yield name.encode("latin-1")
        if values.dtype == object:
            yield from _raw([v for v in values.tolist() if isinstance(v, str)])


def _raw(texts: list[str]) -> list[bytes]:
    """The bytes that GDAL gave as text."""
    found = "\0".join(texts).encode("latin-1").split(b"\0")
    if len(found) == len(texts):
        return found
    return [text.encode("latin-1") for text in texts]


def _decode_columns(
    columns: Columns, encoding: Encoding
) -> tuple[Columns, list[Problem]]:
    decoded: Columns = {}
    problems = []
    for raw_name, values in columns.items():
        name, _ = decode(raw_name.encode("latin-1"), encoding.name)
        if values.dtype != object:
            decoded[name] = values
            continue
        decoded[name], bad = _decode_values(values, encoding.name)
        if bad:
            values_of = {"name": name, "count": bad, "encoding": encoding.name}
            problems.append(Problem("undecodable_text", field=name, values=values_of))
    return decoded, problems


def _decode_values(values: ObjectArray, encoding: str) -> tuple[ObjectArray, int]:
    result = np.full(len(values), None, dtype=object)
    given = [row for row, value in enumerate(values.tolist()) if isinstance(value, str)]
    texts = _raw(values[given].tolist())
    together = decode_together(texts, encoding)
    if together is not None:
        result[given] = together
        return result, 0
    bad = 0
    for row, text in zip(given, texts, strict=True):
        result[row], whole = decode(text, encoding)
        bad += not whole
    return result, bad
