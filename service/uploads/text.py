"""Text files: bytes to text, with the encoding told and nothing lost unsaid."""

from __future__ import annotations

import codecs
from pathlib import Path

from service.errors import Unprocessable
from service.uploads.encoding import USUAL, detect
from service.uploads.problems import Problem
from service.uploads.table import Encoding

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SAMPLE = 1 << 16
#: Text in two bytes a sign has noughts in every other place, and hardly elsewhere.
_MANY, _HARDLY = 0.1, 0.01
_LISTED_LINES = 20


def read_text(
    path: Path, declared: str | None
) -> tuple[str, Encoding, tuple[Problem, ...]]:
    """The whole text. A byte order mark decides; without one the lines are tried."""
    raw = path.read_bytes()
    text, encoding, problems = _decoded(raw, declared)
    if "\0" in text:
        raise Unprocessable(
            "The file holds zero bytes, so it is no text. Export it again as text.",
            "文件含空字节，不是文本。重新导出为文本。",
        )
    return text, encoding, problems


def _decoded(
    raw: bytes, declared: str | None
) -> tuple[str, Encoding, tuple[Problem, ...]]:
    marked = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    wide = marked or _two_byte(raw)
    if wide and not declared:
        text = raw.decode(wide, "replace")
        source = "format" if marked else "detected"
        previews = {} if marked else {wide: text.splitlines()[:5]}
        return text, Encoding(wide, source, previews), _bad_lines(text, wide)
    encoding = detect(raw.splitlines(), declared=declared)
    try:
        return raw.decode(encoding.name), encoding, ()
    except UnicodeDecodeError:
        text, problems = _line_by_line(raw, encoding)
        return text, encoding, problems


def _two_byte(raw: bytes) -> str | None:
    even, odd = raw[:_SAMPLE:2], raw[1:_SAMPLE:2]
    if not odd:
        return None
    zeros = even.count(0) / len(even), odd.count(0) / len(odd)
    if zeros[1] > _MANY and zeros[0] < _HARDLY and _fits(raw, "utf-16-le"):
        return "utf-16-le"
    big = zeros[0] > _MANY and zeros[1] < _HARDLY and _fits(raw, "utf-16-be")
    return "utf-16-be" if big else None


def _line_by_line(raw: bytes, encoding: Encoding) -> tuple[str, tuple[Problem, ...]]:
    """Lines that are not in the file's encoding may be in the other usual one, unless
    somebody named the encoding."""
    others = [name for name in USUAL if name != encoding.name]
    others = [] if encoding.source == "declared" else others[:1]
    lines, foreign = [], []
    for number, line in enumerate(raw.splitlines(keepends=True), start=1):
        name = next((n for n in (encoding.name, *others) if _fits(line, n)), None)
        lines.append(line.decode(name or encoding.name, "replace"))
        if name in others:
            foreign.append(number)
    text = "".join(lines)
    values = {"encoding": encoding.name.upper(), "other": "".join(others).upper()}
    told = {**values, "lines": _listed(foreign)}
    mixed = [Problem("mixed_encodings", values=told)] if foreign else []
    return text, (*mixed, *_bad_lines(text, encoding.name))


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _bad_lines(text: str, encoding: str) -> tuple[Problem, ...]:
    if "\ufffd" not in text:
        return ()
    bad = [n for n, line in enumerate(text.splitlines(), start=1) if "\ufffd" in line]
    values = {"lines": _listed(bad), "encoding": encoding.upper()}
    return (Problem("undecodable_lines", values=values),)


def _listed(lines: list[int]) -> str:
    some = ", ".join(map(str, lines[:_LISTED_LINES]))
    return f"{some} …" if len(lines) > _LISTED_LINES else some
