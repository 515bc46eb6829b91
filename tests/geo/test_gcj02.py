"""The web maps' offsets, against figures computed independently."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gcj02 import from_bd09, from_gcj02, to_gcj02

LIWAN = np.array([[113.2442, 23.1259]])


def test_the_offset_at_liwan_is_the_known_one() -> None:
    (shift,) = to_gcj02(LIWAN) - LIWAN
    assert shift == pytest.approx((0.005324, -0.002681), abs=1e-6)


@given(st.floats(75, 134), st.floats(18, 53))
def test_the_inverse_undoes_the_offset(lon: float, lat: float) -> None:
    point = np.array([[lon, lat]])
    assert from_gcj02(to_gcj02(point)) == pytest.approx(point, abs=1e-10)


def test_baidu_positions_come_from_twice_as_far() -> None:
    (moved,) = from_bd09(LIWAN) - LIWAN
    assert np.hypot(moved[0] * 102_500, moved[1] * 110_700) == pytest.approx(
        1264, rel=0.02
    )
