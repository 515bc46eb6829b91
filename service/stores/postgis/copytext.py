"""Rows as COPY reads them (text format), made column by column.

A value is written as it is; what is missing is ``\\N``; a backslash, a tab or the end
of a line inside a value stands behind a backslash.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson

from service.stores.pieces import Column, interleaved

MISSING = rb"\N"
#: As orjson writes what is no number.
NULL = b"null"
SPECIAL = {b"\\": rb"\\", b"\t": rb"\t", b"\n": rb"\n", b"\r": rb"\r"}


def copy_rows(columns: Sequence[list[Any]], count: int) -> bytes:
    """``count`` rows of the columns' values: numbers, truth, texts, UTF-8. What is no
    number is missing."""
    between = [b"\t"] * (len(columns) - 1) + [b"\n"]
    pairs = zip(columns, between, strict=True)
    return interleaved((_column(values, end) for values, end in pairs), count).whole


def _column(values: list[Any], end: bytes) -> Column:
    kinds = set(map(type, values))
    if kinds <= {float}:
        written = orjson.dumps(np.array(values), option=orjson.OPT_SERIALIZE_NUMPY)
        texts = written[1:-1].split(b",")
        if NULL in texts:
            texts = [MISSING if text == NULL else text for text in texts]
        return b"", texts, end
    values = [None if value != value else value for value in values]
    texts = _escaped([_text(value) for value in values])
    if None in values:
        pairs = zip(values, texts, strict=True)
        texts = [MISSING if value is None else text for value, text in pairs]
    return b"", texts, end


def _text(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    return b"" if value is None else str(value).encode()


def _escaped(texts: list[bytes]) -> list[bytes]:
    """Most texts need nothing, which one look at all of them tells."""
    together = b"".join(texts)
    for special, written in SPECIAL.items():
        if special in together:
            texts = [text.replace(special, written) for text in texts]
    return texts
