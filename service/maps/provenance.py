"""What made a file: a record inside it, and the check that it still holds.

PNG keeps the record in a text chunk, PDF in its metadata, SVG and HTML in an element,
Word in a part of its own.
It is one token of base64url text, so that no format can mangle it.
"""

from __future__ import annotations

import base64
import binascii
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from typing import Any

import orjson

from service.errors import Unprocessable

_TOKEN = re.compile(rb"atlas-map:([A-Za-z0-9_-]{16,200000}=*)")
_PNG_HEADER = b"\x89PNG\r\n\x1a\n"
_IHDR_END = 33  # signature 8 + length 4 + type 4 + data 13 + checksum 4
MAX_RECORD = 200_000
_MOST_PARTS = 2_000


@dataclass(frozen=True)
class Record:
    """The query and the versions that a map was made from, and by which release."""

    release: str
    layers: tuple[str, ...]
    query: Mapping[str, str]
    versions: Mapping[str, int]
    kind: str = "map"  # or "series"
    product: str = field(default="liwan-atlas")

    @cached_property
    def digest(self) -> str:
        """64 hex digits: equal for equal maps, whoever asks."""
        return sha256(_json(self)).hexdigest()

    @property
    def etag(self) -> str:
        """The strong ETag of the map."""
        return f'"{self.digest[:32]}"'

    @property
    def mark(self) -> str:
        """The short form printed at the foot of the sheet."""
        d = self.digest
        return f"{d[:4]} {d[4:8]} {d[8:12]}"

    @property
    def token(self) -> str:
        """The record as it stands in a file."""
        return "atlas-map:" + base64.urlsafe_b64encode(_json(self)).decode()


def _json(record: Record) -> bytes:
    told = {one.name: getattr(record, one.name) for one in fields(record)}
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS)


def read_record(content: bytes) -> Record:
    """The record inside a map file of any format."""
    if content.startswith(_PNG_HEADER):
        content = _png_texts(content)
    found = _TOKEN.search(content) or _TOKEN.search(_word_record(content))
    try:
        raw = orjson.loads(base64.urlsafe_b64decode(found[1])) if found else None
    except (binascii.Error, orjson.JSONDecodeError):
        raw = None
    try:
        return _record(raw)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise Unprocessable(
            "The file carries no record of this atlas: it is not a map made here, or a"
            " program has stripped its metadata.",
            "文件中没有本系统的制图记录：不是由本系统导出，或元数据已被其他程序去除。",
        ) from None


def _png_texts(png: bytes) -> bytes:
    """The text chunks, apart: the checksum after a chunk may look like more text."""
    texts, at = b"", len(_PNG_HEADER)
    while at + 8 <= len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        if kind == b"tEXt":
            texts += png[at + 8 : at + 8 + length] + b"\n"
        at += 12 + length
    return texts


def _word_record(content: bytes) -> bytes:
    """The record's part of a Word file that somebody has saved again, packed."""
    if not content.startswith(b"PK"):
        return b""
    found = b""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            for member in package.infolist()[:_MOST_PARTS]:
                if member.filename.startswith("customXml/item"):
                    with package.open(member) as part:
                        found += part.read(2 * MAX_RECORD)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError):
        return b""
    return found


def _record(raw: Any) -> Record:
    if raw["product"] != "liwan-atlas":
        raise ValueError(raw["product"])
    return Record(
        str(raw["release"]),
        tuple(map(str, raw["layers"])),
        {str(k): str(v) for k, v in raw["query"].items()},
        {str(k): int(v) for k, v in raw["versions"].items()},
        str(raw["kind"]),
    )


def stamp_png(png: bytes, token: str) -> bytes:
    """The PNG with the record in a text chunk."""
    body = b"tEXt" + b"atlas\x00" + token.encode()
    chunk = (
        struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    )
    return png[:_IHDR_END] + chunk + png[_IHDR_END:]


def digest_headers(content: bytes) -> dict[str, str]:
    """RFC 9530 digests of an answer's bytes."""
    value = base64.b64encode(sha256(content).digest()).decode()
    return {
        "content-digest": f"sha-256=:{value}:",
        "repr-digest": f"sha-256=:{value}:",
    }
