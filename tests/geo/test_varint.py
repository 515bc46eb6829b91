"""Protocol Buffers' integers."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from geo.varint import encode, encode_one, zigzag


@given(st.lists(st.integers(0, 2**31 - 1)))
def test_arrays_are_encoded_like_one_number_after_the_other(numbers: list[int]) -> None:
    flat, size = encode(np.array(numbers, dtype=np.int64))
    assert flat.tobytes() == b"".join(encode_one(n) for n in numbers)
    assert size.tolist() == [len(encode_one(n)) for n in numbers]


def test_the_specification_s_example_is_two_bytes() -> None:
    assert encode_one(150) == b"\x96\x01"


def test_zigzag_alternates_between_signs() -> None:
    assert zigzag(np.array([0, -1, 1, -2, 2], dtype=np.int32)).tolist() == [
        0,
        1,
        2,
        3,
        4,
    ]
