"""The properties of a layer's features, encoded once for all its vector tiles."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import varint
from geo.ragged import ByteArray, IntArray, Ragged, interleave, offsets_of, sums, take

KEY, VALUE = b"\x1a", b"\x22"  # fields 3 and 4 of a vector tile's layer
TEXT, DOUBLE, WHOLE, TRUTH = b"\x0a", b"\x19", b"\x30", b"\x38"  # fields of a value


def field(tag: bytes, body: bytes) -> bytes:
    """A Protocol Buffers field that carries its length."""
    return tag + varint.encode_one(len(body)) + body


@dataclass(frozen=True, slots=True)
class Tags:
    """``keys``: ready-made key fields. ``values``, ``offsets``: ready-made value
    fields. ``index``: (n, k) int32, which value feature ``n`` has for key ``k``; -1
    for none."""

    keys: bytes
    values: ByteArray
    offsets: IntArray
    index: NDArray[np.int32]

    @classmethod
    def of(cls, columns: Mapping[str, NDArray[Any]]) -> Tags:
        """Encode columns of text, numbers (NaN: none), booleans or JSON values."""
        index = np.empty((len(next(iter(columns.values()))), len(columns)), np.int32)
        flat: list[ByteArray] = []
        lengths: list[IntArray] = []
        count = 0
        for nth, values in enumerate(columns.values()):
            codes, (encoded, sizes) = _column(values)
            index[:, nth] = np.where(codes < 0, -1, codes + count)
            count += len(sizes)
            flat.append(encoded)
            lengths.append(sizes)
        keys = b"".join(field(KEY, name.encode()) for name in columns)
        sizes = np.concatenate(lengths)
        return cls(keys, np.concatenate(flat), offsets_of(sizes), index)

    def take(self, rows: IntArray) -> tuple[Ragged, bytes]:
        """The tags of some features, one run each, and the value fields that they
        refer to by position."""
        index = self.index[rows]
        present = index >= 0
        wanted = index[present]
        # A value's first use decides its place, so that the same features make the
        # same bytes whatever else the layer holds.
        position = np.empty(len(self.offsets) - 1, dtype=np.int32)
        nth = np.arange(len(wanted), dtype=np.int32)
        position[wanted[::-1]] = nth[::-1]
        first = position[wanted] == nth
        chosen = wanted[first]
        position[chosen] = np.arange(len(chosen))
        pairs = np.empty((len(wanted), 2), dtype=np.int32)
        pairs[:, 0] = np.nonzero(present)[1]
        pairs[:, 1] = position[wanted]
        flat, size = varint.encode(pairs.ravel())
        lengths = sums(size, 2 * present.sum(axis=1))
        return (flat, lengths), take(self.values, self.offsets, chosen)[0].tobytes()


def _column(values: NDArray[Any]) -> tuple[IntArray, Ragged]:
    """Which of its distinct values each feature has, -1 for none; and those values."""
    if values.dtype.kind == "f":
        distinct, codes = np.unique(values, return_inverse=True)
        real = ~np.isnan(distinct)  # sorted last
        return np.where(real[codes], codes, -1), _ragged(list(distinct[real]))
    keys = list(values) if _is_text(values) else [_key(value) for value in values]
    first = dict(zip(keys, values, strict=True))
    known = [key for key, value in first.items() if not _is_missing(value)]
    code = dict.fromkeys(first, -1) | {key: n for n, key in enumerate(known)}
    codes = np.fromiter(map(code.__getitem__, keys), dtype=np.int64, count=len(keys))
    if _is_text(values):
        return codes, _texts(known)
    return codes, _ragged([first[key] for key in known])


def _is_text(values: NDArray[Any]) -> bool:
    return set(map(type, values)) <= {str, type(None)}


def _is_missing(value: Any) -> bool:
    return value is None or (isinstance(value, float) and value != value)


def _key(value: Any) -> Any:
    """Equal for equal values only: True is not 1, and a list can be looked up."""
    return type(value), repr(value)


def _texts(texts: Sequence[str]) -> Ragged:
    """Value fields of many texts at once."""
    bodies = [text.encode() for text in texts]
    size = np.fromiter(map(len, bodies), dtype=np.int64, count=len(bodies))
    flat = np.frombuffer(b"".join(bodies), dtype=np.uint8)
    inner = varint.encode(size)
    one = np.ones_like(size)
    total = 1 + inner[1] + size
    outer = varint.encode(total)
    made = interleave(
        [(VALUE[0] * one, one), outer, (TEXT[0] * one, one), inner, (flat, size)]
    )
    return made, 1 + outer[1] + total


def _ragged(values: Sequence[Any]) -> Ragged:
    fields = [field(VALUE, _encode(value)) for value in values]
    lengths = np.fromiter(map(len, fields), dtype=np.int64, count=len(fields))
    return np.frombuffer(b"".join(fields), dtype=np.uint8), lengths


def _encode(value: Any) -> bytes:
    """One value, by the shortest of the format's types that holds it exactly."""
    if isinstance(value, bool | np.bool_):
        return TRUTH + varint.encode_one(bool(value))
    if isinstance(value, int | float | np.number):
        return _encode_number(float(value))
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return field(TEXT, value.encode())


def _encode_number(value: float) -> bytes:
    if value.is_integer() and abs(value) < 2**53:
        whole = int(value)
        return WHOLE + varint.encode_one(2 * whole if whole >= 0 else -2 * whole - 1)
    return DOUBLE + struct.pack("<d", value)
