"""A multipart body, streamed to disk as it comes, refused as soon as it is too big."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from service.errors import BadRequest, TooLarge, UnsupportedMedia
from service.uploads import space
from service.uploads.archive import ascii_path
from service.uploads.encoding import codec_name

_FIELD_BYTES = 64 * 1024
_MAX_PARTS = 64
_EXTENDED = re.compile(
    rb"filename\*\s*=\s*\"?([\w.+-]+)'[^';]*'([^\s;\"]+)", re.IGNORECASE
)
#: By the standard.
_LONGEST_BOUNDARY = 70


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """One file: as it is stored, as it was called, and what it weighs."""

    stored: str
    name: str
    size_bytes: int
    sha256: str


def called(files: Sequence[ReceivedFile]) -> str:
    """A shapefile goes by its .shp, in whatever order its files have come."""
    shapes = (each.name for each in files if each.name.lower().endswith(".shp"))
    return next(shapes, files[0].name)


@dataclass(slots=True)
class _Part:
    headers: dict[bytes, bytes] = field(default_factory=dict)
    name: str = ""
    filename: str | None = None
    value: bytearray = field(default_factory=bytearray)
    sink: BinaryIO | None = None
    digest: Any = field(default_factory=hashlib.sha256)
    size: int = 0
    is_complete: bool = False


def form(fields: Iterable[str], *, required: tuple[str, ...] = ()) -> dict[str, Any]:
    """What OpenAPI says of a route that takes a ``file`` and these text ``fields``."""
    properties = {name: {"type": "string"} for name in fields}
    schema = {
        "type": "object",
        "required": ["file", *required],
        "properties": {"file": {"type": "string", "format": "binary"}, **properties},
    }
    content = {"multipart/form-data": {"schema": schema}}
    return {"requestBody": {"required": True, "content": content}}


async def receive(
    request: Request, folder: Path, limit: int
) -> tuple[list[ReceivedFile], dict[str, str]]:
    """The files, kept in ``folder``, and the form's other fields."""
    announced = request.headers.get("content-length", "")
    if announced.isdigit() and int(announced) > limit:
        raise _too_large(limit)
    reception = _Reception(folder)
    with space.watched():
        await _stream(request, reception, limit)
    if not reception.files:
        raise BadRequest(
            "The form has no file. Send it as the field 'file'.",
            "表单里没有文件。用字段“file”上传。",
            parameter="file",
        )
    return reception.files, reception.fields


async def _stream(request: Request, reception: _Reception, limit: int) -> None:
    boundary = _boundary(request)
    if not 0 < len(boundary) <= _LONGEST_BOUNDARY:
        raise _malformed()
    parser = MultipartParser(boundary, reception.callbacks())
    received = 0
    try:
        async for chunk in request.stream():
            received += len(chunk)
            if received > limit:
                raise _too_large(limit)
            await run_in_threadpool(parser.write, chunk)
        parser.finalize()
        if reception.is_unfinished:
            raise _malformed()
    except (MultipartParseError, ClientDisconnect) as error:
        raise _malformed() from error
    finally:
        reception.close()


class _Reception:
    """The parser's listener: files go to disk, fields into a dict."""

    def __init__(self, folder: Path) -> None:
        self.files: list[ReceivedFile] = []
        self.fields: dict[str, str] = {}
        self._folder = folder
        self._numbers: dict[str, str] = {}
        self._part = _Part()
        self._parts = 0
        self._header = b"", b""

    def callbacks(self) -> Any:
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_finished,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    @property
    def is_unfinished(self) -> bool:
        """Whether the body ended in the middle of a part."""
        return not self._part.is_complete

    def close(self) -> None:
        if self._part.sink is not None:
            self._part.sink.close()

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > _MAX_PARTS:
            raise _too_many()
        self._part = _Part()
        self._header = b"", b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header = self._header[0] + data[start:end], self._header[1]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header = self._header[0], self._header[1] + data[start:end]

    def _header_end(self) -> None:
        name, value = self._header
        self._part.headers[name.lower()] = value
        self._header = b"", b""

    def _headers_finished(self) -> None:
        disposition = self._part.headers.get(b"content-disposition", b"")
        _, options = parse_options_header(disposition)
        self._part.name = _text(options.get(b"name", b""))
        name = _extended(disposition) or options.get(b"filename")
        if name is not None:
            self._part.filename = _base_name(
                name if isinstance(name, str) else _text(name)
            )
            self._part.sink = self._target().open("xb")

    def _data(self, data: bytes, start: int, end: int) -> None:
        part = self._part
        part.size += end - start
        if part.sink is not None:
            part.sink.write(data[start:end])
            part.digest.update(data[start:end])
            return
        if part.size > _FIELD_BYTES:
            raise _malformed()
        part.value += data[start:end]

    def _end(self) -> None:
        part = self._part
        part.is_complete = True
        if part.sink is None:
            if part.name in self.fields:
                raise BadRequest(
                    f"The field '{part.name[:40]}' is given twice.",
                    f"字段“{part.name[:40]}”给了两次。",
                    parameter=part.name[:40],
                )
            self.fields[part.name] = part.value.decode("utf-8", "replace")
            return
        part.sink.close()
        stored = Path(part.sink.name).name
        name = part.filename or stored
        received = ReceivedFile(stored, name, part.size, part.digest.hexdigest())
        self.files.append(received)

    def _target(self) -> Path:
        name = PurePosixPath(self._part.filename or "file")
        target = self._folder / ascii_path(name, self._numbers).name
        if target.exists():
            raise BadRequest(
                f"Two files are called {name}.",
                f"有两个同名文件：{name}。",
                parameter="file",
            )
        return target


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data" or b"boundary" not in options:
        raise UnsupportedMedia(
            "Send the file as multipart/form-data, field 'file'.",
            "以 multipart/form-data 上传，文件字段名为“file”。",
        )
    return options[b"boundary"]


def _base_name(name: str) -> str:
    """The last part of whatever path a browser may have sent."""
    plain = "".join(c for c in name if c.isprintable())
    return plain.replace("\\", "/").rpartition("/")[2][:200] or "file"


def _extended(disposition: bytes) -> str | None:
    """A name in the form of RFC 5987, ``filename*=UTF-8''%E5%9C%B0.zip``, which says
    its encoding; some clients send no other."""
    found = _EXTENDED.search(disposition)
    codec = codec_name(found[1].decode("latin-1")) if found else None
    if found is None or codec is None:
        return None
    return unquote_to_bytes(found[2]).decode(codec, "replace")


def _text(raw: bytes) -> str:
    """File names come in UTF-8, from old tools in GBK."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _too_large(limit: int) -> TooLarge:
    megabytes = limit // 1024**2
    return TooLarge(
        f"The upload is larger than {megabytes} MB. Split it.",
        f"上传超过 {megabytes} MB。分成几个文件上传。",
        limit=limit,
    )


def _too_many() -> TooLarge:
    return TooLarge(
        f"More than {_MAX_PARTS} files and fields at once. Pack the files as one zip.",
        f"一次的文件和字段超过 {_MAX_PARTS} 个。压缩成一个 zip 再上传。",
        limit=_MAX_PARTS,
    )


def _malformed() -> BadRequest:
    return BadRequest(
        "The multipart body is malformed or incomplete.",
        "上传的表单格式有误或不完整。",
    )
