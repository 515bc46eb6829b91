"""The properties of a layer's features, encoded once for all its vector tiles."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo import varint
from geo.ragged import ByteArray, IntArray, Ragged, offsets_of, sums, take

KEY, VALUE = b"\x1a", b"\x22"  # fields 3 and 4 of a vector tile's layer


def field(tag: bytes, body: bytes) -> bytes:
    """A Protocol Buffers field that carries its length."""
    size = len(body)
    return tag + (bytes((size,)) if size < 0x80 else varint.encode_one(size)) + body


@dataclass(frozen=True, slots=True)
class Tags:
    """``keys``: ready-made key fields. ``values``, ``offsets``: ready-made value
    fields, each distinct value once. ``index``: (n, k) int32, which value feature
    ``n`` has for key ``k``; -1 for none."""

    keys: bytes
    values: ByteArray
    offsets: IntArray
    index: NDArray[np.int32]

    @classmethod
    def of(cls, columns: Mapping[str, NDArray[Any]]) -> Tags:
        """Encode columns of text, numbers (NaN: none), booleans or JSON values."""
        known: dict[bytes, int] = {}
        index = [_codes(values, known) for values in columns.values()]
        lengths = np.fromiter(map(len, known), dtype=np.int64, count=len(known))
        return cls(
            keys=b"".join(field(KEY, name.encode()) for name in columns),
            values=np.frombuffer(b"".join(known), dtype=np.uint8),
            offsets=offsets_of(lengths),
            index=np.column_stack(index).astype(np.int32),
        )

    def take(self, rows: IntArray) -> tuple[Ragged, bytes]:
        """The tags of some features, one run each, and the value fields that they
        refer to by position."""
        index = self.index[rows]
        present = index >= 0
        wanted = index[present]
        # A value's first use decides its place, so that the same features make the
        # same bytes whatever else the layer holds.
        position = np.empty(len(self.offsets) - 1, dtype=np.int64)
        nth = np.arange(len(wanted))
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


def _codes(values: NDArray[Any], known: dict[bytes, int]) -> IntArray:
    """The number of every value in ``known``, which grows; -1 for no value."""
    if values.dtype.kind == "f":
        distinct, inverse = np.unique(values, return_inverse=True)
        return np.array([_code(v, known) for v in distinct.tolist()])[inverse]
    keys = list(values) if _is_text(values) else [_key(value) for value in values]
    first = dict(zip(keys, values, strict=True))
    code = {key: _code(value, known) for key, value in first.items()}
    return np.fromiter(map(code.__getitem__, keys), dtype=np.int64, count=len(keys))


def _is_text(values: NDArray[Any]) -> bool:
    return set(map(type, values)) <= {str, type(None)}


def _key(value: Any) -> Any:
    """Equal for equal values only: True is not 1, and a list can be looked up."""
    return type(value), repr(value)


def _code(value: Any, known: dict[bytes, int]) -> int:
    if value is None or value != value:
        return -1
    return known.setdefault(field(VALUE, _encode(value)), len(known))


def _encode(value: Any) -> bytes:
    """One value, by the shortest of the format's types that holds it exactly."""
    if isinstance(value, bool | np.bool_):
        return b"\x38" + varint.encode_one(bool(value))
    if isinstance(value, int | float | np.number):
        return _encode_number(float(value))
    if not isinstance(value, str):
        value = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return field(b"\x0a", value.encode())


def _encode_number(value: float) -> bytes:
    if value.is_integer() and abs(value) < 2**53:
        whole = int(value)
        return b"\x30" + varint.encode_one(2 * whole if whole >= 0 else -2 * whole - 1)
    return b"\x19" + struct.pack("<d", value)
