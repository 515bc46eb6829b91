"""Text files: bytes to text, with the encoding told."""

from __future__ import annotations

import codecs
from pathlib import Path

from service.uploads.encoding import decode, detect
from service.uploads.table import Encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def read_text(path: Path, declared: str | None) -> tuple[str, Encoding]:
    """The whole text. A byte order mark decides; without one the lines are tried."""
    raw = path.read_bytes()
    for mark, name in _MARKS:
        if raw.startswith(mark) and not declared:
            return raw.decode(name, "replace"), Encoding(name, "format")
    encoding = detect(raw.splitlines(), declared=declared)
    return decode(raw, encoding.name)[0], encoding
