"""Rows for COPY hold exactly the values that were given."""

from __future__ import annotations

from typing import Any

import pytest

from service.stores.postgis.copytext import copy_rows


def test_columns_become_rows() -> None:
    rows = copy_rows([[1, 2], ["a", "荔"], [0.5, 1e-9], [True, False]], 2)
    assert rows.decode() == "1\ta\t0.5\tTrue\n2\t荔\t1e-9\tFalse\n"


@pytest.mark.parametrize("missing", [None, float("nan")])
def test_what_is_missing_is_said_so(missing: Any) -> None:
    columns = [[missing, 1.5], [missing, 3], [missing, missing]]
    assert copy_rows(columns, 2) == b"\\N\t\\N\t\\N\n1.5\t3\t\\N\n"


def test_empty_text_is_not_missing() -> None:
    assert copy_rows([["", None]], 2) == b"\n\\N\n"


def test_what_would_part_rows_is_escaped() -> None:
    odd = "a\tb\nc\rd\\N"
    assert copy_rows([[odd, "x"], [b'{"a":"\\""}', b"{}"]], 2) == (
        b'a\\tb\\nc\\rd\\\\N\t{"a":"\\\\""}\nx\t{}\n'
    )
