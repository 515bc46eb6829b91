"""Coordinates in every writing."""

from __future__ import annotations

import pytest

from service.uploads.angles import number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2558680.910", 2558680.91),
        (" -3.5e2 ", -350.0),
        ("２５５８６８０．９１", 2558680.91),
        ("113°14′24″", 113.24),
        ("113°14'24\"", 113.24),
        ("113度14分24秒", 113.24),
        ("东经113°14′24″", 113.24),
        ("113°14.4′E", 113.24),
        ("23°7'30\"S", -23.125),
        ("113°", 113.0),
    ],
)
def test_a_coordinate_is_read(text: str, value: float) -> None:
    assert number(text) == pytest.approx(value, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["", "nan", "inf", "1e999", "12O", "1,5", "113°70′", "1 2", "--1", "十二"]
)
def test_what_is_no_coordinate_is_none(text: str) -> None:
    assert number(text) is None
