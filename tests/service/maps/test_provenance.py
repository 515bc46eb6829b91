"""A file tells what made it."""

from __future__ import annotations

import struct
import zlib

import numpy as np
import pytest

from service.errors import Unprocessable
from service.maps.png import png
from service.maps.provenance import Record, digest_headers, read_record, stamp_png

RECORD = Record("0.1.0", ("district",), {"title": "荔湾 <b>"}, {"district": 3})


def test_a_record_survives_its_token() -> None:
    assert read_record(b"noise " + RECORD.token.encode() + b" noise") == RECORD


def test_a_file_without_a_record_is_refused() -> None:
    with pytest.raises(Unprocessable):
        read_record(b"\x89PNG\r\n\x1a\n no record here")


@pytest.mark.parametrize("text", ["atlas-map:AAAAAAAAAAAAAAAAAAAA", "atlas-map:e30"])
def test_a_spoiled_record_is_refused(text: str) -> None:
    with pytest.raises(Unprocessable):
        read_record(text.encode())


def test_other_versions_make_another_etag() -> None:
    later = Record("0.1.0", ("district",), {"title": "荔湾 <b>"}, {"district": 4})
    assert later.etag != RECORD.etag


def test_a_stamped_png_is_still_a_png_and_carries_the_record() -> None:
    header = b"IHDR" + struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    crc = struct.pack(">I", zlib.crc32(header))
    png = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + header + crc
    assert read_record(stamp_png(png, RECORD.token)) == RECORD


def test_digests_are_structured_fields() -> None:
    assert digest_headers(b"")["repr-digest"].startswith("sha-256=:47DEQpj8")


def test_a_checksum_that_looks_like_text_is_not_taken_for_the_record() -> None:
    blank = png(np.zeros((1, 1, 4), dtype=np.uint8), 96.0)
    for n in range(200):  # of which some end without padding, before a letter
        record = Record("0.1.0", ("district",), {"title": "x" * n}, {"district": n})
        assert read_record(stamp_png(blank, record.token)) == record
