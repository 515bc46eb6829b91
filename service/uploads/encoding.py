"""Which encoding is this text in? Declared, detected, and never silently wrong."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

from service.errors import BadRequest
from service.uploads.table import Encoding

#: DBF language byte (offset 29) → codec, where the byte means one thing only.
_DBF_LANGUAGE = {
    0x03: "cp1252",
    0x4D: "gb18030",
    0x4F: "big5",
    0x78: "big5",
    0x7A: "gb18030",
}
_ALIASES = {
    "big-5": "big5",
    "ansi 936": "gb18030",
    "oem 936": "gb18030",
    "936": "gb18030",
}
_SUPERSETS = {"gbk": "gb18030", "gb2312": "gb18030", "hz": "gb18030"}
_NUL_SEPARATES = frozenset({"utf-8", "gb18030", "big5", "cp1252"})
_SAMPLES = 5
#: A few damaged values do not make Chinese Western.
_MOSTLY = 0.8
USUAL = ("utf-8", "gb18030")
#: What decoders call a character that is cut off, in UTF-8 and in the East Asian ones.
_CUT_OFF = ("unexpected end of data", "incomplete multibyte sequence")


def codec_name(label: str) -> str | None:
    """The Python codec for a label such as ``GBK``, ``ANSI 936``, ``UTF-8``."""
    text = label.strip().lower()
    if text.isdigit() and f"cp{text}" != "cp936":
        text = f"cp{text}" if not text.startswith("8859") else f"iso8859-{text[4:]}"
    try:
        name = codecs.lookup(_ALIASES.get(text, text)).name
    except (LookupError, ValueError):  # ValueError: a null character
        return None
    return _SUPERSETS.get(name, name)


def require_codec(label: str) -> str:
    """The codec of an ``encoding`` that a person asked for."""
    if (name := codec_name(label)) is None:
        raise BadRequest(
            f"Encoding {label!r} is not known. Use UTF-8, GB18030, Big5 …",
            f"不认识编码“{label}”。可用 UTF-8、GB18030、Big5 等。",
            parameter="encoding",
        )
    return name


def detect(
    texts: Sequence[bytes],
    *,
    declared: str | None = None,
    cpg: str | None = None,
    dbf_language: int = 0,
) -> Encoding:
    """The encoding of raw texts: what the person says, then what the file says if it
    holds true, then strict UTF-8, then GB18030."""
    if declared:
        return Encoding(require_codec(declared), "declared")
    telling = [text for text in texts if not text.isascii()]
    if not telling:
        return Encoding("utf-8", "ascii")
    claims = [("cpg", codec_name(cpg or "")), ("dbf", _DBF_LANGUAGE.get(dbf_language))]
    for source, name in claims:
        if name and _decodes(telling, name):
            return Encoding(name, source)
    best = _likeliest(telling)
    return Encoding(best, "detected", _previews(telling, best))


def _likeliest(texts: Sequence[bytes]) -> str:
    """What reads everything; failing that, what reads most, if it is most of it or
    the other one reads the rest."""
    fits = {name: [_decodes([text], name) for text in texts] for name in USUAL}
    best = max(USUAL, key=lambda name: sum(fits[name]))
    every = all(any(pair) for pair in zip(*fits.values(), strict=True))
    mostly = sum(fits[best]) >= _MOSTLY * len(texts)
    return best if every or mostly else "cp1252"


def decode(text: bytes, encoding: str) -> tuple[str, bool]:
    """The text, and whether every byte of it could be decoded. A character cut off
    at the end (fields have a fixed width) is dropped without a fuss."""
    try:
        return text.decode(encoding), True
    except UnicodeDecodeError as error:
        if error.start >= len(text) - 3 and error.reason in _CUT_OFF:
            return text[: error.start].decode(encoding, "replace"), True
        return text.decode(encoding, "replace"), False


def decode_together(texts: Sequence[bytes], encoding: str) -> list[str] | None:
    """All texts at once, which is many times quicker; None where one of them needs a
    closer look. NUL is no part of any character of these encodings."""
    if encoding not in _NUL_SEPARATES:
        return None
    try:
        found = b"\0".join(texts).decode(encoding).split("\0")
    except UnicodeDecodeError:
        return None
    return found if len(found) == len(texts) else None


def _decodes(texts: Sequence[bytes], encoding: str) -> bool:
    if decode_together(texts, encoding) is not None:
        return True
    return all(decode(text, encoding)[1] for text in texts)


def _previews(texts: Sequence[bytes], best: str) -> dict[str, list[str]]:
    """The same few texts in the encoding taken and in the next most likely one."""
    other = "gb18030" if best != "gb18030" else "utf-8"
    samples = list(dict.fromkeys(texts))[:_SAMPLES]
    return {
        name: [text.decode(name, "replace") for text in samples]
        for name in (best, other)
    }
