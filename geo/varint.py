"""Protocol Buffers' variable-length integers, for whole arrays.

Encoding: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.ragged import ByteArray, Ragged


def zigzag(values: NDArray[np.integer[Any]]) -> NDArray[Any]:
    """0, -1, 1, -2 … as 0, 1, 2, 3 …, so that small negatives stay short."""
    return (values << 1) ^ (values >> (8 * values.itemsize - 1))


def encode(values: NDArray[np.integer[Any]]) -> Ragged:
    """Values in 0 … 2**31 - 1 as bytes, and how many bytes each takes."""
    size = np.ones(len(values), dtype=np.int64)
    longer = [np.flatnonzero(values > 0x7F)]
    while len(longer[-1]):
        size[longer[-1]] += 1
        left = values[longer[-1]] >> (7 * len(longer))
        longer.append(longer[-1][left > 0x7F])
    start = np.cumsum(size) - size
    out: ByteArray = np.empty(int(size.sum()), dtype=np.uint8)
    out[start] = values & 0x7F
    for byte, index in enumerate(longer, start=1):
        out[start[index] + byte - 1] |= 0x80
        out[start[index] + byte] = values[index] >> (7 * byte) & 0x7F
    return out, size


def encode_one(value: int) -> bytes:
    """One non-negative integer of any size."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)
