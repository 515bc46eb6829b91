"""Which encoding an answer leaves in."""

from __future__ import annotations

import pytest

from service.compression import accepted_encoding, accepts


@pytest.mark.parametrize(
    ("field", "best", "gzip"),
    [
        ("gzip, deflate, br, zstd", "zstd", True),
        ("zstd", "zstd", False),
        ("gzip", "gzip", True),
        ("GZIP", "gzip", True),
        ("*", "gzip", True),
        ("", None, False),
        ("br", None, False),
        ("identity", None, False),
        ("gzip;q=0", None, False),
        ("gzip; q=0.000, *", None, False),
        ("zstd ; q=0, gzip;q=0.1", "gzip", True),
        ("zstd;q=1, *;q=0", "zstd", False),
    ],
)
def test_only_what_is_accepted_is_sent(
    field: str, best: str | None, gzip: bool
) -> None:
    assert accepted_encoding(field) == best
    assert accepts(field, "gzip") is gzip
